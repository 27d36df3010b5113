import { existsSync, lstatSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Problem } from '../terminal/problem.ts'
import { git, tryGit } from './git.ts'
import { projectRoot, stateDir } from '../project/project.ts'

/** Work that no commit of a branch holds yet. */
export interface UnsavedWork {
  /** Trees to commit one after the other: what is staged, if that is something else, and then what stands in the files. */
  trees: string[]
  /** Paths that HEAD does not have. They would stay where they are when git switches. */
  added: string[]
  /** Paths that differ from HEAD. */
  changed: number
  /** No branch or tag leads to HEAD, so a switch would leave its commits to git's garbage collection. */
  isAdrift: boolean
}

/** Throws a Problem while a merge, a rebase or the like is half done: a switch would lose it. */
export async function assertNothingHalfDone(): Promise<void> {
  const files = Object.keys(halfDone)
  const paths = (await git(['rev-parse', ...files.flatMap((file) => ['--git-path', file])])).split('\n')
  for (const [i, verb] of Object.values(halfDone).entries()) {
    if (!existsSync(resolve(projectRoot, paths[i]!))) continue
    throw new Problem(`A ${verb} is half done: nothing was changed.`, {
      why: 'Going to another step now would lose it.',
      next: [`git ${verb} --continue    (or:  git ${verb} --abort)`, 'Then type the same command again.'],
    })
  }
  if ((await git(['ls-files', '--unmerged'])) === '') return
  throw new Problem('There are conflicts in your files: nothing was changed.', {
    why: 'git marks them as unmerged, and cannot save them like that.',
    next: ['git status    (it names the files)', 'Mend them, then:  git add --all'],
  })
}

/** Throws a Problem where git would write through a link, or into another repository, on its way to a commit. */
export async function assertNothingInTheWay(commit: string): Promise<void> {
  const modules = (await git(['ls-files', '--stage', '-z'])).split('\0').filter((line) => line.startsWith('160000 '))
  if (modules.length > 0) throw inTheWay(modules[0]!.slice(modules[0]!.indexOf('\t') + 1), 'a submodule')
  const folders = new Set((await pathsOf(commit)).flatMap(foldersAbove))
  for (const folder of folders) {
    const found = lstatSync(join(projectRoot, folder), { throwIfNoEntry: false })
    if (found?.isSymbolicLink()) throw inTheWay(folder, 'a link to another place')
    if (existsSync(join(projectRoot, folder, '.git'))) throw inTheWay(folder, 'a repository of its own')
  }
}

function inTheWay(path: string, what: string): Problem {
  return new Problem(`${path} is ${what}: nothing was changed.`, {
    why: 'Going to a step writes files there, and what they would take the place of cannot be saved on a branch of this repository.',
    next: [`Move ${path} out of this folder`, 'Then type the same command again.'],
  })
}

