import type pg from 'pg'

/** A migration that counts in a database: applied, or started and neither finished nor rolled back. */
export interface AppliedMigration {
  name: string
  failed: boolean
}

/** What Prisma has noted of the migrations of a database, oldest first. */
export async function appliedMigrations(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const found = await client.query<{ there: boolean }>(
    "SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there",
  )
  if (!found.rows[0]!.there) return []
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, finished_at IS NULL AS failed FROM public._prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  )
  return rows
}
