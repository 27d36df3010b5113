import { tryGit } from '../../kit/git/git.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { author as course } from '../course/tags-text.ts'
import type { Commits } from './report-data.ts'

/** More than anybody makes in an exercise. */
const most = 300

/** The learner's own commits, oldest first, and what is not committed. The course's own are none of them. */
export async function readCommits(root: string): Promise<Commits> {
  const head = await asked(root, 'rev-parse', '--quiet', '--verify', 'HEAD^{commit}')
  if (head === undefined)
    return { own: [], notes: ['There is no commit at all: nothing was ever written down in git.'] }
  const format = '--format=%h%x00%an%x00%ae%x00%aI%x00%s'
  const line = await asked(root, 'log', '--reverse', `--max-count=${most}`, format, 'HEAD', '--not', '--tags=step-*')
  const all = (line ?? '').split('\n').filter(Boolean)
  const own = all
    .map((one) => one.split('\0') as [string, string, string, string, string])
    .filter(([, , email]) => email !== course.email)
    .map(([id, author, , at, subject]) => ({ id, author, at, subject }))
  const isNone = own.length === 0
  const notes = isNone ? ['There is no commit of the learner’s own: only those of the course.'] : []
  const changed = await notCommitted(root)
  if (changed.length > 0) {
    const list = changed.slice(0, 5).join(', ')
    notes.push(`Not committed: ${list}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}.`)
  }
  return { own, notes }
}

/** Of each migration the commit that brought its folder, newest first where there are several. */
export async function readMigrationCommits(root: string): Promise<Map<string, { id: string; at: string }>> {
  const log = await asked(
    root,
    'log',
    '--diff-filter=A',
    '--no-renames',
    '--name-only',
    '--format=%x00%h %aI',
    'HEAD',
    '--',
    'prisma/migrations',
  )
  const found = new Map<string, { id: string; at: string }>()
  for (const commit of (log ?? '').split('\0').filter(Boolean)) {
    const [head = '', ...paths] = commit.split('\n')
    const [id = '', at = ''] = head.split(' ')
    for (const path of paths) {
      const name = /^prisma\/migrations\/([^/]+)\/migration\.sql$/.exec(path)?.[1]
      // The log goes back in time: the first commit that brought it comes last.
      if (name) found.set(name, { id, at })
    }
  }
  return found
}

/** The name of whoever made the last commit, as git has it; else the one that git would give the next. */
export async function readAuthor(root: string): Promise<string | undefined> {
  const last = (await readCommits(root)).own.at(-1)?.author
  return last ?? ((await asked(root, 'config', 'user.name')) || undefined)
}

/** Paths below prisma/ and seeds/ that differ from the last commit, those that a rule hides from git included. */
async function notCommitted(root: string): Promise<string[]> {
  const changed = await asked(root, 'diff', '--name-only', '-z', 'HEAD', '--', 'prisma', 'seeds')
  const others = await asked(root, 'ls-files', '--others', '-z', '--', 'prisma', 'seeds')
  const paths = [...(changed ?? '').split('\0'), ...(others ?? '').split('\0')].filter(Boolean)
  return [...new Set(paths)].filter((path) => !path.startsWith('prisma/generated/')).toSorted()
}

/** What git says; undefined where it refuses, or where there is no git. */
async function asked(root: string, ...argv: string[]): Promise<string | undefined> {
  try {
    const { code, stdout } = await tryGit(['-c', 'core.quotepath=off', ...argv], { root })
    return code === 0 ? stdout.toString('utf8').trim() : undefined
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
