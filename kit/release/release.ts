import { commandOf, plansIn, releaseAfter } from '../backfill/plan.ts'
import { scratchServer } from '../drift/scratch-server.ts'
import { compareCatalogs } from '../catalog/compare-catalogs.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Stage } from '../deploy/deploy-lines.ts'
import type { Answers } from './next-question.ts'
import { readRemovedValues } from './removed-values.ts'
import { safeForm, type SafeForm } from './safe-form.ts'
import { counted } from '../terminal/numbers.ts'
import type { Ask } from '../terminal/ask.ts'
import { readElsewhere } from '../catalog/elsewhere.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { openCatalogs } from '../catalog/catalogs.ts'
import { asMeant } from '../catalog/model-differences.ts'
import { connectTo } from '../database/connection.ts'
import { takeTurn } from '../keep/deploy-turn.ts'
import { assertReadyForRelease, commitMigrations, notReleased } from '../git/release-branch.ts'
import { leaveNothing } from '../project/leave-nothing.ts'
import { readLiveDatabase } from './live-database.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { type DeployReport } from '../deploy/deploy.ts'
import type { Place } from '../database/target.ts'
import { checkDrift, checkHistory } from '../deploy/deploy-checks.ts'
import { withWayOn } from '../deploy/way-on.ts'
import { checkHazards } from '../deploy/deploy-hazards.ts'
import { copyBefore, copyFor } from '../deploy/deploy-ledger.ts'
import { assertPublic, attempt, readFolder, readSchema } from '../drift/layers.ts'
import { rehearse } from '../deploy/rehearsal.ts'
import { assertAnswersFit } from './answers.ts'
import { prove } from './proof.ts'
import { askAll } from './questions.ts'
import { byHand, notFilled, notKept, refuseOn, standsElsewhere, stillPending } from './refusals.ts'
import { keepStages } from '../deploy/stages.ts'

export interface ReleasePlace extends Place {
  now(): Date
}

export interface ReleaseOptions {
  /** Of the migrations: small letters, digits and `_`. */
  name: string
  /** The branch that releases are made on. */
  base: string
  answers: Answers
  /** Undefined where nobody can be asked. */
  ask: Ask | undefined
  /** What was typed, for those who have to type more. */
  command: string
}

/**
 * Makes the migrations that bring PROD to what schema.prisma says, tries them out on a copy, and commits them. PROD is
 * only read; a deploy follows. `show` gets each stage when it is done. Throws a Problem where it refuses; then git and
 * the migrations' folder are as they were.
 */
export async function release(
  place: ReleasePlace,
  options: ReleaseOptions,
  show: (stage: Stage) => void,
): Promise<DeployReport> {
  const { stages, done } = keepStages(show)
  await assertReadyForRelease(place.root, options.base, options.command)
  done({ name: 'branch', mark: 'ok', words: `${options.base}, and everything in it is committed` })
  const model = await readModel(place)
  assertPublic(place.target('prod'))
  const client = await connectTo(place.target('prod'))
  try {
    await takeTurn(client, (who) => show({ name: 'turn', mark: 'note', words: `waiting for ${who}` }))
    await client.query(
      `SET default_transaction_read_only = on; SET application_name = 'a release, process ${process.pid}'`,
    )
    const history = await checkHistory(client, place.root)
    refuseOn(await withWayOn(done(history.stage), history, { place, client }))
    if (history.pending.length > 0) throw stillPending(history.pending)
    refuseOn(done(await checkDrift(client, history, () => scratchServer(place))))

    const catalog = await readCatalog(client)
    const differing = compareCatalogs(asMeant(model.catalog, catalog), catalog).flatMap(
      ({ kind, table, name }) => table ?? (kind === 'table' ? name : []),
    )
    const elsewhere = await readElsewhere(client)
    const moved = elsewhere.find(({ name }) => isNew(name, model.catalog, catalog))
    if (moved) throw standsElsewhere(moved)
    const live = await readLiveDatabase(client, catalog, new Set(differing))
    assertAnswersFit(model.catalog, live, options.answers)
    const answers = await askAll(model.catalog, live, options.answers, options.ask, options.command)
    const form = safeForm(options.name, model.catalog, live, answers)
    done(compared(form))
    if (form.byHand.length > 0) throw byHand(form, await readRemovedValues(client, model.catalog, catalog, answers))
    if (form.migrations.length === 0 && form.waits.length > 0) throw notFilled(form.waits, history.applied)
    if (form.migrations.length === 0) return { code: 0, stages, next: ['npm run check'] }
    const migrations = dated(form, history.applied, place.now())
    for (const migration of migrations) done(written(migration))

    const say = (line: string) => show({ name: 'snapshot', mark: 'note', words: line })
    const before = await copyBefore(client, copyFor.release, say)
    done(before.stage)
    const rehearsal = done(
      await rehearse(() => place.target('dev'), before.snapshot, migrations, say, { isTold: true, isAsked: true }),
    )
    if (rehearsal.mark !== 'ok') throw notKept(rehearsal)
    refuseOn(done(await prove(place, [...history.applied, ...migrations], form, model.text)))
    refuseOn(done(await checkHazards(client, { applied: history.applied, pending: migrations }, true)))

    const commit = await commitMigrations(place.root, migrations, message(options.name, form, rehearsal))
    done({
      name: 'commit',
      mark: 'ok',
      words: `${commit} on ${options.base}: ${migrations.map(({ name }) => name).join(', ')}`,
    })
    return { code: 0, stages, next: ['npm run migrate -- deploy --env prod', ...secondHalf(migrations)] }
  } finally {
    await client.end()
  }
}

