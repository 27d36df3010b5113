import type { HistoryNote } from '../../kit/drift/drift-report.ts'
import type { Check, FileCheck } from './step.ts'
import { describeDifference } from './check-lines.ts'
import type { Env } from '../../kit/database/target.ts'
import { findLost, findRecruits } from './check-recruits.ts'
import { findOtherRows } from './check-rows.ts'
import { findMakerFault } from './check-maker.ts'
import { findTwice, findWrongValues } from './check-values.ts'
import { exampleOf, wayBack, shownByDrift, wayTo } from './check-ways.ts'
import { findPartial } from './check-whole.ts'
import { findUnsound } from './check-sound.ts'
import { judgeTrial } from './trial-judge.ts'
import type { Scene } from './check-scene.ts'
import { describeTookHold, waysOut, type TookHold } from '../../kit/drift/half-applied.ts'
import { migrationScripts, type StepState } from './step-databases.ts'

/** What is wrong; nothing when the check passes. */
export type Finding = { found: string; next: string } | undefined

interface Kind<C> {
  /** What has to be true, in the learner's words. */
  what(check: C, state: StepState): string
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
      return different(await scene.schemas.difference(wanted, text), next, wanted)
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
      return summary === undefined ? undefined : different(summary, await wayTo(on, scene, state), wanted)
    },
  },

  history: {
    what: ({ on }, state) =>
      isDeployedLater(on, state)
        ? 'no migration has failed, and none is applied that the folder lacks'
        : 'every migration of the folder is applied, none has failed, and no other is',
    async look({ on }, scene, state) {
      const notes = await scene.notes(on)
      const of = (one: HistoryNote['kind']) => notes.find(({ kind }) => kind === one)
      // In the order in which they are mended.
      const wrong = of('edited') ?? of('failed') ?? of('unknown')
      if (wrong) {
        const took = wrong.kind === 'failed' ? await scene.tookHold(on, wrong.migration) : undefined
        if (took) return failedHalfWay(wrong.migration, on, took)
        const all = notes.filter(({ kind }) => kind === wrong.kind).map(({ migration }) => migration)
        return { found: `${wrongWords[wrong.kind]}: ${list(all)}`, next: await wayTo(on, scene, state) }
      }
      const pending = notes.filter(({ kind }) => kind === 'pending').map(({ migration }) => migration)
      if (pending.length === 0 || isDeployedLater(on, state)) return undefined
      return { found: `not applied yet: ${list(pending)}`, next: await wayTo(on, scene, state) }
    },
  },

  recruits: {
    what: ({ cohort, atLeast, filled }) =>
      `${atLeast} recruits or more${cohort ? ` of the ${cohort}` : ''}${filled ? `, and everyone has a ${filled}` : ''}`,
    async look(check, scene, state) {
      const found = await findRecruits(await scene.client(check.on), check)
      if (found === undefined) return undefined
      const next = found.next ?? (found.areMissing ? seed(check) : await wayTo(check.on, scene, state))
      return { found: found.what, next }
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

  each: {
    what: ({ what }) => what,
    async look(check, scene, state) {
      const found = await findOtherRows(await scene.client(check.on), check)
      if (found === undefined) return undefined
      return {
        found: found.what,
        next: found.isThere ? `Make a migration that mends them:  ${check.mend}` : await wayTo(check.on, scene, state),
      }
    },
  },

  trial: {
    what: () => 'tried on rows, the migrations lose no value and leave no required column empty',
    async look(_, scene, state, states) {
      const migrations = await scene.migrations()
      const own = await scene.onRows(migrations.map(({ sql }) => sql))
      const course = await scene.onRows(migrationScripts(state.files))
      const found = judgeTrial(
        own,
        course,
        migrations.map(({ name }) => name),
      )
      const example = exampleOf('prisma/migrations/', state, states)
      return found === undefined
        ? undefined
        : { found, next: `Mend it in a migration. One way to write it:  ${example}` }
    },
  },

  maker: {
    what: () => 'seeds/recruits.ts makes recruits that the model takes',
    async look(_, scene, state, states) {
      const found = await findMakerFault(scene)
      const example = exampleOf('seeds/recruits.ts', state, states)
      return found === undefined
        ? undefined
        : { found, next: `Edit seeds/recruits.ts. One way to write it:  ${example}` }
    },
  },

  sound: {
    what: ({ on }) =>
      on === 'dev' ? 'its history is as it was applied' : 'it is what its migrations made, as they were applied',
    look: ({ on }, scene, state) => findUnsound(on, scene, () => wayTo(on, scene, state)),
  },

  whole: {
    what: () => 'each migration that PROD has yet to get takes hold whole, or not at all',
    async look(_, scene) {
      const found = await findPartial(scene)
      return found === undefined
        ? undefined
        : {
            found,
            next: 'Put BEGIN; before its first statement and COMMIT; after its last one. Then:  npm run db reset',
          }
    },
  },

  once: {
    what: () => 'nobody is there twice',
    async look({ on }, scene) {
      const found = await findTwice(scene, on)
      const next = on === 'dev' ? 'npm run db reset' : 'npm run db snapshots'
      return found === undefined ? undefined : { found, next }
    },
  },

  values: {
    what: () => 'every recruit still has each value, where it belongs',
    async look(_, scene, __, states) {
      const found = await findWrongValues(scene, states)
      return found && { found: found.found, next: await wayBack(scene, found.wrong) }
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

/** A step that does nothing to PROD leaves to its text what is deployed there, and when. */
function isDeployedLater(on: Env, { step }: StepState): boolean {
  return on === 'prod' && !step.step.prod
}

const wrongWords: Partial<Record<HistoryNote['kind'], string>> = {
  failed: 'failed half-way',
  unknown: 'applied, and not in the folder',
  edited: 'edited after it was applied',
}

function different(summary: string | undefined, next: string, wanted?: string): Finding {
  return summary === undefined ? undefined : { found: describeDifference(summary, wanted), next }
}

function failedHalfWay(name: string, on: Env, took: TookHold): Finding {
  return {
    found: `failed: ${name}; this ${describeTookHold(took)}`,
    next: waysOut(took, on).length > 1 ? shownByDrift(on) : waysOut(took, on)[0]!,
  }
}

function seed({ cohort = 'C25', on }: { cohort?: string; on: Env }): string {
  return `npm run seed:${cohort.toLowerCase()} -- --env ${on}`
}

function list(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}
