import pg from 'pg'
import { valuesInTheWay, type RowsInTheWay } from './values-in-the-way.ts'

type Client = Pick<pg.ClientBase, 'query'>

/**
 * How many rows a statement failed on; undefined where PostgreSQL's error does not tell. `client` is in a
 * transaction that stands right before the statement, and stays so.
 * Error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export async function rowsInTheWay(
  client: Client,
  statement: string,
  error: pg.DatabaseError,
): Promise<RowsInTheWay | undefined> {
  const count = counters[error.code ?? '']
  if (error.code?.startsWith('22')) return apart(client, () => valuesInTheWay(client, statement))
  if (!count || !error.table) return undefined
  const table = [error.schema, error.table].flatMap((name) => (name ? [pg.escapeIdentifier(name)] : [])).join('.')
  return apart(client, async () => {
    const found = await count({ client, statement, error, table })
    return found && found.n > 0
      ? { words: `${found.n} ${found.n === 1 ? 'row' : 'rows'} of ${error.table}: ${found.why}` }
      : undefined
  })
}

async function apart<Found>(client: Client, count: () => Promise<Found | undefined>): Promise<Found | undefined> {
  await client.query('SAVEPOINT counting')
  try {
    return await count()
  } catch {
    // The rows are told where they can be; the error itself is told in any case.
    return undefined
  } finally {
    await client.query('ROLLBACK TO counting')
  }
}

interface Failure {
  client: Client
  statement: string
  error: pg.DatabaseError
  table: string
}

type Counter = (failure: Failure) => Promise<{ n: number; why: string } | undefined>

const counters: Record<string, Counter> = {
  // A column that becomes required: a new one lacks a value in every row.
  '23502': async ({ client, error, table }) => {
    if (!/contains null values/.test(error.message)) return undefined
    const column = pg.escapeIdentifier(error.column!)
    const isThere = await client
      .query('SELECT FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2', [table, error.column])
      .then(({ rowCount }) => rowCount === 1)
    const n = await one(client, `SELECT count(*) FROM ${table} ${isThere ? `WHERE ${column} IS NULL` : ''}`)
    return { n, why: `no value for the required column ${error.column}` }
  },
  // What becomes unique: PostgreSQL names the columns, or expressions, as SQL.
  '23505': async ({ client, error, table }) => {
    const [, keys] = /^Key \((.+)\)=\(.*\) is duplicated\.$/s.exec(error.detail ?? '') ?? []
    if (!keys) return undefined
    const n = await one(
      client,
      `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ${table} WHERE ROW(${keys}) IS NOT NULL GROUP BY ${keys} HAVING count(*) > 1) AS twice`,
    )
    return { n, why: `they share a value of ${keys}, which becomes unique` }
  },
  '23514': async (failure) => {
    const check = await constraintOf(failure)
    const n = await one(failure.client, `SELECT count(*) FROM ${failure.table} WHERE NOT (${check.expression})`)
    return { n, why: `they do not pass the check ${failure.error.constraint}` }
  },
  '23503': async (failure) => {
    const { other, own, others } = await constraintOf(failure)
    const joined = own.map((column, i) => `t.${column} = o.${others[i]}`).join(' AND ')
    const n = await one(
      failure.client,
      `SELECT count(*) FROM ${failure.table} AS t WHERE ROW(${own.map((column) => `t.${column}`).join(', ')}) IS NOT NULL
       AND NOT EXISTS (SELECT FROM ${other} AS o WHERE ${joined})`,
    )
    return { n, why: `they name no row of ${other}` }
  },
}

/** The constraint that failed, made without a look at the rows where the statement was to make it. */
async function constraintOf({ client, statement, error, table }: Failure) {
  const read = () =>
    client.query<{ expression: string; other: string; own: string[]; others: string[] }>(
      `SELECT pg_get_expr(conbin, conrelid) AS expression, confrelid::regclass::text AS other,
         ARRAY(SELECT quote_ident(attname) FROM unnest(conkey) WITH ORDINALITY AS k (n, i) JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY i) AS own,
         ARRAY(SELECT quote_ident(attname) FROM unnest(confkey) WITH ORDINALITY AS k (n, i) JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY i) AS others
       FROM pg_constraint WHERE conrelid = $1::regclass AND conname = $2`,
      [table, error.constraint],
    )
  const there = await read()
  if (there.rows[0]) return there.rows[0]
  await client.query(statement.replace(/;?\s*$/, ' NOT VALID'))
  return (await read()).rows[0]!
}

async function one(client: Client, sql: string): Promise<number> {
  const { rows } = await client.query<Record<string, string>>(sql)
  return Number(Object.values(rows[0]!)[0])
}
