import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { manyRows } from '../hazards/hazards.ts'
import type { LedgerEntry } from '../keep/ledger-entry.ts'
import { lasting } from '../terminal/numbers.ts'

/** How long somebody waited for an answer at most while a migration ran, in milliseconds. */
export interface Felt {
  migration: string
  table: string
  reads: number
  writes: number
}

/** Whoever waits for longer than this, thinks that nothing works. */
const felt = 250

/** Milliseconds from one question to the next. Each has its moment, whether those before it were answered or not. */
const interval = 20

/** A writer that waits holds a lock of its own: it lets go after so long, asks again, and goes on counting. */
const patience = '100ms'

/** Of more tables than this, those with the most rows. */
const mostTables = 3

/** The tables on which it is worth a try: small ones are done before anybody notices. */
export function bigTables({ columns }: LedgerEntry): string[] {
  const rows = new Map(columns.map((column) => [column.table, column.rows]))
  const big = [...rows].filter(([, count]) => count >= manyRows)
  return big
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, mostTables)
    .map(([table]) => table)
}

/**
 * Runs a migration while somebody reads and somebody writes single rows of each table, as an application does. The writer
 * takes the locks of an UPDATE and changes nothing, so no value, no trigger and no sequence knows of it. Locks alone do not
 * tell this: an UPDATE of all rows takes no strong one, and still holds each row that it has written to its end.
 */
export async function feltBy(
  open: () => Promise<pg.Client>,
  tables: readonly string[],
  migration: string,
  run: () => Promise<void>,
): Promise<Felt[]> {
  const stopping = new AbortController()
  // They tell what is good to know; no rehearsal fails for want of them.
  const begun = tables.map((table) => begin(open, table, stopping.signal).catch(() => undefined))
  const working = await Promise.all(begun)
  try {
    await run()
  } finally {
    stopping.abort()
    await Promise.all(working.map((one) => one?.ended))
  }
  const all = await Promise.all(working.map((one) => one?.ended))
  return all.flatMap((times, i) => (times ? [{ migration, table: shown(tables[i]!), ...times }] : []))
}

/** What others would have felt, a line for each table and migration; one in all where nobody would have. */
export function describeFelt(all: readonly Felt[]): string[] {
  if (all.length === 0) return []
  const waited = all.filter(({ reads, writes }) => Math.max(reads, writes) > felt)
  if (waited.length === 0) {
    const tables = [...new Set(all.map(({ table }) => table))].join(', ')
    return [`somebody read and wrote ${tables} meanwhile, and waited for at most ${felt / 1000} s`]
  }
  return waited.map(({ migration, table, reads, writes }) => {
    const who = [
      ...(writes > felt ? [`whoever wrote ${lasting(writes / 1000)}`] : []),
      ...(reads > felt ? [`whoever read ${lasting(reads / 1000)}`] : []),
    ]
    return `on ${table} others waited during ${migration}: ${who.join(', ')}`
  })
}

interface Times {
  reads: number
  writes: number
}

/** A reader and a writer, each in a session of its own, until the signal. */
async function begin(
  open: () => Promise<pg.Client>,
  table: string,
  signal: AbortSignal,
): Promise<{ ended: Promise<Times> }> {
  const [reader, writer] = [await open(), await open()]
  const end = () => Promise.all([reader.end().catch(() => {}), writer.end().catch(() => {})])
  try {
    const { name, rows } = await rowsOf(reader, table)
    for (const client of [reader, writer]) await client.query(`SET lock_timeout = '${patience}'`)
    const row = (n: number) =>
      `SELECT FROM ${name} WHERE ctid = '${n % 2 === 0 ? rows[0]! : rows[n % rows.length]!}'::tid`
    const read = (n: number) => row(n)
    const write = (n: number) =>
      `BEGIN; LOCK TABLE ${name} IN ROW EXCLUSIVE MODE; ${row(n)} FOR NO KEY UPDATE; ROLLBACK`
    const working = Promise.all([longest(reader, read, signal), longest(writer, write, signal)])
    return { ended: working.then(([reads, writes]) => ({ reads, writes })).finally(end) }
  } catch (error) {
    await end()
    throw error
  }
}

/** The table as SQL writes it, and where some of its rows lie: the first one, which waits the longest, and others. */
async function rowsOf(client: pg.Client, table: string): Promise<{ name: string; rows: string[] }> {
  const { rows: found } = await client.query<{ name: string }>('SELECT to_regclass($1)::text AS name', [table])
  const { name } = found[0]!
  const { rows } = await client.query<{ at: string }>(
    `(SELECT ctid::text AS at FROM ${name} LIMIT 1) UNION ALL (SELECT ctid::text FROM ${name} TABLESAMPLE SYSTEM (1) LIMIT 200)`,
  )
  return { name, rows: rows.map(({ at }) => at) }
}

/** Asks at its moments until the signal; the longest time from such a moment to the answer. */
async function longest(client: pg.Client, sql: (n: number) => string, signal: AbortSignal): Promise<number> {
  const begun = performance.now()
  let most = 0
  for (let n = 0; !signal.aborted; n++) {
    // Who comes while one waits has waited for less.
    n = Math.max(n, Math.floor((performance.now() - begun) / interval))
    const due = begun + n * interval
    await sleep(Math.max(0, due - performance.now()))
    while (!signal.aborted && !(await isAnswered(client, sql(n))));
    most = Math.max(most, performance.now() - due)
  }
  return most
}

/** Whether there was an answer, as that the table is gone is one too. */
async function isAnswered(client: pg.Client, sql: string): Promise<boolean> {
  try {
    await client.query(sql)
    return true
  } catch (error) {
    const isWaiting = (error as pg.DatabaseError).code === '55P03'
    // A session that is gone has nothing to say; the others end with theirs.
    await client.query('ROLLBACK').catch(() => {})
    return !isWaiting
  }
}

function shown(table: string): string {
  return table.replace(/^public\./, '')
}
