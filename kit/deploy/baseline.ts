import { join } from 'node:path'
import type pg from 'pg'
import { compareCatalogs } from '../catalog/compare-catalogs.ts'
import { openCatalogs } from '../catalog/catalogs.ts'
import { readAllRows, readHistory, rebaseline } from '../catalog/migration-history.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { connectTo } from '../database/connection.ts'
import { databaseOf, openAsAdmin } from '../database/provision.ts'
import type { Env, Place } from '../database/target.ts'
import { attempt, readFolder } from '../drift/layers.ts'
import { scratchServer } from '../drift/scratch-server.ts'
import { openEngine } from '../engine/engine.ts'
import { readMigrations } from '../engine/migration-files.ts'
import { checksumOf, type MigrationText } from '../sql/migration-text.ts'
import { Problem } from '../terminal/problem.ts'

/**
 * Notes the migrations of the folder as applied on a database whose tables are proven to be what they make: it was made by
 * hand, or they have other names than those that ran there. Nothing is run. Returns a line for each note. Throws a Problem.
 */
export async function baseline(place: Place, env: Env): Promise<string[]> {
  const folder = await readFolder(place.root)
  if (!folder.value) throw new Problem(folder.problem.message, folder.problem)
  const target = place.target(env)
  const client = await connectTo(target)
  try {
    await assertMade(client, folder.value, place, env)
    const rows = await readAllRows(client)
    const history = await readHistory(client)
    const names = folder.value.map(({ name }) => name)
    const isNoted = ({ name, sql }: MigrationText) =>
      history.some((row) => row.name === name && !row.failed) &&
      rows.some((row) => row.name === name && row.state === 'applied' && row.checksum === checksumOf(sql))
    const added = folder.value.filter((one) => !isNoted(one))
    // A note of another text goes too: what stands there is what the text of the folder makes.
    const retired = history.filter(({ name }) => !names.includes(name) || added.some((one) => one.name === name))
    if (rows.length === 0) await noteAll(target.url, place.root, added)
    else {
      const admin = (await openAsAdmin(target, databaseOf(target))) ?? client
      await rebaseline(admin, { history, retired, added }).finally(() => admin !== client && admin.end())
    }
    return [
      ...retired.map(
        ({ name }) => `retired  ${name}  (rolled_back_at is set; the row is kept in workshop.retired_migrations)`,
      ),
      ...added.map(({ name }) => `applied  ${name}  (noted, not run)`),
    ]
  } finally {
    await client.end()
  }
}

async function assertMade(client: pg.Client, folder: readonly MigrationText[], place: Place, env: Env): Promise<void> {
  const catalogs = openCatalogs(() => scratchServer(place))
  try {
    const made = await attempt(() => catalogs.after(folder.map(({ sql }) => sql)), folder)
    if (!made.value) throw new Problem(made.problem.message, made.problem)
    const differences = compareCatalogs(made.value, await readCatalog(client))
    if (differences.length === 0) return
    const ENV = env.toUpperCase()
    throw new Problem(`${ENV} is not what the migrations of this folder make: nothing was noted.`, {
      why: `${differences
        .slice(0, 3)
        .map(({ words }) => words)
        .join('; ')}. A note that a migration is applied has to be true.`,
      next: `npm run drift -- --env ${env}`,
    })
  } finally {
    await catalogs.close()
  }
}

/** Where Prisma has never been, it makes its own table. */
async function noteAll(url: string, root: string, added: readonly MigrationText[]): Promise<void> {
  const migrationsList = await readMigrations(join(root, 'prisma', 'migrations'))
  const engine = await openEngine({ url })
  try {
    for (const { name } of added) await engine.markMigrationApplied({ migrationName: name, migrationsList })
  } finally {
    await engine.close()
  }
}
