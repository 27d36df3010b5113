import type { Catalog } from '../catalog/catalog.ts'
import { closingSql, compareCatalogs } from '../catalog/compare-catalogs.ts'
import type { DriftReport, HistoryNote, Layer, LayerName, LayerProblem, Link } from './drift-report.ts'
import { asMeant, forModel } from '../catalog/model-differences.ts'
import { likelyRenames, renamesBack } from '../catalog/likely-renames.ts'
import { openCatalogs, type Catalogs } from '../catalog/catalogs.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import type { Env, Place } from '../database/target.ts'
import { givingWay, readNotes, withGit } from './history-notes.ts'
import { readWhatProdRan, type WhatProdRan } from './what-prod-ran.ts'
import { haveSameLines } from '../catalog/schema-files.ts'
import { attempt, readClientSchema, readFolder, readLive, readSchema, type Found, type Live } from './layers.ts'
import { explainDrift } from './prod-drift.ts'
import { nextForDatabase, nextForMigrations } from './next-command.ts'
import { scratchServer } from './scratch-server.ts'
import { findObstacles } from './obstacles.ts'
import { describeTookHold, whatTookHold, type TookHold } from './half-applied.ts'
import { withValues } from './column-values.ts'

/**
 * Compares all layers: schema.prisma, what the migrations make, both databases (or those of `envs`) and the generated
 * client. Each is read once, and nothing is written but a scratch database on DEV's server for what was never replayed.
 * A layer that cannot be read is a part of the report; only what no one can mend is thrown.
 */
export async function readDrift(place: Place, envs: readonly Env[] = ['dev', 'prod']): Promise<DriftReport> {
  const [schemaText, clientText, folder, ...lives] = await Promise.all([
    readSchema(place.root),
    readClientSchema(place.root),
    readFolder(place.root),
    ...envs.map((env) => readLive(() => place.target(env))),
  ])
  const catalogs = openCatalogs(() => scratchServer(place))
  try {
    const named = folder.value ?? []
    const after = (migrations: readonly MigrationText[]) =>
      attempt(() => catalogs.after(migrations.map(({ sql }) => sql)), migrations)
    const ofModel = (text: Found<string>) =>
      text.value === undefined
        ? text
        : attempt(
            () =>
              catalogs.ofModel(
                text.value,
                named.map(({ sql }) => sql),
              ),
            named,
          )
    const migrations = folder.value ? await after(named) : folder
    const schema = await ofModel(schemaText)
    if (schema.problem?.isOfAll) return notCompared(schema.problem, envs)
    const isClientNew = haveSameLines(clientText.value, schemaText.value)
    const client = isClientNew ? schema : await ofModel(clientText)

    const replays = { root: place.root, schema, migrations, after, catalogAfter: catalogs.after }
    const isProdAsked = envs.includes('prod') || isOff(lives[envs.indexOf('dev')], named)
    const prod = isProdAsked ? await readWhatProdRan(place, lives[envs.indexOf('prod')], named, replays) : undefined
    const links = [linkToMigrations(schema, migrations)]
    for (const [i, env] of envs.entries()) {
      links.push(await linkToDatabase(env, lives[i]!, lives[1 - i], named, { ...replays, prod }))
    }
    const dev = links.find(({ to }) => to === 'dev')
    if (dev) links[0]!.next = nextForMigrations(links[0]!, dev.obstacles)
    const failed = links.find(({ to }) => to === 'prod')?.history.find(({ kind }) => kind === 'failed')
    // Until it is settled, the file tells what of it is there.
    if (dev && failed) dev.next = dev.next.filter((line) => !line.includes(`prisma/migrations/${failed.migration}`))
    if (envs.length === 2) links.push(linkBetween(lives[0]!, lives[1]!))
    links.push(linkToClient(schema, client, isClientNew))
    const layers: Layer[] = [
      layer('schema', schema),
      layer('migrations', migrations),
      ...envs.map((env, i) => layer(env, catalogOf(lives[i]!))),
      layer('client', client),
    ]
    const hasProblem = layers.some(({ problem }) => problem)
    const isAllSame = links.every(({ isInSync }) => isInSync)
    return { layers, links, state: hasProblem ? 'error' : isAllSame ? 'same' : 'differs' }
  } finally {
    await catalogs.close()
    for (const live of lives) await live.value?.client.end().catch(() => {})
  }
}

