import type pg from 'pg'
import { compareCatalogs } from '../plain/catalog-compare.ts'
import type { Finding } from '../plain/branch-report.ts'
import { databaseFindings, type LiveDatabase } from '../plain/database-checks.ts'
import type { HazardFacts } from '../plain/hazard.ts'
import { findRenames, withRenames } from '../plain/renames.ts'
import { readCatalog } from '../world/catalog.ts'
import { openCatalogs } from '../world/catalogs.ts'
import { connectTo } from '../world/connection.ts'
import { readLeftovers } from '../world/leftovers.ts'
import { readAllRows, type NamedMigration } from '../world/migration-history.ts'
import type { Target } from '../world/target.ts'
import { readNotes } from './drift-history.ts'
import { readHazardFacts } from './hazard-facts.ts'

/**
 * What a live database shows against the migrations of a branch. `server` names a database of DEV's server, where the
 * applied ones are replayed. Nothing is written to the database itself.
 */
export async function lookAtDatabase(
  name: string,
  client: pg.Client,
  folder: readonly NamedMigration[],
  server: () => Promise<string>,
): Promise<LiveDatabase> {
  const rows = await readAllRows(client)
  const history = readNotes(rows, folder)
  const texts = new Map(folder.map((migration) => [migration.name, migration.sql]))
  const applied = rows.filter(({ state }) => state === 'applied').map((row) => texts.get(row.name))
  const isTold = history.every(({ kind }) => kind !== 'unknown' && kind !== 'edited')
  return {
    name,
    history,
    // Of a history that is not right nobody can tell what it should have made.
    drift: isTold ? await driftOf(client, applied as string[], server) : [],
    leftovers: await readLeftovers(client),
  }
}

/** Of a database that is named on purpose: what it shows, and what it says of the tables that the branch changes. */
export async function askDatabase(
  target: Target,
  dev: () => Target,
  added: readonly NamedMigration[],
  landed: readonly NamedMigration[],
): Promise<{ findings: Finding[]; facts: HazardFacts }> {
  const client = await connectTo(target)
  try {
    const live = await lookAtDatabase(target.env.toUpperCase(), client, [...landed, ...added], async () => {
      const server = dev()
      await (await connectTo(server)).end()
      return server.url
    })
    return { findings: databaseFindings(live), facts: await readHazardFacts(client, added, landed) }
  } finally {
    await client.end()
  }
}

async function driftOf(
  client: pg.Client,
  scripts: readonly string[],
  server: () => Promise<string>,
): Promise<string[]> {
  const catalogs = openCatalogs(server)
  try {
    const [should, is] = [await catalogs.after(scripts), await readCatalog(client)]
    const renames = findRenames(should, is, { isLive: true })
    return [
      ...renames.map(({ table, from, to }) => `column ${table}.${from} is called ${to}, or it is a drop and an add`),
      ...compareCatalogs(withRenames(should, renames), is).map(({ words }) => words),
    ]
  } finally {
    await catalogs.close()
  }
}
