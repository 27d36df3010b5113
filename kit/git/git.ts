import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Problem } from '../terminal/problem.ts'
import { projectRoot } from '../project/project.ts'

export interface GitOptions {
  /** The folder in which git runs; this clone's, if none is given. */
  root?: string
  /** What git reads from its standard input. */
  input?: string
  /** As in `{ GIT_INDEX_FILE: … }`: added to the environment. */
  env?: NodeJS.ProcessEnv
}

export interface GitRan {
  code: number
  /** Bytes, because a file of the repository may hold any. */
  stdout: Buffer
  stderr: string
}

/** Variables that point git at another repository than the folder's own, as git's hooks set them. */
const elsewhere = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
]

/** Runs git and returns what it wrote, without the last line end. Throws a Problem with git's own words if it fails. */
export async function git(argv: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(argv, options)).toString('utf8').replace(/\r?\n$/, '')
}

export async function gitBytes(argv: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const { code, stdout, stderr } = await tryGit(argv, options)
  if (code !== 0) throw gitFailed(argv, code, stderr, options)
  return stdout
}

/** Runs git where a refusal is an answer too. Throws a Problem when there is no git. */
export function tryGit(argv: readonly string[], { root = projectRoot, input, env }: GitOptions = {}): Promise<GitRan> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', argv, {
      cwd: root,
      env: { ...ownEnvironment(), ...env },
      stdio: 'pipe',
      windowsHide: true,
    })
    const stdout: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (chunk) => stdout.push(chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    // A git that ends early leaves its input unread; its exit code says why.
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? '')
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' && existsSync(root) ? noGit(error) : error),
    )
    child.once('close', (code) => resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr }))
  })
}

/** Throws a Problem unless `root` is the top folder of a repository that git opens. */
export async function assertRepository(root = projectRoot): Promise<void> {
  const { code, stdout, stderr } = await tryGit(['rev-parse', '--show-prefix'], { root })
  if (code === 0 && stdout.toString().trim() === '') return
  if (code !== 0 && !/not a git repository/.test(stderr)) throw gitFailed(['rev-parse'], code, stderr, { root })
  throw new Problem('This folder is not a git repository.', {
    why:
      code === 0
        ? 'It lies inside a repository of something else, and nothing is added there.'
        : 'An archive that was downloaded holds the files, but no git repository.',
    // The team's rule of the last step, prisma/.gitignore, hides migrations from a plain "add".
    next: [
      'git init -b main',
      'git add --all',
      'git add --force prisma/migrations',
      'git commit -m "Start"',
      'npm start',
    ],
  })
}

/** What git can say before its first own word: the sentence that a reader can act on. */
function gitFailed(argv: readonly string[], code: number, stderr: string, { root = projectRoot }: GitOptions): Problem {
  const verb = argv.find((word, i) => !word.startsWith('-') && argv[i - 1] !== '-c')
  const unsafe = /detected dubious ownership/.test(stderr)
  return new Problem(unsafe ? 'git does not open this repository.' : `"git ${verb}" failed (${code}).`, {
    why: unsafe ? 'Its folder belongs to another user.' : `git says: ${sentences(stderr)}`,
    next: unsafe ? `git config --global --add safe.directory "${root.replaceAll('\\', '/')}"` : 'git status',
  })
}

function sentences(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/\r$/, ''))
  const telling = lines.filter((line) => /^(fatal|error| ! |remote)/.test(line))
  const said = telling.length > 0 ? telling : lines.filter((line) => line.trim())
  // A URL may hold a token.
  return (said.slice(0, 4).join(' · ') || 'nothing').replace(/(\w:\/\/)[^@/\s]+@/g, '$1…@')
}

function noGit(cause: Error): Problem {
  return new Problem('git was not found.', {
    why: 'Tags and branches are made by git. The steps themselves are in the folder steps/ and work without it.',
    next: 'Install git from https://git-scm.com, open a new terminal, and type: npm start',
    cause,
  })
}

/** With git's messages in English, because some of them are read here. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !elsewhere.includes(name.toUpperCase()))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
