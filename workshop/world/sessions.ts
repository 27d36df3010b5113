import type pg from 'pg'

/** Who is connected to a database, as in `psql (process 4711)`. */
export async function sessionsIn(admin: pg.ClientBase, database: string): Promise<string[]> {
  const { rows } = await admin.query<{ who: string }>(
    `SELECT format('%s (process %s)', coalesce(nullif(application_name, ''), 'a session'), pid) AS who
     FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY pid`,
    [database],
  )
  return rows.map(({ who }) => who)
}
