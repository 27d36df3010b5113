import type pg from 'pg'

/** Whether nobody has made a table or a view yet, but for the workshop's own. */
export async function isEmpty(client: pg.Client | pg.Pool): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^(pg_|information_schema$|workshop$)' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') LIMIT 1`,
  )
  return rowCount === 0
}
