import type { Check, DatabaseChange, FileCheck } from './step.ts'
import { describeDifference } from './check-lines.ts'
import type { Env } from '../../kit/database/target.ts'
import { findLost, findRecruits } from './check-recruits.ts'
import type { Scene } from './check-scene.ts'
import { describeTookHold, isHalf, waysOut, type TookHold } from '../../kit/drift/half-applied.ts'
import { migrationScripts, type StepState } from './step-databases.ts'
import { nameOf, ownFiles } from './read-steps.ts'

/** What is wrong; nothing when the check passes. */
export type Finding = { found: string; next: string } | undefined

interface Kind<C> {
  /** What has to be true, in the learner's words. */
  what(check: C): string
  look(check: C, scene: Scene, state: StepState, states: readonly StepState[]): Promise<Finding>
}

/** Each kind of check: a new step needs no new code. */
export const kinds: { [K in Check['kind']]: Kind<Extract<Check, { kind: K }>> } = {
  schema: {
    what: () => 'prisma/schema.prisma says what this step says',
    async look(_, scene, state, states) {
      const wanted = String(state.files.get(schemaPath))
      const text = scene.read(schemaPath)
      const next = `Edit prisma/schema.prisma. One way to write it:  ${exampleOf(schemaPath, state, states)}`
      if (text === undefined) return { found: 'there is no such file', next }
      return different(await scene.schemas.difference(wanted, text), next)
    },
  },

  migrations: {
    what: () => 'prisma/migrations, replayed from empty, make the tables of this step',
    async look(_, scene, state, states) {
      const scripts = (await scene.migrations()).map(({ sql }) => sql)
      const wanted = await scene.after(migrationScripts(state.files))
      const example = exampleOf('prisma/migrations/', state, states)
      const next = `Make the migration. One way to write it:  ${example}`
      return different(await scene.schemas.difference(wanted, await scene.after(scripts)), next)
    },
  },

  live: {
    what: () => 'the tables are those of this step',
    async look({ on }, scene, state) {
      const wanted = await scene.after(state[on])
      const summary = await scene.schemas.difference(wanted, await scene.live(on))
      return summary === undefined ? undefined : different(summary, await wayTo(on, scene, state))
    },
  },

  history: {
    what: () => 'every migration of the folder is applied, none has failed, and no other is',
    async look({ on }, scene, state) {
      const rows = await scene.history(on)
      const failed = rows.filter((row) => row.failed).map(({ name }) => name)
      if (failed[0]) return failedHalfWay(failed[0], on, await scene.tookHold(on, failed[0]))
      const folder = (await scene.migrations()).map(({ name }) => name)
      const unknown = rows.filter(({ name }) => !folder.includes(name)).map(({ name }) => name)
      if (unknown.length > 0)
        return { found: `applied, and not in the folder: ${list(unknown)}`, next: comeBack(on, state) }
      const pending = folder.filter((name) => !rows.some((row) => row.name === name))
      if (pending.length === 0) return undefined
      const isDone = changeOf(state, on)?.resolve
      return {
        found: `not applied yet: ${list(pending)}`,
        next: isDone ? resolve('applied', pending[0]!, on) : deploy(on),
      }
    },
  },

  recruits: {
    what: ({ cohort, atLeast, filled }) =>
      `${atLeast} recruits or more${cohort ? ` of the ${cohort}` : ''}${filled ? `, and everyone has a ${filled}` : ''}`,
    async look(check, scene, state) {
      const found = await findRecruits(await scene.client(check.on), check)
      if (found === undefined) return undefined
      return { found: found.what, next: found.areMissing ? seed(check) : await wayTo(check.on, scene, state) }
    },
  },

  kept: {
    what: ({ column, cohorts }) =>
      `every recruit of ${cohorts.join(', ')} still has the ${column} (in public or in archive)`,
    async look(check, scene, state, states) {
      const found = await findLost(await scene.client(check.on), check)
      const example = exampleOf('prisma/migrations/', state, states)
      return found === undefined
        ? undefined
        : { found, next: `Bring the values back from a copy. A migration that keeps them: ${example}` }
    },
  },

  file: {
    what: ({ path, holds }) => (holds === undefined ? `${path} is there` : `${path} has the line  ${holds}`),
    async look({ path, holds }: FileCheck, scene, state, states) {
      const text = scene.read(path)
      const next = `Write ${path}. One way to write it:  ${exampleOf(path, state, states)}`
      if (text === undefined) return { found: 'there is no such file', next }
      const isThere = holds === undefined || text.split('\n').some((line) => line.trim() === holds)
      return isThere ? undefined : { found: 'the file is there, without that line', next }
    },
  },
}

const schemaPath = 'prisma/schema.prisma'

function different(summary: string | undefined, next: string): Finding {
  return summary === undefined ? undefined : { found: describeDifference(summary), next }
}

/** The command that brings a database to this step. */
async function wayTo(env: Env, scene: Scene, state: StepState): Promise<string> {
  const change = changeOf(state, env)
  if (change?.reset) return 'npm run db reset'
  if (change?.typed) return `npm run psql -- ${change.typed.map((sql) => `-c "${sql}"`).join(' ')}`
  const applied = (await scene.history(env)).map(({ name }) => name)
  const isBehind = (await scene.migrations()).some(({ name }) => !applied.includes(name))
  if (isBehind) return deploy(env)
  return change?.deploy && env === 'dev' ? 'npm run migrate -- dev' : comeBack(env, state)
}

function changeOf({ step }: StepState, env: Env): DatabaseChange | undefined {
  return step.step[env]
}

function deploy(env: Env): string {
  return `npm run migrate -- deploy --env ${env}`
}

function resolve(how: 'applied' | 'rolled-back', name: string, env: Env): string {
  return `npm run migrate -- resolve --${how} ${name} --env ${env}`
}

function failedHalfWay(name: string, on: Env, took: TookHold | undefined): Finding {
  if (!took) return { found: `failed half-way: ${name}`, next: resolve('rolled-back', name, on) }
  return {
    found: `failed: ${name}; this ${describeTookHold(took)}`,
    next: isHalf(took) ? `npm run drift -- --env ${on}    (shows both ways out)` : waysOut(took, on)[0]!,
  }
}

function seed({ cohort = 'C25', on }: { cohort?: string; on: Env }): string {
  return `npm run seed:${cohort.toLowerCase()} -- --env ${on}`
}

/** DEV can be made again from the folder. PROD never goes back, so the folder has to come to where PROD is. */
function comeBack(env: Env, { step }: StepState): string {
  return env === 'dev' ? 'npm run db reset' : `npm run goto ${nameOf(step).split('-')[0]}`
}

/** The step's own file of this path, or the first below it: the latest that was brought by then. */
function exampleOf(path: string, state: StepState, states: readonly StepState[]): string {
  const until = states.slice(0, states.indexOf(state) + 1)
  for (const { step } of until.toReversed()) {
    const own = [...ownFiles(step).keys()].find((one) => one === path || (path.endsWith('/') && one.startsWith(path)))
    if (own) return `steps/${nameOf(step)}/files/${own}`
  }
  return `steps/${nameOf(state.step)}`
}

function list(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}
