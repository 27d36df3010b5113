import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import { compareCatalogs } from '../catalog/compare-catalogs.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { openCatalogs } from '../catalog/catalogs.ts'
import { connectTo } from '../database/connection.ts'
import { openEngine } from '../engine/engine.ts'
import { readMigrations } from '../engine/migration-files.ts'
import { readAllRows, readCutOff, type CutOff } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { isOneTransaction } from '../sql/statements.ts'
import { clearUp } from '../keep/restore.ts'
import { tryTurn } from '../keep/deploy-turn.ts'
import type { Stage } from './deploy-lines.ts'
import { countAfterCutOff } from './deploy-ledger.ts'
import type { Place } from '../database/target.ts'
import { attempt, readFolder } from '../drift/layers.ts'
import { withClient } from '../database/connection.ts'

/**
 * After a crash: finds out what became of a migration of PROD that was cut off, and notes it, so that the next deploy can
 * go on. PostgreSQL has run its script whole or not at all. Returns what was noted; nothing where there is no doubt to
 * settle, or no way to be sure.
 */
export async function settleCutOff(place: Place): Promise<string | undefined> {
  const prod = place.target('prod')
  const cutOff = await withClient(prod, readCutOff)
  if (!cutOff) return undefined
  const hasRun = await hasItRun(place, cutOff)
  if (hasRun === undefined) return undefined

  const migrationsList = await readMigrations(join(place.root, 'prisma', 'migrations'))
  const engine = await openEngine({ url: prod.url })
  try {
    const migrationName = cutOff.name
    if (hasRun) await engine.markMigrationApplied({ migrationName, migrationsList })
    else await engine.markMigrationRolledBack({ migrationName })
  } finally {
    await engine.close()
  }
  return hasRun
    ? `${cutOff.name} was cut off after its end: all of it is there, and is noted as applied`
    : `${cutOff.name} was cut off, and PostgreSQL rolled it back whole: noted, and the next deploy runs it`
}

/**
 * After a crash: counts what a deploy that was cut off could not count any more, and clears up after a restore. Undefined
 * where there is nothing to count, or a deploy is at work.
 */
export async function countCutOff({ target }: Place): Promise<Stage | undefined> {
  const prod = target('prod')
  await clearUp(prod)
  return withClient(prod, async (client) => ((await tryTurn(client)) ? countAfterCutOff(client) : undefined))
}

/** What the script says of itself, and the tables: neither may contradict the other. Undefined where it stays open. */
async function hasItRun(place: Place, { name, checksum, hasRun }: CutOff): Promise<boolean | undefined> {
  const folder = await readFolder(place.root)
  const migration = folder.value?.find((one) => one.name === name)
  const isTheSame = migration && createHash('sha256').update(migration.sql).digest('hex') === checksum
  if (!isTheSame || !isOneTransaction(migration.sql)) return undefined
  const shape = await attempt(() => readShape(place, folder.value!, migration), [])
  const { isBefore, isAfter } = shape.value ?? { isBefore: true, isAfter: true }
  if (isBefore === isAfter) return hasRun ?? undefined
  return hasRun && !isAfter ? undefined : isAfter
}

/** Whether PROD's tables are what its migrations make without this one, and with it. */
async function readShape(place: Place, folder: readonly MigrationText[], migration: MigrationText) {
  const client = await connectTo(place.target('prod'))
  const catalogs = openCatalogs(async () => {
    const dev = place.target('dev')
    await (await connectTo(dev)).end()
    return dev.url
  })
  try {
    const applied = (await readAllRows(client)).filter(({ state }) => state === 'applied')
    const scripts = applied.map((row) => folder.find(({ name }) => name === row.name)?.sql ?? '')
    const live = await readCatalog(client)
    const is = (should: Catalog) => compareCatalogs(should, live).length === 0
    return {
      isBefore: is(await catalogs.after(scripts)),
      isAfter: is(await catalogs.after([...scripts, migration.sql])),
    }
  } finally {
    await catalogs.close()
    await client.end()
  }
}
