import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { courseRows, portalCohort, type PortalChanges } from './course-rows.ts'
import { insertOf, nextNumbers, recruitsAt, type TableRows } from './portal-rows.ts'
import { madeWords } from './portal-words.ts'

export interface FillOptions {
  scale: number
  changes: PortalChanges
  /** Asked before each batch. */
  isStopped(): boolean
  /** Called once, when another run is at work and this one waits for it. */
  waiting(): void
  onRows(done: number, all: number): void
}

export type Filled =
  | { did: 'filled'; recruits: number; rows: number; tables: number }
  /** The portal has recruits already: nothing was added. */
  | { did: 'nothing'; recruits: number }
  | { did: 'stopped' }
  /** Nothing was added: these tables are not there, or have rows that are not the portal's. */
  | { did: 'refused'; missing: string[]; taken: string[] }

/** Fills the portal's tables around the recruits that are there, in one transaction: all of it is in, or nothing. */
export async function fillPortal(client: pg.Client, options: FillOptions): Promise<Filled> {
  await client.query('BEGIN')
  const filled = await fill(client, options).catch(async (error) => {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  })
  await client.query(filled.did === 'filled' ? 'COMMIT' : 'ROLLBACK')
  return filled
}

async function fill(client: pg.Client, options: FillOptions): Promise<Filled> {
  if (!(await takeTurn(client, options))) return { did: 'stopped' }
  const { scale, changes, isStopped, onRows } = options
  const names = courseRows(scale, 0, changes).map(({ table }) => table)
  const missing = await missingOf(client, names)
  if (missing.length > 0) return { did: 'refused', missing, taken: [] }
  const there = await portalRecruits(client)
  if (there > 0) return { did: 'nothing', recruits: there }
  const taken = await withRows(client, names)
  if (taken.length > 0) return { did: 'refused', missing: [], taken }

  const before = await takeNumbers(client, recruitsAt(scale))
  const tables = await parentsFirst(client, courseRows(scale, before, changes))
  const all = tables.reduce((sum, { rows }) => sum + rows, 0)
  const words = madeWords()
  let done = 0
  for (const table of tables) {
    for (let from = 1; from <= table.rows; from += atOnce) {
      if (isStopped()) return { did: 'stopped' }
      const to = Math.min(table.rows, from + atOnce - 1)
      await client.query(insertOf(table), [from, to, ...words])
      onRows((done += to - from + 1), all)
    }
  }
  await client.query(nextNumbers)
  return isStopped()
    ? { did: 'stopped' }
    : { did: 'filled', recruits: recruitsAt(scale), rows: all, tables: tables.length }
}

/** Small enough that Ctrl-C is heard at once. */
const atOnce = 10_000

/** A lock that lasts as long as the transaction: two runs at once would add everything twice. */
async function takeTurn(client: pg.Client, { isStopped, waiting }: FillOptions): Promise<boolean> {
  let warned = false
  while (!isStopped()) {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('workshop seed'), hashtext('portal')) AS taken`,
    )
    if (rows[0]!.taken) return true
    if (!warned) waiting()
    warned = true
    await sleep(200)
  }
  return false
}

async function missingOf(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(quote_ident($2) || $3 || quote_ident(name)) IS NULL',
    [tables, 'public', '.'],
  )
  return rows.map(({ name }) => name)
}

async function portalRecruits(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM public.recruits WHERE cohort LIKE $1',
    [`${portalCohort} %`],
  )
  return rows[0]!.n
}

/** Those around the recruits that are not empty: their rows would have the numbers that ours are to get. */
async function withRows(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const around = tables.filter((table) => table !== 'recruits')
  const asked = around.map(
    (table, i) => `SELECT ${i} AS i WHERE EXISTS (SELECT FROM public.${pg.escapeIdentifier(table)})`,
  )
  const { rows } = await client.query<{ i: number }>(asked.join(' UNION ALL '))
  return rows.map(({ i }) => around[i]!)
}

/** So many numbers of recruits that nobody else gets; they begin after the one that is returned. */
async function takeNumbers(client: pg.Client, count: number): Promise<number> {
  const { rows } = await client.query<{ last: string }>(
    `SELECT setval(s, $1 + greatest(nextval(s) - 1, (SELECT max(id) FROM public.recruits))) AS last
     FROM pg_get_serial_sequence('public.recruits', 'id') AS s`,
    [count],
  )
  return Number(rows[0]!.last) - count
}

/** A foreign key wants the row that it points to: tables in the order in which the database can take them. */
async function parentsFirst(client: pg.Client, tables: readonly TableRows[]): Promise<TableRows[]> {
  const { rows: links } = await client.query<{ child: string; parent: string }>(
    `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint
     JOIN pg_class c ON c.oid = conrelid JOIN pg_class p ON p.oid = confrelid
     WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace`,
  )
  const ordered: TableRows[] = []
  const waiting = new Set(tables)
  while (waiting.size > 0) {
    const isFree = ({ table }: TableRows) =>
      ![...waiting].some((one) => links.some(({ child, parent }) => child === table && parent === one.table))
    const free = [...waiting].filter(isFree)
    // A circle: the database says what it does not take.
    for (const one of free.length > 0 ? free : waiting) {
      ordered.push(one)
      waiting.delete(one)
    }
  }
  return ordered
}
