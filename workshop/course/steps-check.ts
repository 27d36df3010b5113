import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeDifference } from './check-lines.ts'
import { leaveNothing } from '../../kit/project/leave-nothing.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { openSchemas, type Schemas } from '../../kit/catalog/schemas.ts'
import { envs, type Env } from '../../kit/database/target.ts'
import { lastBegun, onScene, runChecks } from './check-step.ts'
import { makeChange } from './step-changes.ts'
import { migrationNames, migrationScripts, stepStates, type StepState } from './step-databases.ts'
import { describeLost, readValues } from './steps-check-values.ts'
import { compileSeeds, generateClients, makeGround, type Ground } from './steps-check-ground.ts'
import { nameOf, readSteps } from './read-steps.ts'

/** What is wrong with one step; nothing, when it is as it should be. */
export interface StepReport {
  /** As in `05-email-backfill`. */
  name: string
  defects: string[]
  seconds: number
}

/**
 * Walks all steps in order, on databases of its own: each one's start has to fail its checks, its end has to pass them,
 * and nothing may be lost on the way. Ends the walk where a database can go no further. Throws a Problem for steps that
 * cannot be read.
 */
export async function checkSteps(report: (report: StepReport) => void, root = projectRoot): Promise<StepReport[]> {
  const states = stepStates(readSteps(root))
  return leaveNothing(makeGround, async (ground) => {
    const schemas = openSchemas(ground.server)
    const reports: StepReport[] = []
    try {
      const projects = states.map((state) => ground.lay(nameOf(state.step), state.files))
      const found = await compile(ground, states, projects)
      const blank = join(ground.folder, 'blank')
      mkdirSync(blank)
      for (const [i, state] of states.entries()) {
        const since = performance.now()
        const walk = { ground, schemas, states, state, before: projects[i - 1] ?? blank, project: projects[i]! }
        const { defects, isOver } = await checkOne(walk, found.get(nameOf(state.step)) ?? [])
        reports.push({ name: nameOf(state.step), defects, seconds: (performance.now() - since) / 1000 })
        report(reports.at(-1)!)
        if (isOver) break
      }
      return reports
    } finally {
      await schemas.close()
    }
  })
}

interface Walk {
  ground: Ground
  schemas: Schemas
  states: readonly StepState[]
  state: StepState
  /** The folder that the step begins with, and the one that it ends with. */
  before: string
  project: string
}

async function checkOne(walk: Walk, found: readonly string[]): Promise<{ defects: string[]; isOver: boolean }> {
  const defects = [...found, ...(await checkStart(walk)), ...changedMigrations(walk)]
  try {
    defects.push(...(await makeChanges(walk)))
  } catch (error) {
    return { defects: [...defects, `${(error as Error).message} The walk ends here.`], isOver: true }
  }
  return { defects: [...defects, ...(await checkEnd(walk)), ...(await checkMigrations(walk))], isOver: false }
}

/** Every check that tells of this step has to fail before it. */
function checkStart({ ground, schemas, states, state, before }: Walk): Promise<string[]> {
  const { leavesNothing = false } = state.step.step
  if (tells(state) === leavesNothing) {
    const defect = leavesNothing
      ? 'It says that it leaves nothing, and has a check that tells it is done.'
      : 'Its checks hold always, and none tells that it is done.'
    return Promise.resolve([defect])
  }
  const look = async (scene: Parameters<typeof runChecks>[2]) => {
    const { results } = await runChecks(state, states, scene)
    const passed = results.filter(({ always, found }) => !always && found === undefined)
    return passed.map(({ where, what }) => `Passes before the step is done: ${where} ${what}.`)
  }
  return onScene({ root: before, target: ground.target }, look, schemas)
}

function tells({ step }: StepState): boolean {
  return step.step.checks.some(({ always }) => !always)
}

