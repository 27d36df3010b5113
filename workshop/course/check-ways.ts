import { restoreCopy, wayBackFrom } from '../../kit/keep/copy-before.ts'
import type { HistoryNote } from '../../kit/drift/drift-report.ts'
import { isInNoBranch } from '../../kit/drift/history-notes.ts'
import type { Env } from '../../kit/database/target.ts'
import type { Scene } from './check-scene.ts'
import type { WrongValues } from './judge-values.ts'
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
  const half = env === 'dev' ? await halfOnProd(scene, notes) : undefined
  if (half !== undefined) return half
  const [first] = await scene.nextFor(env)
  // The first of several lines: they belong together.
  if (first?.endsWith('by hand, and say so:')) return shownByDrift(env)
  const isDeploy = first?.startsWith('npm run migrate -- deploy --env prod')
  if (first !== undefined) return (isDeploy ? roadOfProd(state, notes) : undefined) ?? first
  if (change?.reset) return 'npm run db reset'
  return change?.deploy && env === 'dev' ? 'npm run migrate -- dev' : comeBack(env, state)
}

export function shownByDrift(env: Env): string {
  return `npm run drift -- --env ${env}    (shows the ways out)`
}

/** The file that DEV has otherwise tells what of it is there on PROD, until that is settled. */
async function halfOnProd(scene: Scene, notes: readonly HistoryNote[]): Promise<string | undefined> {
  const edited = notes.filter(({ kind }) => kind === 'edited').map(({ migration }) => migration)
  if (edited.length === 0) return undefined
  const onProd = await scene.notes('prod').catch(() => [])
  return onProd.some(({ kind, migration }) => kind === 'failed' && edited.includes(migration))
    ? shownByDrift('prod')
    : undefined
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
  const gone = unknown.find(isInNoBranch)
  return gone && wayBackFrom(await scene.client('prod'), gone.migration)
}

/** PROD is deployed to and seeded at several steps: where one of those before this one is still to come, it comes first. */
function roadOfProd(state: StepState, notes: readonly HistoryNote[]): string | undefined {
  const pending = new Set(notes.flatMap(({ kind, migration }) => (kind === 'pending' ? [migration] : [])))
  const stages = stepStates(readSteps()).filter(
    ({ step }) => step.step.prod?.deploy && step.number <= state.step.number,
  )
  const first = stages.find(({ files }) => migrationNames(files).some((name) => pending.has(name)))
  const isBefore = first !== undefined && first !== stages.at(-1)
  return isBefore ? `npm run goto ${nameOf(first.step).split('-')[0]}` : undefined
}

/**
 * What brings values back. Where only values changed, an UPDATE on PROD: going back to a copy would take along what came
 * since. Else the newest copy that still has them.
 */
export async function wayBack(scene: Scene, wrong: readonly WrongValues[]): Promise<string> {
  const update = updateBack(wrong)
  if (update) return `npm run psql -- --env prod ${update.map((sql) => `-c "${sql}"`).join(' ')}`
  const copy = await copyWithValues(await scene.client('prod'), wrong, scene.copies)
  return copy === undefined
    ? 'Bring the values back in a migration, from what the archive or the seeds still hold.'
    : restoreCopy(copy)
}

/** Nothing where a value or a name would have to be quoted in a shell, where a row or a column is gone, or too many changed. */
function updateBack(wrong: readonly WrongValues[]): string[] | undefined {
  const plain = /^[\p{L}\p{N} .,@_:+-]+$/u
  const isPlain = wrong.every(
    ({ column, isThere, rows }) =>
      isThere &&
      /^[a-z_]+$/.test(column ?? '') &&
      rows.length <= 10 &&
      rows.every(({ id, was }) => /^\d+$/.test(id) && plain.test(was)),
  )
  if (wrong.length === 0 || !isPlain) return undefined
  return wrong.map(({ column, rows }) => {
    const values = rows.map(({ id, was }) => `WHEN ${id} THEN '${was}'`).join(' ')
    return `UPDATE recruits SET ${column} = CASE id ${values} END WHERE id IN (${rows.map(({ id }) => id).join(', ')})`
  })
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
