import type pg from 'pg'
import { compareCatalogs } from '../catalog/compare-catalogs.ts'
import type { Finding } from '../hazards/finding.ts'
import { databaseFindings, type LiveDatabase } from './database-checks.ts'
import type { HazardFacts } from '../hazards/hazard.ts'
import { describeRename, likelyRenames } from '../catalog/likely-renames.ts'
import { readElsewhere } from '../catalog/elsewhere.ts'
import type { NotChecked } from './review-report.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { openCatalogs } from '../catalog/catalogs.ts'
import { connectTo } from '../database/connection.ts'
import { readLeftovers } from '../catalog/leftovers.ts'
import { readAllRows } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import type { Target } from '../database/target.ts'
import { readNotes } from '../drift/history-notes.ts'
import { readHazardFacts } from '../hazards/hazard-facts.ts'

/**
 * What a live database shows against the migrations of a branch. `server` names a database of DEV's server, where the
 * applied ones are replayed. Nothing is written to the database itself.
 */
export async function lookAtDatabase(
  name: string,
  client: pg.Client,
  folder: readonly MigrationText[],
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
  added: readonly MigrationText[],
  landed: readonly MigrationText[],
): Promise<{ findings: Finding[]; facts: HazardFacts; notChecked: NotChecked[] }> {
  const client = await connectTo(target)
  try {
    const live = await lookAtDatabase(target.env.toUpperCase(), client, [...landed, ...added], async () => {
      const server = dev()
      await (await connectTo(server)).end()
      return server.url
    })
    const others = [...new Set((await readElsewhere(client)).map(({ schema }) => schema))]
    return {
      findings: databaseFindings(live),
      facts: await readHazardFacts(client, added, landed),
      notChecked: others.length > 0 ? [notCompared(target, others)] : [],
    }
  } finally {
    await client.end()
  }
}

function notCompared({ env }: Target, schemas: readonly string[]): NotChecked {
  return {
    what: `drift in the schemas ${schemas.join(', ')} of ${env.toUpperCase()}`,
    why: 'Only public is compared.',
    next: `npm run migrate -- diff --from-migrations prisma/migrations --to-config-datasource --env ${env}`,
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
    const { renames, named } = likelyRenames(should, is, { isLive: true })
    return [...renames.map(describeRename), ...compareCatalogs(named, is).map(({ words }) => words)]
  } finally {
    await catalogs.close()
  }
}