/** DEV has run what the folder does not have, or has otherwise: which of them is right, PROD says. */
function isOff(dev: Found<Live> | undefined, folder: readonly MigrationText[]): boolean {
  return readNotes(dev?.value?.rows ?? [], folder).some(({ kind }) => kind === 'edited' || kind === 'unknown')
}

/** Before anything is said of a part: all that could be said of it might be wrong. */
function notCompared(problem: LayerProblem, envs: readonly Env[]): DriftReport {
  const names: LayerName[] = ['schema', 'migrations', ...envs, 'client']
  return {
    layers: names.map((name) => layer(name, { problem })),
    links: [finished(empty('schema', 'migrations'))],
    state: 'error',
  }
}

function linkToMigrations(schema: Found<Catalog>, migrations: Found<Catalog>): Link {
  // What is expected is the model, and what a new migration would have to change is what the others make.
  const compared = compare(schema.value, migrations.value, { isLive: false })
  return finished({
    ...empty('schema', 'migrations'),
    ...compared,
    prisma: 'npx prisma migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma',
    next: nextForMigrations(compared),
  })
}

interface Replays {
  root: string
  schema: Found<Catalog>
  migrations: Found<Catalog>
  after(migrations: readonly MigrationText[]): Promise<Found<Catalog>>
  catalogAfter: Catalogs['after']
  prod: WhatProdRan | undefined
}

/** A live database is compared with a replay of what was applied there: what is pending is no drift. */
async function linkToDatabase(
  env: Env,
  { value: live }: Found<Live>,
  other: Found<Live> | undefined,
  folder: readonly MigrationText[],
  { root, schema, migrations, after, catalogAfter, prod }: Replays,
): Promise<Link> {
  const link = { ...empty('migrations', env), prisma: commandFor(env) }
  if (!live) return finished(link)
  const read = { notes: readNotes(live.rows, folder), rows: live.rows }
  const whose = env === 'dev' && prod ? givingWay(read.notes, read.rows, prod.rows, folder) : read
  const noted = await withGit(whose.notes, whose.rows, root)
  const failed = noted.find(({ kind }) => kind === 'failed')?.migration
  const took = failed && (await attempt(() => whatTookHold(live.client, folder, failed, catalogAfter))).value
  const history = took ? noted.map((one) => withTookHold(one, took)) : noted
  const texts = new Map(folder.map((migration) => [migration.name, migration]))
  const applied = live.rows
    .filter(({ state, name }) => state === 'applied' && texts.has(name))
    .map(({ name }) => texts.get(name)!)
  const isWhole = applied.length === folder.length && applied.every((one, i) => one === folder[i])
  const replayed = isWhole ? migrations : await after(applied)
  const compared = compare(replayed.value, live.catalog, { isLive: true })
  const otherName = env === 'dev' ? 'PROD' : 'DEV'
  const renames = await attempt(() => withValues(compared.renames, live, other?.value, otherName))
  const pending = folder.filter(({ name }) =>
    history.some(({ kind, migration }) => kind === 'pending' && migration === name),
  )
  const unmigrated = compare(schema.value, migrations.value, { isLive: false }).sql
  const drift =
    env === 'prod' && !areTheSame(compared)
      ? await explainDrift(live, compared, {
          should: replayed.value,
          folder,
          pending: pending.map(({ name }) => name),
          after: catalogAfter,
        })
      : undefined
  const obstacles = await attempt(() =>
    findObstacles(live.client, live.catalog, [...pending.map(({ sql }) => sql), ...unmigrated]),
  )
  return finished({
    ...link,
    ...compared,
    sql: env === 'prod' ? compared.sql.map(keepingValues) : compared.sql,
    renames: renames.value ?? compared.renames,
    history,
    obstacles: obstacles.value ?? [],
    next: nextForDatabase(env, {
      history,
      compared,
      isMade: migrations.value !== undefined && areTheSame(compare(migrations.value, live.catalog, { isLive: true })),
      ...drift,
      isMended: prod?.isMended,
      // Where all migrations of the folder run, none of them has to be mended.
      problem: migrations.value ? undefined : replayed.problem,
      took: took || undefined,
    }),
  })
}

