import type { Env, Place } from '../../kit/database/target.ts'
import pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import { onlyAdds, type CheckResult } from './check-lines.ts'
import type { Check } from './step.ts'
import { EngineError, schemaComplaint } from '../../kit/engine/engine-error.ts'
import { openSchemas, type Schemas } from '../../kit/catalog/schemas.ts'
import { baseChecks } from './base-checks.ts'
import { kinds, type Finding } from './check-kinds.ts'
import { openScene, type Scene } from './check-scene.ts'
import { courseOf, migrationScripts, storyOf, type StepState } from './step-databases.ts'
import { findApart, type Apart } from './where-git-is.ts'

export interface StepResult {
  state: StepState
  results: CheckResult[]
  isDone: boolean
  /** Files and databases are of different times: then this comes before the step itself. */
  apart?: Apart
}

/** Runs the checks of one step on what there is at a place. Nothing is changed there. */
export function checkStep(state: StepState, states: readonly StepState[], place: Place): Promise<StepResult> {
  return onScene(place, (scene) => runChecks(state, storyOf(state, states), scene))
}

/**
 * The first step that is not done yet: the last one of which something can be seen, or the one after it. At the end,
 * the last one. Where git went another way than the databases, the files alone tell.
 */
export function checkWhereYouAre(states: readonly StepState[], place: Place, schemas?: Schemas): Promise<StepResult> {
  return onScene(place, (scene) => findWhereYouAre(states, scene, place.root), schemas)
}

/** The same, where the scene is open already. */
export async function findWhereYouAre(all: readonly StepState[], scene: Scene, root: string): Promise<StepResult> {
  const states = hasBegunBonus(all, scene) ? all : courseOf(all)
  const begun = await lastBegun(states, scene)
  const files = await lastBegun(states, scene, 'files')
  const apart = await findApart(scene, files, root).catch(unlessProblem)
  if (apart) {
    return { ...(await runChecks(files ?? states[0]!, states, scene)), apart }
  }
  const at = begun ?? states[0]!
  const result = await runChecks(at, states, scene)
  const after = states[states.indexOf(at) + 1]
  const hasPassed = begun ? result.isDone || (await hasGoneOn(result, states, scene)) : hasModel(scene)
  return hasPassed && after ? runChecks(after, states, scene) : result
}

/** Whether a file is there that only a bonus step brings. Until then the course is judged as if there were no more. */
function hasBegunBonus(all: readonly StepState[], scene: Scene): boolean {
  const course = courseOf(all).at(-1)?.files
  const brought = [...(all.at(-1)?.files.keys() ?? [])].filter((path) => !course?.has(path))
  return brought.some((path) => scene.read(path) !== undefined)
}

/** Opens the connections, once, and closes them. Schemas that are handed in stay open. */
export async function onScene<Result>(
  place: Place,
  work: (scene: Scene) => Promise<Result>,
  schemas?: Schemas,
): Promise<Result> {
  const own = schemas ?? openSchemas()
  const scene = openScene(place, own)
  try {
    return await work(scene)
  } finally {
    await scene.close()
    if (!schemas) await own.close()
  }
}

/** The step's own checks, and of those that hold at every step the ones that fail. */
export async function runChecks(state: StepState, states: readonly StepState[], scene: Scene): Promise<StepResult> {
  const results: CheckResult[] = []
  for (const check of state.step.step.checks) results.push(await runCheck(check, state, states, scene))
  for (const check of baseChecks(state, states)) {
    // A database that the steps have not touched yet may be away.
    if ('on' in check && state[check.on].length === 0 && (await isAway(scene, check.on))) continue
    const result = await runCheck(check, state, states, scene)
    const isSaid = results.some(
      ({ where, found }) => where === result.where && found !== undefined && found === result.found,
    )
    if (result.found === undefined || isSaid) continue
    // What is wrong with the files comes before what they have made of a database.
    const isOfFiles = ['trial', 'maker', 'whole'].includes(check.kind)
    const firstDatabase = results.findIndex(({ where }) => where !== 'FILES')
    results.splice(isOfFiles && firstDatabase !== -1 ? firstDatabase : results.length, 0, result)
  }
  return { state, results, isDone: results.every(({ found }) => found === undefined) }
}

function isAway(scene: Scene, env: Env): Promise<boolean> {
  return scene.client(env).then(
    () => false,
    (error) => error instanceof Problem,
  )
}

/** The last step with a check that passes, and that does not hold always; of the files, where only they are asked. */
export async function lastBegun(
  states: readonly StepState[],
  scene: Scene,
  asked: 'all' | 'files' = 'all',
): Promise<StepState | undefined> {
  for (const state of states.toReversed()) {
    for (const check of state.step.step.checks.filter(({ always }) => !always)) {
      if (asked === 'files' && 'on' in check) continue
      const passes = (await runCheck(check, state, states, scene)).found === undefined
      if (passes && (check.kind !== 'schema' || (await hasMigrationsBefore(state, states, scene)))) return state
    }
  }
  return undefined
}

