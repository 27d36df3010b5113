import type pg from 'pg'

/** Tables in schemas that no catalog shows, as `billing.invoices`. Without the archive and what stands in PROD to watch it. */
export async function readElsewhere(client: Pick<pg.ClientBase, 'query'>): Promise<{ schema: string; name: string }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$|public$|archive$|workshop$)'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1, 2`,
  )
  return rows
}