function withTookHold(note: HistoryNote, took: TookHold): HistoryNote {
  if (note.kind !== 'failed' || note.migration !== took.migration.name) return note
  return { ...note, words: `${note.words}: this ${describeTookHold(took)}` }
}

function areTheSame({ differences, renames }: Pick<Link, 'differences' | 'renames'>): boolean {
  return differences.length + renames.length === 0
}

/** On PROD nothing is deleted, so what it has more belongs into a migration. */
function keepingValues(sql: string): string {
  return /\bDROP (COLUMN|TABLE)\b/.test(sql) ? `-- not on PROD, where nothing is deleted: ${sql}` : sql
}

/** No command of Prisma compares two databases; what closes this gap is the way of the migrations. */
function linkBetween({ value: dev }: Found<Live>, { value: prod }: Found<Live>): Link {
  const { differences: all, renames } = compare(dev?.catalog, prod?.catalog, { isLive: true })
  // One that no migration has made may be on DEV alone.
  const differences = all.filter(({ kind }) => kind !== 'extension')
  return finished({ ...empty('dev', 'prod'), differences, renames })
}

function linkToClient(schema: Found<Catalog>, client: Found<Catalog>, isSameText: boolean): Link {
  const { differences, renames } = compare(schema.value, client.value, { isLive: false })
  const next = isSameText ? [] : ['npx prisma generate']
  return { ...finished({ ...empty('schema', 'client'), differences, renames, next }), isInSync: isSameText }
}

function compare(
  should: Catalog | undefined,
  is: Catalog | undefined,
  how: { isLive: boolean },
): Pick<Link, 'differences' | 'renames' | 'sql'> {
  if (!should || !is) return { differences: [], renames: [], sql: [] }
  const { renames, named } = likelyRenames(should, is, how)
  const expected = how.isLive ? named : asMeant(named, is)
  const all = compareCatalogs(expected, is)
  // What a migration made and no model can say is no drift.
  const differences = how.isLive ? all : forModel(all, expected, is)
  // What else differs speaks of tables as they are called now, so these get their names back at the end.
  const [ofTables, ofColumns] = [true, undefined].map((isTable) => renames.filter((one) => one.isTable === isTable))
  const sql = [...renamesBack(ofColumns!), ...closingSql(differences), ...renamesBack(ofTables!)]
  return { differences, renames, sql }
}

function empty(from: LayerName, to: LayerName): Omit<Link, 'isInSync'> {
  return { from, to, differences: [], renames: [], history: [], obstacles: [], sql: [], next: [] }
}

function finished(link: Omit<Link, 'isInSync'>): Link {
  const { differences, renames, history } = link
  const isInSync = differences.length + renames.length === 0 && history.every(({ kind }) => kind === 'rolled back')
  return { ...link, isInSync }
}

function commandFor(env: Env): string {
  return env === 'dev'
    ? 'npx prisma migrate diff --from-migrations prisma/migrations --to-config-datasource'
    : 'npm run migrate -- diff --from-migrations prisma/migrations --to-config-datasource --env prod'
}

function layer(name: LayerName, { value, problem }: Found<Catalog>): Layer {
  return { name, ...(value && { catalog: value }), ...(problem && { problem: problem satisfies LayerProblem }) }
}

function catalogOf({ value, problem }: Found<Live>): Found<Catalog> {
  return value ? { value: value.catalog } : { problem: problem! }
}