/** A model that is ahead of its migrations tells nothing: the steps that make them come first. */
async function hasMigrationsBefore(state: StepState, states: readonly StepState[], scene: Scene): Promise<boolean> {
  const tells = ({ kind, always }: Check) => (kind === 'migrations' || kind === 'trial') && !always
  const before = states.slice(0, states.indexOf(state)).findLast(({ step }) => step.step.checks.some(tells))
  const asked =
    before === undefined ? [] : before.step.step.checks.filter(tells).map((check) => [check, before] as const)
  for (const [check, of] of asked) {
    const passes = (await runCheck(check, of, states, scene)).found === undefined
    if (!passes && !(check.kind === 'migrations' && (await makesMore(of, scene)))) return false
  }
  return true
}

/** The work has gone on: the model is a later one, or the learner's own migrations make something besides. */
async function hasGoneOn(result: StepResult, states: readonly StepState[], scene: Scene): Promise<boolean> {
  return (await isModelAhead(result, states, scene)) || (await areMigrationsAhead(result, scene))
}

async function areMigrationsAhead({ state, results }: StepResult, scene: Scene): Promise<boolean> {
  const failed = results.filter(({ found }) => found !== undefined)
  const isProdAsAsked = failed.every(({ kind, where }) => kind !== 'live' || where !== 'PROD')
  // A PROD that is as this step says waits for the learner's own migrations.
  const isOfFiles = ({ kind, where }: CheckResult) =>
    ['schema', 'migrations', 'live'].includes(kind) || (kind === 'history' && where === 'PROD' && isProdAsAsked)
  return failed.every(isOfFiles) && makesMore(state, scene)
}

/** The folder's migrations make the step's tables, and something besides. */
async function makesMore(state: StepState, scene: Scene): Promise<boolean> {
  const [wanted, own] = [await scene.after(migrationScripts(state.files)), await folderSchema(scene)]
  const difference = own === undefined ? undefined : await scene.schemas.difference(wanted, own)
  return difference !== undefined && onlyAdds(difference)
}

/** What the folder's migrations make; nothing where they fail, or cannot be read. */
async function folderSchema(scene: Scene): Promise<string | undefined> {
  try {
    return await scene.after((await scene.migrations()).map(({ sql }) => sql))
  } catch (error) {
    if (error instanceof Problem || error instanceof EngineError) return undefined
    throw error
  }
}

/** All that is wrong with a step is that the model is a later one. */
async function isModelAhead(
  { state, results }: StepResult,
  states: readonly StepState[],
  scene: Scene,
): Promise<boolean> {
  const failed = results.flatMap(({ kind, found }) => (found === undefined ? [] : [kind]))
  if (failed.length !== 1 || failed[0] !== 'schema') return false
  const text = scene.read('prisma/schema.prisma')
  const later = states.slice(states.indexOf(state) + 1).map(({ files }) => String(files.get('prisma/schema.prisma')))
  for (const schema of new Set(later)) {
    if (text !== undefined && (await scene.schemas.difference(schema, text)) === undefined) return true
  }
  return false
}

/** Somebody has begun to write one: the blank start is behind them. */
function hasModel(scene: Scene): boolean {
  return /^\s*model\s+\w+/m.test(scene.read('prisma/schema.prisma') ?? '')
}

/** One check, whatever step it is of. */
export async function runCheck(
  check: Check,
  state: StepState,
  states: readonly StepState[],
  scene: Scene,
): Promise<CheckResult> {
  // TypeScript cannot see that a check and its kind belong together.
  const kind = kinds[check.kind] as {
    what(check: Check, state: StepState): string
    look(...args: unknown[]): Promise<Finding>
  }
  const where = 'on' in check ? (check.on === 'dev' ? 'DEV' : 'PROD') : 'FILES'
  const finding = await kind.look(check, scene, state, states).catch(explained)
  return {
    kind: check.kind,
    ...(check.always && { always: true as const }),
    where,
    what: kind.what(check, state),
    ...finding,
  }
}

/** What a learner can mend fails the check; anything else keeps its stack. */
function explained(error: unknown): Finding {
  if (error instanceof Problem) return { found: `${error.message} ${error.why}`, next: error.next[0] ?? '' }
  if (error instanceof pg.DatabaseError)
    return { found: `PostgreSQL says: ${error.message}`, next: 'npm run db status' }
  if (!(error instanceof EngineError)) throw error
  const complaint = schemaComplaint(error)
  if (complaint) {
    const { line, words } = complaint
    return { found: `${line ? `line ${line}: ` : ''}${words}`, next: 'npx prisma validate' }
  }
  return { found: `${error.message.split('\n')[0]}`, next: 'npm run db status' }
}

/** What a learner can mend is told by the checks themselves. */
function unlessProblem(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error
}
