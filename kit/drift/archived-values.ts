import pg from 'pg'
import type { Catalog, Column } from '../catalog/catalog.ts'

/** A column that is missing, and a table of the schema `archive` that has its value for every row, under the row's key. */
export interface Archived {
  table: string
  column: string
  /** The name of the table in schema `archive`. */
  from: string
  key: string
}

type Client = Pick<pg.ClientBase, 'query'>

/** Looks for a table in schema `archive` that holds the column, whole. The newest of several. */
export async function findArchived(
  client: Client,
  live: Catalog,
  table: string,
  column: Column,
): Promise<Archived | undefined> {
  const key = keyOf(live, table)
  const keyType = live.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === key)?.type
  if (key === undefined || keyType === undefined) return undefined
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = 'archive' AND c.relkind IN ('r', 'p')
       AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = $1 AND NOT a.attisdropped
                   AND format_type(a.atttypid, a.atttypmod) = $2)
       AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = $3 AND NOT a.attisdropped
                   AND format_type(a.atttypid, a.atttypmod) = $4)
     ORDER BY c.oid DESC LIMIT 20`,
    [column.name, column.type, key, keyType],
  )
  for (const { name: from } of rows) {
    if (await holdsAll(client, { table, column: column.name, from, key }))
      return { table, column: column.name, from, key }
  }
  return undefined
}

/** The one column of the primary key. */
export function keyOf({ objects }: Catalog, table: string): string | undefined {
  const key = objects.find((object) => object.kind === 'primary key' && object.table === table)
  return /^PRIMARY KEY \("?([^",]+)"?\)$/.exec(key?.definition ?? '')?.[1]
}

/** The names that are taken in schema `archive`. */
export async function namesInArchive(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'archive'`,
  )
  return rows.map(({ name }) => name)
}

/** One value for each row, and no row without one. */
async function holdsAll(client: Client, { table, column, from, key }: Archived): Promise<boolean> {
  const [t, c, f, k] = [table, column, from, key].map((name) => pg.escapeIdentifier(name))
  const { rows } = await client.query<{ all: boolean }>(
    `SELECT NOT EXISTS (
       SELECT FROM public.${t} AS t
       LEFT JOIN (SELECT ${k} AS key, count(DISTINCT ${c}) AS n FROM archive.${f} GROUP BY 1) AS a ON a.key = t.${k}
       WHERE a.n IS DISTINCT FROM 1) AS all`,
  )
  return rows[0]!.all
}
