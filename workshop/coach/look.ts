import { createHash } from 'node:crypto'
import pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import { readCatalog } from '../../kit/catalog/read-catalog.ts'
import { connectTo, explain, open } from '../../kit/database/connection.ts'
import { readGuard } from '../../kit/guard/guard.ts'
import { readLastEntry } from '../../kit/keep/ledger.ts'
import { readAllRows } from '../../kit/catalog/migration-history.ts'
import type { Target } from '../../kit/database/target.ts'

/** What one short look at a database has found. Its connection is closed again. */
export interface Look {
  /** PostgreSQL's list of finished transactions: while it is the same, nothing was written on the whole server. */
  moment?: string
  /** While it is the same, so is all that the board shows of this database. */
  print: string
  problem?: Problem
}

/** Looks whether something has changed since `before`: most of the time one connection, and a query that reads no table. */
export async function look(target: Target, before?: Look): Promise<Look> {
  const moment = await momentOf(target)
  if (moment instanceof Problem) return { print: moment.message + moment.why, problem: moment }
  if (moment === before?.moment) return before
  try {
    return { moment, print: await printOf(target) }
  } catch (error) {
    if (error instanceof Problem) return { moment, print: error.message + error.why, problem: error }
    // Cut off, or somebody holds a lock just now. Without a moment, the next look asks again.
    return { print: (error as Error).message }
  }
}

async function momentOf(target: Target): Promise<string | Problem> {
  const client = await open(target.url)
  if (!(client instanceof pg.Client)) return explain(target, client)
  try {
    const { rows } = await client.query<{ moment: string }>('SELECT pg_current_snapshot()::text AS moment')
    return rows[0]!.moment
  } catch (error) {
    return explain(target, { kind: 'unreachable', message: (error as Error).message })
  } finally {
    await client.end()
  }
}

async function printOf(target: Target): Promise<string> {
  const client = await connectTo(target)
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const facts = [
      await readCatalog(client),
      await readAllRows(client),
      await lastWrites(client),
      target.env === 'prod' && [await readLastEntry(client), await readGuard(client)],
    ]
    return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
  } finally {
    await client.end()
  }
}

/** Of a database with more tables than this, only the first are looked into. */
const mostTables = 50

/** Each table's rows, and the transaction that was the last to write one of them. */
async function lastWrites(client: pg.ClientBase): Promise<unknown[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relnamespace = to_regnamespace('public') AND relkind = 'r' ORDER BY oid LIMIT ${mostTables}`,
  )
  if (tables.length === 0) return []
  const counts = tables.map(({ name }) => `SELECT count(*), max(xmin::text::bigint) FROM ONLY ${name}`)
  return (await client.query(counts.join(' UNION ALL '))).rows
}
