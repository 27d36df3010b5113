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
