import { restoreCopy, wayBackFrom } from '../../kit/keep/copy-before.ts'
import type { HistoryNote } from '../../kit/drift/drift-report.ts'
import type { Env } from '../../kit/database/target.ts'
import type { Scene } from './check-scene.ts'
import { copyWithValues } from './known-values.ts'
import { nameOf, ownFiles, readSteps } from './read-steps.ts'
import { migrationNames, stepStates, type StepState } from './step-databases.ts'

/** The command that brings a database to this step: what is wrong with it comes first, then what the step asks for. */
export async function wayTo(env: Env, scene: Scene, state: StepState): Promise<string> {
  const change = state.step.step[env]
  const notes = await scene.notes(env)
  const isPending = notes.some(({ kind }) => kind === 'pending')
  const isWrong = notes.some(({ kind }) => kind === 'failed' || kind === 'unknown' || kind === 'edited')
  if (change?.typed && !isWrong && !isPending)
    return `npm run psql -- ${change.typed.map((sql) => `-c "${sql}"`).join(' ')}`
  const back = env === 'prod' ? await wayForProd(scene, notes) : undefined
  if (back !== undefined) return back
  const [first] = await scene.nextFor(env)
  if (first !== undefined) return first
  if (change?.reset) return 'npm run db reset'
  return change?.deploy && env === 'dev' ? 'npm run migrate -- dev' : comeBack(env, state)
}

/**
 * PROD has migrations that this folder lacks: those of a later step, to which the files come forward; or some that no
 * commit has any more, and then PROD goes back to the copy from before their deploy.
 */
async function wayForProd(scene: Scene, notes: readonly HistoryNote[]): Promise<string | undefined> {
  const unknown = notes.filter(({ kind }) => kind === 'unknown')
  const isPending = notes.some(({ kind }) => kind === 'pending' || kind === 'failed' || kind === 'edited')
  if (unknown.length === 0 || isPending || unknown.some(({ isRestorable }) => isRestorable)) return undefined
  const later = stepStates(readSteps()).find(({ files }) =>
    unknown.every(({ migration }) => migrationNames(files).includes(migration)),
  )
  if (later) return `npm run goto ${nameOf(later.step).split('-')[0]}`
  const gone = unknown.find(({ source }) => source === undefined)
  return gone && wayBackFrom(await scene.client('prod'), gone.migration)
}

/** What brings values back: the copy of before, where the ledger still names one. */
export async function wayBack(scene: Scene): Promise<string> {
  const copy = await copyWithValues(await scene.client('prod'))
  return copy === undefined
    ? 'Bring the values back in a migration, from what the archive or the seeds still hold.'
    : restoreCopy(copy)
}

/** DEV can be made again from the folder. PROD never goes back, so the folder has to come to where PROD is. */
function comeBack(env: Env, { step }: StepState): string {
  return env === 'dev' ? 'npm run db reset' : `npm run goto ${nameOf(step).split('-')[0]}`
}

/** The step's own file of this path, or the first below it: the latest that was brought by then. */
export function exampleOf(path: string, state: StepState, states: readonly StepState[]): string {
  const until = states.slice(0, states.indexOf(state) + 1)
  for (const { step } of until.toReversed()) {
    const own = [...ownFiles(step).keys()].find((one) => one === path || (path.endsWith('/') && one.startsWith(path)))
    if (own) return `steps/${nameOf(step)}/files/${own}`
  }
  return `steps/${nameOf(state.step)}`
}