async function pathsOf(commit: string): Promise<string[]> {
  return (await git(['ls-tree', '-r', '--name-only', '-z', commit])).split('\0').filter(Boolean)
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

/**
 * Looks for work that would be lost or in the way on the way to `commit`, without touching HEAD, the index or any file. A
 * file that git ignores here is work too when the commit has one of that name.
 */
export async function findUnsavedWork(commit: string): Promise<UnsavedWork | undefined> {
  const index = join(stateDir, `index-${process.pid}`)
  const aside = { env: { GIT_INDEX_FILE: index } }
  try {
    const head = await git(['rev-parse', 'HEAD^{tree}'])
    await git(['read-tree', 'HEAD'], aside)
    const skipped = await neverSaved()
    await git(['add', '--all', '--', '.', ...skipped], aside)
    // The team's rule of the last step hides trial migrations from git; in the folder of another step they would run.
    if (existsSync(join(projectRoot, 'prisma', 'migrations'))) {
      await git(['add', '--all', '--force', '--', 'prisma/migrations'], aside)
    }
    const overwritten = (await pathsOf(commit)).filter(
      (path) => !isEnvFile(path) && existsSync(join(projectRoot, path)),
    )
    if (overwritten.length > 0) {
      await git(['add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'], {
        ...aside,
        input: overwritten.map((path) => `:(literal)${path}`).join('\0'),
      })
    }
    const files = await git(['write-tree'], aside)
    const staged = await git(['write-tree'])
    const trees = [staged, files].filter((tree, i, all) => tree !== (i === 0 ? head : all[0]) && tree !== head)
    const differing = await git(['diff-tree', '-r', '--no-renames', '--name-status', '-z', head, files])
    const words = differing.split('\0').filter(Boolean)
    const added = words.filter((_, i) => words[i - 1] === 'A' && i % 2 === 1)
    const isAdrift = !(await isOnBranch())
    // Env files say where the databases are: they stay as they are, so alone they are no work to save.
    const counted = words.filter((path, i) => i % 2 === 1 && !isEnvFile(path))
    if (counted.length === 0 && (staged === head || staged === files) && !isAdrift) return undefined
    return { trees, added: added.filter((path) => !isEnvFile(path)), changed: counted.length, isAdrift }
  } finally {
    rmSync(index, { force: true })
  }
}

/** Commits the work on a new branch `saved/…`, whose name is returned. HEAD, the index and all files stay as they are. */
export async function saveWork({ trees }: UnsavedWork, now = new Date()): Promise<string> {
  const from = (await git(['branch', '--show-current'])) || 'detached'
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
  const branch = await freeBranch(`saved/${from.replaceAll('/', '-')}-${stamp}`)
  let commit = await git(['rev-parse', 'HEAD'])
  for (const tree of trees) {
    const message = `Save the work on ${from} before going to another step`
    commit = await git(['commit-tree', tree, '-p', commit, '-m', message], { env: await committer() })
  }
  await git(['branch', '--no-track', branch, commit])
  return branch
}

/**
 * Switches to `branch`, which is made at `commit` if it is not there. What `saved` holds and the commit does not is taken
 * out of the way. Env files stay as they are.
 */
export async function switchTo(branch: string, commit: string, saved: UnsavedWork | undefined): Promise<void> {
  const kept = new Map(envFiles().map((path) => [path, readFileSync(path)]))
  // Between git's write and ours, a Ctrl-C would leave env files of the commit: it waits until they are back.
  let isInterrupted = false
  const note = () => void (isInterrupted = true)
  process.on('SIGINT', note)
  try {
    const { code } = await tryGit(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`])
    // Everything that --force overwrites stands in the saved branch.
    await git([
      'switch',
      '--quiet',
      '--force',
      '--no-guess',
      ...(code === 0 ? [branch] : ['--no-track', '-c', branch, commit]),
    ])
    const tracked = new Set((await git(['ls-files', '-z'])).split('\0'))
    for (const path of saved?.added ?? []) if (!tracked.has(path)) removeFile(path)
  } finally {
    for (const [path, content] of kept) {
      if (!existsSync(path) || !readFileSync(path).equals(content)) writeFileSync(path, content)
    }
    process.off('SIGINT', note)
    if (isInterrupted) process.kill(process.pid, 'SIGINT')
  }
}

/** `wanted`, or with -2, -3 … behind it: a name that is free, or one that stands exactly at `commit` and can be used here. */
export async function freeBranch(wanted: string, commit?: string): Promise<string> {
  const format = '--format=%(refname)%00%(objectname)%00%(worktreepath)'
  const lines = (await git(['for-each-ref', format, 'refs/heads'])).split('\n').filter(Boolean)
  const here = await git(['branch', '--show-current'])
  const there = new Map(
    lines.map((line) => {
      const [ref, tip, worktree] = line.split('\0') as [string, string, string]
      const name = ref.replace('refs/heads/', '')
      return [name, { tip, isElsewhere: worktree !== '' && name !== here }]
    }),
  )
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`
    const found = there.get(name)
    if (!found || (found.tip === commit && !found.isElsewhere)) return name
  }
}

/** In git, a name cannot be a branch and a folder of branches at once. */
export async function assertFolderOfNames(folder: string): Promise<void> {
  const { code } = await tryGit(['rev-parse', '--verify', '--quiet', `refs/heads/${folder}`])
  if (code !== 0) return
  throw new Problem(`You have a branch named "${folder}": nothing was changed.`, {
    why: `A branch ${folder}/… is needed, and git cannot have both names.`,
    next: [`git branch -m ${folder} my-${folder}`, 'Then type the same command again.'],
  })
}

const halfDone = {
  MERGE_HEAD: 'merge',
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
}

/** Repositories inside this one: git would note their name and not their content. They stay where they are. */
async function neverSaved(): Promise<string[]> {
  const output = await git(['ls-files', '--others', '--exclude-standard', '-z'])
  const folders = output.split('\0').filter((path) => path.endsWith('/'))
  return folders.map((path) => `:(exclude,literal)${path.slice(0, -1)}`)
}

async function isOnBranch(): Promise<boolean> {
  if ((await git(['branch', '--show-current'])) !== '') return true
  return (await git(['for-each-ref', '--count=1', '--contains', 'HEAD'])) !== ''
}

function isEnvFile(path: string): boolean {
  return /^\.env(\.|$)/.test(path)
}

function envFiles(): string[] {
  return readdirSync(projectRoot)
    .filter(isEnvFile)
    .map((name) => join(projectRoot, name))
}

/** And the folders that it leaves empty: Prisma takes every folder in prisma/migrations for a migration. */
function removeFile(path: string): void {
  rmSync(join(projectRoot, path), { force: true })
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const absolute = join(projectRoot, folder)
    if (existsSync(absolute) && readdirSync(absolute).length > 0) return
    if (existsSync(absolute)) rmdirSync(absolute)
  }
}

/** Whoever has not told git a name yet can be saved too. */
async function committer(): Promise<NodeJS.ProcessEnv> {
  const { code } = await tryGit(['var', 'GIT_COMMITTER_IDENT'])
  if (code === 0) return {}
  const [name, email] = ['Workshop', 'workshop@localhost']
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email }
}
