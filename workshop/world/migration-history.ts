import type pg from 'pg'

/** A row of `_prisma_migrations` that counts: applied, or started and neither finished nor rolled back. */
export interface HistoryRow {
  id: string
  name: string
  failed: boolean
}

/** What Prisma notes of the migrations of a database, oldest first; empty when it has noted nothing yet. */
export async function readHistory(client: pg.ClientBase): Promise<HistoryRow[]> {
  const { rows: found } = await client.query("SELECT to_regclass('public._prisma_migrations') AS there")
  if (found[0].there === null) return []
  const { rows } = await client.query<HistoryRow>(
    `SELECT id, migration_name AS name, finished_at IS NULL AS failed
     FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  )
  return rows
}
