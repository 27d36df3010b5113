import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { listSnapshots, type Snapshot, type TableFile } from '../../kit/keep/snapshots.ts'
import type { Row } from './trial.ts'
import type { Placement } from './trial-judge.ts'

/** Rows of recruits as the copies of PROD hold them, by id, the oldest copy first. */
export type KnownRows = Map<string, Row[]>

/** A copy of so many rows is not read for every check: the deploy itself has counted them. */
const mostRows = 50_000

/**
 * What the copies say that PROD's own ledger names. Those that came after a copy that was brought back tell of a past that
 * was set aside; one that somebody deleted tells nothing.
 */
export async function readKnownRows(client: pg.ClientBase, folder?: string): Promise<KnownRows> {
  const known: KnownRows = new Map()
  const names = await copiesInLedger(client)
  if (names.length === 0) return known
  const copies = listSnapshots(folder).filter(({ name }) => names.includes(name))
  for (const copy of copies.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const [id, row] of recruitsIn(copy)) known.set(id, [...(known.get(id) ?? []), row])
  }
  return known
}

/** Each name that a column of PROD's recruits had at some deploy, and what that column is called now. */
export async function readRenames(client: pg.ClientBase): Promise<Map<string, string>> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger_columns') IS NOT NULL AS there")
  if (!found[0].there) return new Map()
  const { rows } = await client.query<{ was: string; now: string }>(
    `SELECT DISTINCT l.column_name AS was, a.attname AS now FROM workshop.ledger_columns l
     JOIN pg_attribute a ON a.attrelid = l.table_oid AND a.attnum = l.attnum AND NOT a.attisdropped
     WHERE l.table_oid = to_regclass('public.recruits') AND l.column_name <> a.attname`,
  )
  return new Map(rows.map(({ was, now }) => [was, now]))
}

/**
 * Where each column belongs now: where the course puts it or, where no column is called so any more, under the name that
 * the learner's own migrations gave it. A name that still stands is not a rename: it holds what the course says.
 */
export function followRenames(
  placement: Placement,
  renames: ReadonlyMap<string, string>,
  columns: readonly string[],
): Placement {
  const followed: Placement = new Map(placement)
  for (const column of new Set([...placement.keys(), ...renames.keys()])) {
    const wanted = placement.has(column) ? placement.get(column) : column
    if (wanted === undefined || columns.includes(wanted)) continue
    followed.set(column, renames.get(column) ?? renames.get(wanted) ?? wanted)
  }
  return followed
}

/** Names of the copies that PROD's ledger knows, without those of a past that was set aside. */
export async function copiesInLedger(client: pg.ClientBase): Promise<string[]> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NOT NULL AS there")
  if (!found[0].there) return []
  const { rows } = await client.query<{ event: string; snapshot: string | null }>(
    'SELECT event, snapshot FROM workshop.ledger ORDER BY entry',
  )
  let names: string[] = []
  for (const { event, snapshot } of rows) {
    const [, restored] = /^restore of \D*(\d{8}_\d{6}_\d{3})/.exec(event) ?? []
    if (restored) names = names.filter((name) => timeIn(name) <= restored)
    else if (snapshot) names.push(snapshot)
  }
  return names
}

/** The newest copy that PROD's own ledger names, that is still there, and that has what is wrong now as it was. */
export async function copyWithValues(
  client: pg.ClientBase,
  wrong: readonly { rows: readonly { id: string; was: string }[] }[],
  folder?: string,
): Promise<string | undefined> {
  const names = await copiesInLedger(client)
  const lost = wrong.flatMap(({ rows }) => rows)
  const holds = (copy: Snapshot) => {
    const recruits = new Map(recruitsIn(copy))
    return recruits.size > 0 && lost.every(({ id, was }) => Object.values(recruits.get(id) ?? {}).includes(was))
  }
  return listSnapshots(folder).find((copy) => names.includes(copy.name) && holds(copy))?.name
}

function timeIn(name: string): string {
  return /\d{8}_\d{6}_\d{3}/.exec(name)?.[0] ?? ''
}

/** The recruits of a copy, by id; none where it is too big to be read at once. */
export function recruitsIn(copy: Snapshot): [string, Row][] {
  const table = copy.tables.find(({ schema, name }) => schema === 'public' && name === 'recruits')
  return table ? rowsOfTable(copy, table).map((row) => [row['id'] ?? '', row]) : []
}

/** The rows of a table of a copy; none where there are too many to be read at once. */
export function rowsOfTable({ folder }: Snapshot, table: TableFile): Row[] {
  if (table.rows > mostRows) return []
  try {
    return rowsIn(readFileSync(join(folder, table.file), 'utf8'), table)
  } catch (error) {
    // A part of the copy is gone: it tells nothing.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return []
  }
}

/** Rows in COPY's text format: https://www.postgresql.org/docs/current/sql-copy.html */
function rowsIn(text: string, { columns }: TableFile): Row[] {
  const lines = text.split('\n').filter((line) => line !== '' && line !== '\\.')
  return lines.map((line) => Object.fromEntries(line.split('\t').map((value, i) => [columns[i]!, unescaped(value)])))
}

function unescaped(value: string): string | null {
  if (value === '\\N') return null
  if (!value.includes('\\')) return value
  return value.replaceAll(/\\(.)/g, (_, one: string) => escapes[one] ?? one)
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
