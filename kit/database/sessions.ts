import type pg from 'pg'

/** What the board's sessions call themselves. Each ends within a moment, and PostgreSQL waits five seconds for that. */
export const boardName = 'migrations workshop board'

/** Who is connected to a database, as in `psql (process 4711)`. The board's looks do not count. */
export async function sessionsIn(admin: pg.ClientBase, database: string): Promise<string[]> {
  const { rows } = await admin.query<{ who: string }>(
    `SELECT format('%s (process %s)', coalesce(nullif(application_name, ''), 'a session'), pid) AS who
     FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND application_name <> $2 ORDER BY pid`,
    [database, boardName],
  )
  return rows.map(({ who }) => who)
}