/** A big table is filled between two releases. */
function secondHalf(migrations: readonly MigrationText[]): string[] {
  const plans = migrations.flatMap(({ sql }) => plansIn(sql))
  if (plans.length === 0) return []
  return [
    ...plans.map((plan) => `${commandOf(plan, 'prod')}    (when the deploy has ended; everybody goes on working)`),
    `${releaseAfter(plans[0]!)}    (when the new version of the application is the only one: requires it)`,
  ]
}

function isNew(table: string, model: Catalog, live: Catalog): boolean {
  const has = ({ tables }: Catalog) => tables.some(({ name }) => name === table)
  return has(model) && !has(live)
}

/** What schema.prisma says, as text and as a database would show it. */
async function readModel(place: ReleasePlace): Promise<{ text: string; catalog: Catalog }> {
  const text = await readSchema(place.root)
  if (text.problem) throw notReleased(`${text.problem.message} ${text.problem.why}`, text.problem.next)
  const folder = await readFolder(place.root)
  const migrations = folder.value?.map(({ sql }) => sql) ?? []
  const { value, problem } = await leaveNothing(
    async () => {
      const catalogs = openCatalogs(() => scratchServer(place))
      return { ...catalogs, remove: () => catalogs.close() }
    },
    ({ ofModel }) => attempt(() => ofModel(text.value, migrations), folder.value),
  )
  if (problem) throw notReleased(`${problem.message} ${problem.why}`, problem.next)
  return { text: text.value, catalog: value }
}

function compared({ changes, waits }: SafeForm): Stage {
  if (changes.length + waits.length === 0)
    return { name: 'compare', mark: 'ok', words: 'PROD is what schema.prisma says: there is nothing to release' }
  const waiting = waits.map(
    ({ table, column, rows }) => `${table}.${column} waits: ${counted(rows, 'row')} without a value`,
  )
  return {
    name: 'compare',
    mark: 'ok',
    words: `schema.prisma asks PROD for ${counted(changes.length, 'change')}`,
    more: [...changes, ...waiting],
  }
}

/** Names that come after all that are there, a second apart. */
function dated({ migrations }: SafeForm, applied: readonly MigrationText[], now: Date): MigrationText[] {
  const newest = applied
    .map(({ name }) => /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/.exec(name))
    .reduce((last, found) => {
      const [y, mo, d, h, mi, s] = (found?.slice(1) ?? []).map(Number) as number[]
      return found ? Math.max(last, Date.UTC(y!, mo! - 1, d, h, mi, s)) : last
    }, 0)
  const first = Math.max(now.getTime(), newest + 1000)
  return migrations.map(({ name, sql }, i) => {
    const stamp = new Date(first + i * 1000).toISOString().slice(0, 19).replaceAll(/\D/g, '')
    return { name: `${stamp}_${name}`, sql }
  })
}

function written({ name, sql }: MigrationText): Stage {
  return {
    name: 'migration',
    mark: 'ok',
    words: name,
    more: sql
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  }
}

function message(name: string, { changes }: SafeForm, { words }: Stage): string {
  const list = changes.map((change) => `- ${change}`).join('\n')
  return `Release ${name}\n\n${list}\n\n${words[0]!.toUpperCase()}${words.slice(1)}.\n`
}
