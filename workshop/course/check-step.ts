import type { Place } from '../../kit/database/target.ts'
import pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import type { CheckResult } from './check-lines.ts'
import type { Check } from './step.ts'
import { EngineError } from '../../kit/engine/engine-error.ts'
import { openSchemas, type Schemas } from '../../kit/catalog/schemas.ts'
import { kinds, type Finding } from './check-kinds.ts'
import { openScene, type Scene } from './check-scene.ts'
import type { StepState } from './step-databases.ts'

export interface StepResult {
  state: StepState
  results: CheckResult[]
  isDone: boolean
}

/** Runs the checks of one step on what there is at a place. Nothing is changed there. */
export function checkStep(state: StepState, states: readonly StepState[], place: Place): Promise<StepResult> {
  return onScene(place, (scene) => runChecks(state, states, scene))
}

/**
 * The first step that is not done yet: the last one of which something can be seen, or the one after it. At the end,
 * the last one.
 */
export function checkWhereYouAre(states: readonly StepState[], place: Place, schemas?: Schemas): Promise<StepResult> {
  const look = async (scene: Scene) => {
    const begun = await lastBegun(states, scene)
    const result = await runChecks(begun ?? states[0]!, states, scene)
    const after = begun && states[states.indexOf(begun) + 1]
    return result.isDone && after ? runChecks(after, states, scene) : result
  }
  return onScene(place, look, schemas)
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

export async function runChecks(state: StepState, states: readonly StepState[], scene: Scene): Promise<StepResult> {
  const results: CheckResult[] = []
  for (const check of state.step.step.checks) results.push(await runCheck(check, state, states, scene))
  return { state, results, isDone: results.every(({ found }) => found === undefined) }
}

/** The last step with a check that passes, and that does not hold always. */
export async function lastBegun(states: readonly StepState[], scene: Scene): Promise<StepState | undefined> {
  for (const state of states.toReversed()) {
    for (const check of state.step.step.checks.filter(({ always }) => !always)) {
      if ((await runCheck(check, state, states, scene)).found === undefined) return state
    }
  }
  return undefined
}

async function runCheck(
  check: Check,
  state: StepState,
  states: readonly StepState[],
  scene: Scene,
): Promise<CheckResult> {
  // TypeScript cannot see that a check and its kind belong together.
  const kind = kinds[check.kind] as { what(check: Check): string; look(...args: unknown[]): Promise<Finding> }
  const where = 'on' in check ? (check.on === 'dev' ? 'DEV' : 'PROD') : 'FILES'
  const finding = await kind.look(check, scene, state, states).catch(explained)
  return { where, what: kind.what(check), ...finding }
}

/** What a learner can mend fails the check; anything else keeps its stack. */
function explained(error: unknown): Finding {
  if (error instanceof Problem) return { found: `${error.message} ${error.why}`, next: error.next[0] ?? '' }
  if (error instanceof pg.DatabaseError)
    return { found: `PostgreSQL says: ${error.message}`, next: 'npm run db status' }
  if (!(error instanceof EngineError)) throw error
  if (error.code === 'P1012') return { found: firstError(error.message), next: 'npx prisma validate' }
  return { found: `${error.message.split('\n')[0]}`, next: 'npm run db status' }
}

/** From Prisma's text about a schema.prisma that cannot be read: the first complaint, and its line. */
function firstError(message: string): string {
  const [, line] = /-->\s+\S+:(\d+)/.exec(message) ?? []
  const [first] = message.split('\n')
  return `${line ? `line ${line}: ` : ''}${first!.replace(/^error: (Error [\w ]+: )?/, '')}`
}
