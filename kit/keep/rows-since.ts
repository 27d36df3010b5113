import pg from 'pg'
import type { Snapshot } from './snapshots.ts'

/** How many rows more than the copy a database has, by the names of the tables; those with as many or fewer are left out. */
export async function rowsSince(
  client: pg.ClientBase,
  { tables }: Pick<Snapshot, 'tables'>,
): Promise<{ table: string; rows: number }[]> {
  const since: { table: string; rows: number }[] = []
  for (const { schema, name, rows } of tables.filter((one) => one.schema !== 'workshop')) {
    const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
    const { rows: there } = await client.query('SELECT to_regclass($1) IS NOT NULL AS yes', [table])
    if (!there[0].yes || name === '_prisma_migrations') continue
    const { rows: found } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)
    if (Number(found[0]!.n) > rows) since.push({ table: name, rows: Number(found[0]!.n) - rows })
  }
  return since
}

/** The columns that hold something else now than an entry of the ledger says, or were not there: `recruits.mentor`. */
export async function columnsSince(client: pg.ClientBase, entry: string): Promise<string[]> {
  const { rows } = await client.query<{ column: string }>(
    `SELECT DISTINCT concat_ws('.', nullif(k.schema, 'public'), k.table_name, k.column_name) AS column
     FROM (SELECT table_oid, array_agg(attnum) AS columns FROM workshop.kept_columns
           WHERE table_name <> '_prisma_migrations' AND table_oid NOT IN (SELECT oid FROM pg_class WHERE relispartition)
           GROUP BY table_oid) AS t
     CROSS JOIN LATERAL workshop.fingerprints(t.table_oid, t.columns) AS f
     JOIN workshop.kept_columns AS k ON (k.table_oid, k.attnum) = (t.table_oid, f.attnum)
     LEFT JOIN workshop.ledger_columns AS was ON was.entry = $1 AND (was.table_oid, was.attnum) = (t.table_oid, f.attnum)
     WHERE f."values" > 0 AND f.fingerprint IS DISTINCT FROM was.fingerprint OR was."values" > f."values"
     ORDER BY 1`,
    [entry],
  )
  return rows.map(({ column }) => column)
}
