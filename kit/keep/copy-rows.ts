import pg from 'pg'

/** Rows of each table that are copied; a defect that more rows would show is not looked for here. */
const sample = 1_000

/**
 * Copies rows of schema public from one database into another one, table by table, where both have the same columns.
 * Returns how many were copied: a row that does not fit is left out with its table.
 */
export async function copyRows(from: Pick<pg.ClientBase, 'query'>, to: Pick<pg.Pool, 'query'>): Promise<number> {
  const [there, here] = [await tablesOf(from), await tablesOf(to)]
  let waiting = [...here.keys()].filter((table) => there.has(table))
  let copied = 0
  // A table with a foreign key comes after the one that it points to: in a later round, if not by its place.
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length
    const left: string[] = []
    for (const table of waiting) {
      const columns = here.get(table)!.filter((column) => there.get(table)!.includes(column))
      const rows = await copyTable(table, columns, from, to).catch(() => undefined)
      if (rows === undefined) left.push(table)
      else copied += rows
    }
    waiting = left
  }
  return copied
}

async function copyTable(
  table: string,
  columns: readonly string[],
  from: Pick<pg.ClientBase, 'query'>,
  to: Pick<pg.Pool, 'query'>,
): Promise<number> {
  const name = `public.${pg.escapeIdentifier(table)}`
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
  const { rows } = await from.query<{ all: string | null }>(
    `SELECT json_agg(one)::text AS all FROM (SELECT ${list} FROM ${name} LIMIT ${sample}) AS one`,
  )
  const { rowCount } = await to.query(
    `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE
     SELECT ${list} FROM json_populate_recordset(NULL::${name}, $1::json)`,
    [rows[0]!.all ?? '[]'],
  )
  return rowCount ?? 0
}

async function tablesOf(client: Pick<pg.ClientBase, 'query'>): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> '_prisma_migrations'
     GROUP BY 1 ORDER BY 1`,
  )
  return new Map(rows.map(({ name, columns }) => [name, columns]))
}
