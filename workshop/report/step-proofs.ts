import { Problem } from '../../kit/terminal/problem.ts'
import { runCheck, type StepResult } from '../course/check-step.ts'
import type { CheckResult } from '../course/check-lines.ts'
import type { Scene } from '../course/check-scene.ts'
import { nameOf } from '../course/read-steps.ts'
import type { Check } from '../course/step.ts'
import { migrationNames, type Scripts, type StepState } from '../course/step-databases.ts'
import { EngineError } from '../../kit/engine/engine-error.ts'
import type { ProgressEvent } from '../coach/progress-line.ts'
import type { StepProof } from './report-data.ts'

interface Asked {
  scene: Scene
  states: readonly StepState[]
  /** Where the learner is now. */
  at: StepResult
  /** Each check and what it says now. */
  now: ReadonlyMap<Check, CheckResult>
  /** What the folder's first migrations make, the first one's first; up to the first that fails. */
  prefixes: readonly string[]
  told: readonly ProgressEvent[]
}

/** Every step, with what proves it: each of its checks is made anew. */
export async function proveSteps(
  scene: Scene,
  states: readonly StepState[],
  at: StepResult,
  { told, isOfMany }: { told: readonly ProgressEvent[]; isOfMany: true | undefined },
): Promise<StepProof[]> {
  const now = new Map<Check, CheckResult>()
  for (const state of states)
    for (const check of state.step.step.checks) now.set(check, await runCheck(check, state, states, scene))
  const asked: Asked = { scene, states, at, now, prefixes: isOfMany ? [] : await prefixesOf(scene), told }
  return Promise.all(states.map((state) => proofOf(state, asked)))
}

async function proofOf(state: StepState, asked: Asked): Promise<StepProof> {
  const { number, step } = state.step
  const base = { number: nameOf(state.step).split('-')[0]!, title: step.title }
  const own = step.checks.map((check) => ({ check, result: asked.now.get(check)! }))
  const failing = own.filter(({ result }) => result.found !== undefined)
  const isPast = number < asked.at.state.step.number || (number === asked.at.state.step.number && asked.at.isDone)
  if ((step.leavesNothing || step.dev?.typed) && isPast) return { ...base, ...toldOf(base.number, asked.told) }
  // What is wrong with every step, as a value that is gone, is told where the learner is.
  if (failing.length === 0) return { ...base, state: 'holds', words: `${own.length} of ${own.length} checks pass now` }
  if (!isPast) return { ...base, state: 'open', words: wordsOf(failing[0]!.result) }
  const proofs: string[] = []
  for (const { check, result } of failing) {
    const proof = await goneOn(check, state, asked)
    if (proof === undefined) return { ...base, state: 'open', words: wordsOf(result) }
    proofs.push(proof)
  }
  return { ...base, state: 'stands', words: [...new Set(proofs)].join('; ') }
}

/** What shows that a check which fails now did pass once; undefined where nothing does. */
async function goneOn(check: Check, state: StepState, asked: Asked): Promise<string | undefined> {
  if (check.kind === 'migrations' || check.kind === 'live') {
    const wanted = check.kind === 'live' ? state[check.on] : migrationScriptsOf(state)
    const made = await firstThatMakes(wanted, asked)
    if (made === 0) return 'it began with no table'
    if (made === 1) return 'the first migration makes its tables'
    if (made !== undefined) return `the first ${made} migrations make its tables`
  }
  const isTried = !asked.at.results.some(({ kind, found }) => kind === 'trial' && found !== undefined)
  if (check.kind === 'trial')
    return isTried ? 'tried on rows, all migrations together keep and fill everything' : undefined
  const later = asked.states.filter(({ step }) => step.number > state.step.number)
  const successor = later.find(({ step }) =>
    step.step.checks.some((one) => isSameKind(check, one) && asked.now.get(one)!.found === undefined),
  )
  return successor && 'what came after it is there'
}

/** How many of the first migrations make these tables. */
async function firstThatMakes(wanted: Scripts, { scene, prefixes }: Asked): Promise<number | undefined> {
  const schema = await scene.after(wanted)
  for (const [i, made] of prefixes.entries()) if ((await scene.schemas.difference(schema, made)) === undefined) return i
  return undefined
}

async function prefixesOf(scene: Scene): Promise<string[]> {
  const made: string[] = []
  try {
    const scripts = (await scene.migrations()).map(({ sql }) => sql)
    for (let n = 0; n <= scripts.length; n++) made.push(await scene.after(scripts.slice(0, n)))
  } catch (error) {
    // The checks themselves say what fails.
    if (!(error instanceof Problem) && !(error instanceof EngineError)) throw error
  }
  return made
}

function migrationScriptsOf({ files }: StepState): Scripts {
  return migrationNames(files).map((name) => String(files.get(`prisma/migrations/${name}/migration.sql`)))
}

function isSameKind(check: Check, other: Check): boolean {
  if (check.kind !== other.kind) return false
  if ('on' in check && 'on' in other && check.on !== other.on) return false
  if (check.kind === 'file' && other.kind === 'file') return check.path === other.path
  if (check.kind === 'recruits' && other.kind === 'recruits') return check.cohort === undefined
  return check.kind !== 'kept'
}

/** A step that leaves nothing behind can only be told. */
function toldOf(number: string, told: readonly ProgressEvent[]): Pick<StepProof, 'state' | 'words'> {
  const isTold = told.some(
    ({ step, kind, what }) =>
      step === number && ((kind === 'check' && what === 'done') || (kind === 'drift' && what === 'left')),
  )
  return isTold
    ? { state: 'told', words: 'it leaves nothing behind; progress.txt tells that it was done' }
    : { state: 'untold', words: 'it leaves nothing behind, and progress.txt does not tell of it' }
}

function wordsOf(result: CheckResult | undefined): string {
  if (!result) return 'not reached yet'
  return `${result.where}: ${result.what}${result.found ? `: ${result.found}` : ''}`
}
