import { tryGit } from '../../kit/git/git.ts'
import type { Scene } from './check-scene.ts'
import { nameOf } from './read-steps.ts'
import { migrationNames, type StepState } from './step-databases.ts'

/** Files and databases are of different times; what has happened, and what to type. */
export interface Apart {
  lines: string[]
  next: string
}

/**
 * Whether the files stand where the databases have never been, or git went back and they did not. `state` is the step
 * that the files alone are at.
 */
export async function findApart(scene: Scene, state: StepState | undefined, root: string): Promise<Apart | undefined> {
  if (state === undefined) return undefined
  const number = nameOf(state.step).split('-')[0]!
  const histories = await Promise.all((['dev', 'prod'] as const).map((env) => scene.history(env)))
  if (histories.every((rows) => rows.length === 0)) return state.prod.length > 0 ? notBegun(number, root) : undefined
  const notes = await scene.notes('dev')
  const [unknown, pending] = (['unknown', 'pending'] as const).map((one) =>
    notes.filter(({ kind }) => kind === one).map(({ migration }) => migration),
  ) as [string[], string[]]
  // The course's own migrations wait where a step's tag was checked out beside migrations of one's own.
  const course = migrationNames(state.files)
  const isPending = pending.some((name) => !course.includes(name))
  const folder = (await scene.migrations()).map(({ name }) => name)
  const isNewer = unknown.every((name) => name > (folder.toSorted().at(-1) ?? ''))
  if (unknown.length === 0 || isPending || !isNewer || !(await areCommittedElsewhere(unknown, root))) return undefined
  return {
    lines: [
      `Git went back, and the databases did not: DEV has ${unknown.length === 1 ? 'a migration' : `${unknown.length} migrations`} that this folder lacks, from ${unknown[0]} on.`,
      'Forward again, to where they are:  git switch -',
      'Or stay with these files, and bring DEV back to them; PROD never goes back:',
    ],
    next: `npm run goto ${number}`,
  }
}

/** Both databases are empty, and the files are those of a later step. */
async function notBegun(number: string, root: string): Promise<Apart> {
  const branch = await tryGit(['branch', '--show-current'], { root }).catch(() => undefined)
  const name = branch?.code === 0 ? branch.stdout.toString().trim() : ''
  const isOwn = name !== '' && name !== 'main' && name !== 'master'
  const lines = [`Both databases are empty, and the files are those of step ${number}.`]
  return isOwn
    ? {
        lines: [...lines, 'To bring DEV to these files; it says how to bring PROD along:'],
        next: `npm run goto ${number}`,
      }
    : {
        lines: [...lines, 'Main is the end of the exercise. Begin at its start, on a branch of your own:'],
        next: 'git switch -c my-work step-00-two-databases',
      }
}

/** In a commit of this repository, and not in the one that is checked out. */
async function areCommittedElsewhere(names: readonly string[], root: string): Promise<boolean> {
  for (const name of names) {
    const path = `prisma/migrations/${name}`
    const here = await tryGit(['ls-files', '--', path], { root }).catch(() => undefined)
    if (here?.code !== 0 || here.stdout.toString().trim() !== '') return false
    const log = await tryGit(['log', '--all', '--max-count=1', '--format=%H', '--', path], { root })
    if (log.code !== 0 || log.stdout.toString().trim() === '') return false
  }
  return true
}
