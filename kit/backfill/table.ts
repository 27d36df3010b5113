import type pg from 'pg'
import { quoted } from '../catalog/catalog-sql.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { Problem } from '../terminal/problem.ts'
import { isEmpty, type KeyedTable } from './batch-sql.ts'
import { kindOf } from './failures.ts'
import { nameOf, type BackfillPlan } from './plan.ts'

export interface TableToFill extends KeyedTable {
  /** Bytes on the disk. */
  tableBytes: number
  indexBytes: number
}

interface Found {
  oid: number
  kind: string
  attnum: number | null
  tableBytes: string
  indexBytes: string
  columns: string[]
  key: { name: string; type: string }[] | null
}

/** Looks at the table. Throws a Problem where it cannot be filled: there is none, or nothing tells its rows apart. */
export async function readTable(client: pg.ClientBase, plan: BackfillPlan, ENV: string): Promise<TableToFill> {
  const { rows } = await client.query<Found>(findTable, [plan.table, plan.column])
  const [found] = rows
  const refused = (why: string, next: string | string[]) =>
    new Problem(`${nameOf(plan)} was not filled: nothing was changed.`, { why, next })
  if (!found || !['r', 'p'].includes(found.kind)) {
    const what = found ? `${plan.table} is no table of rows` : `${ENV} has no table ${plan.table} in schema public`
    throw refused(`${what}.`, `npm run psql -- --env ${ENV.toLowerCase()} -c "\\dt"    (shows the tables)`)
  }
  if (found.attnum === null) {
    const columns = found.columns.join(', ')
    throw refused(
      `${plan.table} has no column ${plan.column}. It has: ${columns}.`,
      'A new column comes by a migration first.',
    )
  }
  if (!found.key) {
    const index = `CREATE UNIQUE INDEX CONCURRENTLY "${plan.table}_key" ON ${quoted(plan.table)} ("COLUMN");`
    throw refused(
      `${plan.table} has no primary key, and no unique index of required columns: nothing tells its rows apart, so nobody could say which are done.`,
      [
        `${index}    (in a migration, with a required column that tells rows apart)`,
        'Then type the same command again.',
      ],
    )
  }
  const { oid, attnum, key } = found
  const sql = `"public".${quoted(plan.table)}`
  return { oid, attnum, sql, key, tableBytes: Number(found.tableBytes), indexBytes: Number(found.indexBytes) }
}

/** Has PostgreSQL read the expression, without a look at a row. Throws a Problem with what it says. */
export async function assertTaken(client: pg.ClientBase, { sql }: KeyedTable, plan: BackfillPlan): Promise<void> {
  try {
    const column = quoted(plan.column)
    await client.query(`EXPLAIN UPDATE ${sql} SET ${column} = (${plan.expression}\n) WHERE ${isEmpty(plan)}`)
  } catch (error) {
    if (!isDatabaseError(error) || kindOf(error) === 'lock') throw error
    const isWord = /^column "\w+" does not exist/.test(error.message)
    throw new Problem(`${nameOf(plan)} was not filled: nothing was changed.`, {
      why: `PostgreSQL does not take that expression: ${error.message}.${error.hint ? ` ${error.hint}` : ''}`,
      next: isWord
        ? `A text stands in single quotes, as in  "'unknown'"  ; without them it names a column.`
        : `An expression of the row's columns, as in  "lower(first_name)"  or  "'unknown'"`,
      cause: error,
    })
  }
}

/** How many rows there are, and how many of them wait for a value. */
export async function countRows(
  client: pg.ClientBase,
  { sql }: KeyedTable,
  plan: BackfillPlan,
): Promise<{ rows: number; empty: number }> {
  const { rows } = await client.query<{ rows: string; empty: string }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE ${isEmpty(plan)}) AS empty FROM ${sql}`,
  )
  return { rows: Number(rows[0]!.rows), empty: Number(rows[0]!.empty) }
}

// A primary key, or the smallest other index that says the same of all rows.
const findTable = `
  SELECT c.oid::int8::float8 AS oid, c.relkind AS kind, a.attnum,
    pg_table_size(c.oid) AS "tableBytes", pg_indexes_size(c.oid) AS "indexBytes",
    ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum) AS columns,
    (SELECT jsonb_agg(jsonb_build_object('name', k.attname, 'type', format_type(k.atttypid, k.atttypmod)) ORDER BY n)
     FROM (SELECT i.* FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
             AND i.indpred IS NULL AND i.indexprs IS NULL AND 0 = ALL (i.indoption::int2[])
             AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n) JOIN pg_attribute o ON o.attrelid = c.oid AND o.attnum = k.attnum
                             WHERE k.n <= i.indnkeyatts AND NOT o.attnotnull)
           ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) AS i,
       unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, n) JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = u.attnum
     WHERE u.n <= i.indnkeyatts) AS key
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relname = $1 AND c.relnamespace = to_regnamespace('public')`