/** At its end all checks pass, and the learner is told that this step is done and no other. */
function checkEnd({ ground, schemas, states, state, project }: Walk): Promise<string[]> {
  return onScene(
    { root: project, target: ground.target },
    async (scene) => {
      const { results } = await runChecks(state, states, scene)
      const failed = results.filter((result) => result.found !== undefined)
      const defects = failed.map(({ where, what, found }) => `Fails when the step is done: ${where} ${what}: ${found}.`)
      const begun = await lastBegun(states, scene)
      if (begun === state || failed.length > 0 || !tells(state)) return defects
      return [`Is taken for the step ${begun ? nameOf(begun.step) : 'before the first'} when it is done.`]
    },
    schemas,
  )
}

/** Does to both databases, at once, what the step does. Nothing may be lost where they only go forward. */
async function makeChanges(walk: Walk): Promise<string[]> {
  const both = await Promise.allSettled(envs.map((env) => makeChangeOf(env, walk)))
  const failed = both.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return both.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
}

async function makeChangeOf(env: Env, { ground, state, project }: Walk): Promise<string[]> {
  const change = state.step.step[env]
  if (!change) return []
  const target = ground.target(env)
  const before = await readValues(target)
  await makeChange(target, change, project, ground.emptyDev).catch((error: Error) => {
    throw new Error(`${env.toUpperCase()}: ${shortened(error)}`, { cause: error })
  })
  const mayLose = env === 'dev' && (change.reset || change.typed)
  const lost = mayLose ? undefined : describeLost(before, await readValues(target))
  return lost ? [`${env.toUpperCase()}: ${lost}.`] : []
}

/** Prisma's text about a migration that fails is twelve lines long. */
function shortened({ message }: Error): string {
  const [, name] = /^Migration name: (.+)$/m.exec(message) ?? []
  const [, reason] = /^ERROR: (.+)$/m.exec(message) ?? []
  return name && reason ? `the migration ${name} fails: ${reason}.` : message
}

/** The migrations make what the schema says, but where a step writes the model and leaves the migration to the next. */
async function checkMigrations({ ground, schemas, states, state }: Walk): Promise<string[]> {
  const before = states[states.indexOf(state) - 1]
  const isAhead =
    schemaOf(state) !== (before && schemaOf(before)) &&
    migrationNames(state.files).length === (before ? migrationNames(before.files).length : 0) &&
    state !== states.at(-1) &&
    state.step.step.checks.every(({ kind }) => kind !== 'migrations')
  if (isAhead) return []
  const [scripts, { url }] = [migrationScripts(state.files), ground.target('dev')]
  // By the settings of the schema: an index of some rows, which it cannot say, is no difference.
  if ((await schemas.asked(scripts, url, schemaOf(state))) === undefined) return []
  const made = await schemas.after(scripts, url)
  const summary = await schemas.difference(schemaOf(state), made)
  return summary === undefined ? [] : [`The migrations do not make the schema: ${describeDifference(summary)}.`]
}

function changedMigrations({ states, state }: Walk): string[] {
  const before = states[states.indexOf(state) - 1]?.files ?? new Map<string, Buffer>()
  const paths = [...before.keys()].filter((path) => path.endsWith('/migration.sql'))
  return paths
    .filter((path) => !state.files.get(path)?.equals(before.get(path)!))
    .map((path) => `Changes or removes a migration that an earlier step has brought: ${path}.`)
}

/** What Prisma and TypeScript say of each step's schema and seeds, by the step's name; each complaint once. */
async function compile(
  ground: Ground,
  states: readonly StepState[],
  projects: string[],
): Promise<Map<string, string[]>> {
  const complaints = await generateClients(
    states.map((state, i) => ({ folder: projects[i]!, schema: schemaOf(state) })),
  )
  const types = await compileSeeds(ground.folder)
  const found = states.map(({ step }, i) => {
    const complaint = complaints.get(projects[i]!)
    return complaint === undefined ? (types.get(nameOf(step)) ?? []) : [complaint]
  })
  const isNew = (complaint: string, i: number) => !found[i - 1]?.includes(complaint)
  return new Map(states.map(({ step }, i) => [nameOf(step), found[i]!.filter((one) => isNew(one, i))]))
}

function schemaOf({ files }: StepState): string {
  return String(files.get('prisma/schema.prisma') ?? '')
}
