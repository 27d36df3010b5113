import { Problem } from '../terminal/problem.ts'
import { git, gitBytes, tryGit } from './git.ts'

/** A branch, and what it began from. Each tree is the id of one, or of the commit that holds it. */
export interface Branch {
  /** Undefined on a detached HEAD, as in CI. */
  name: string | undefined
  /** The base as git found it: `main`, or `origin/main` where only that is there. */
  base: string
  baseTree: string
  /** Where the branch left the base. */
  forkTree: string
  headTree: string
  /** Of the project's folder inside the repository: `` or `apps/api/`. */
  prefix: string
}

/** Exit code of a command that could not judge. */
export const cannotJudge = 2

/**
 * Finds where HEAD left `base`. With `staged` the branch ends with what is staged, not with what is committed. Throws a
 * Problem with exit code 2: no git, no repository, no base, a clone that is too shallow, no common commit.
 */
export async function readBranch(root: string, base: string, { staged = false } = {}): Promise<Branch> {
  const prefix = await openRepository(root)
  // Hooks run this at every commit, and most of its time is git's starts: few, and side by side.
  const [commits, name] = await Promise.all([commitsOf(root, [base, `origin/${base}`, 'HEAD']), nameOf(root)])
  const found = [base, `origin/${base}`].find((one) => commits.has(one))
  if (found === undefined) throw noBase(base)
  const head = commits.get('HEAD')
  if (head === undefined) throw noCommit()
  const [forkTree, headTree] = await Promise.all([forkOf(root, found), staged ? stagedTree(root) : head])
  return { name, base: found, baseTree: commits.get(found)!, forkTree, headTree, prefix }
}

/** Files below a folder of a tree, as paths from the tree's top; an empty folder is the whole tree. */
export async function filesAt(root: string, tree: string, folder = ''): Promise<Map<string, string>> {
  const path = folder === '' ? [] : ['--', folder]
  const listed = await git(['ls-tree', '-r', '-z', '--full-tree', tree, ...path], { root })
  const lines = listed.split('\0').filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [meta, file] = line.split('\t') as [string, string]
      return [file, meta.split(' ')[2]!]
    }),
  )
}

/** The texts of blobs, in the order of their ids. */
export async function textsOf(root: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const bytes = await gitBytes(['cat-file', '--batch'], { root, input: `${ids.join('\n')}\n` })
  let at = 0
  return ids.map(() => {
    const end = bytes.indexOf(10, at)
    const size = Number(bytes.subarray(at, end).toString().split(' ')[2])
    at = end + 1 + size + 1
    return bytes.subarray(end + 1, end + 1 + size).toString()
  })
}

/** Returns the project's folder inside the repository. */
async function openRepository(root: string): Promise<string> {
  const asked = await tryGit(['rev-parse', '--show-prefix'], { root }).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    throw new Problem('The branch was not judged: git was not found.', {
      why: 'What a branch changes is known to git alone.',
      next: 'Install git from https://git-scm.com, open a new terminal, and type the same command again.',
      exitCode: cannotJudge,
    })
  })
  if (asked.code === 0) return asked.stdout.toString().replace(/\r?\n$/, '')
  throw new Problem('The branch was not judged: this is not a git repository that opens.', {
    why: `git says: ${asked.stderr.trim().split('\n')[0]}`,
    next: 'git status    (in the folder that you cloned)',
    exitCode: cannotJudge,
  })
}

/** The ids of those names that name a commit. */
async function commitsOf(root: string, all: readonly string[]): Promise<Map<string, string>> {
  const names = all.filter((name) => !/^-|[\r\n]/.test(name))
  const input = names.map((name) => `${name}^{commit}\n`).join('')
  const lines = (await git(['cat-file', '--batch-check=%(objectname)'], { root, input })).split('\n')
  return new Map(names.map((name, i) => [name, lines[i]!] as const).filter(([, line]) => /^[0-9a-f]{40,}$/.test(line)))
}

async function nameOf(root: string): Promise<string | undefined> {
  const { stdout } = await tryGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], { root })
  return stdout.toString().trim() || undefined
}

function stagedTree(root: string): Promise<string> {
  const { GIT_INDEX_FILE } = process.env
  // `git commit FILE` gives its hooks an index of its own.
  return git(['write-tree'], { root, ...(GIT_INDEX_FILE !== undefined && { env: { GIT_INDEX_FILE } }) })
}

function noBase(base: string): Problem {
  const remote = base.replace(/^origin\//, '')
  return new Problem(`The branch was not judged: there is no "${base}" here.`, {
    why: 'A branch is read against the one that it will be merged into; a clone of one branch does not hold it.',
    next: [
      `git fetch origin ${remote}:refs/remotes/origin/${remote}`,
      'npm run review -- --base NAME    (of another branch)',
    ],
    exitCode: cannotJudge,
  })
}

async function forkOf(root: string, base: string): Promise<string> {
  const { code, stdout } = await tryGit(['merge-base', base, 'HEAD'], { root })
  if (code === 0) return stdout.toString().trim()
  const isShallow = (await git(['rev-parse', '--is-shallow-repository'], { root })) === 'true'
  throw new Problem(`The branch was not judged: it shares no commit with ${base}.`, {
    why: isShallow
      ? 'This clone is shallow: the commit at which the branch began was never fetched.'
      : 'It has a beginning of its own, as the steps of a course have, so git cannot tell what it changes.',
    next: isShallow
      ? 'git fetch --unshallow'
      : 'npm run review -- --base NAME    (of the branch that yours began from, as in  --base my-work)',
    exitCode: cannotJudge,
  })
}

function noCommit(): Problem {
  return new Problem('The branch was not judged: it has no commit yet.', {
    why: 'What is committed is what others will get.',
    next: 'git commit',
    exitCode: cannotJudge,
  })
}
