import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { EnumLabel, LedgerColumn } from './ledger-entry.ts'
import { readLiveTables, type LiveTables } from './ledger-places.ts'
import { loadSettings } from './copied-database.ts'

/** A table as a copy has it: its columns, and its rows in COPY's text format. A partitioned one has several parts. */
export type CopiedTable = { columns: string[]; open(): Readable }[]

export interface Entries {
  before: readonly LedgerColumn[]
  after: readonly LedgerColumn[]
  /** Labels of enums that are called otherwise now. */
  renamed: readonly (EnumLabel & { now: string })[]
  /** The attributes that composite types had, where one of them has more now: their numbers by the number of the type. */
  had: Record<string, number[]>
}

/**
 * Has the rows of a copy in a table of this session while `work` runs, with the labels of enums as they are called now.
 * Values are read as the copy has them: the zone of a role would give every instant another hour.
 */
export function withCopy<Result>(
  client: pg.ClientBase,
  columns: readonly LedgerColumn[],
  entries: Entries,
  copy: CopiedTable,
  work: (tables: LiveTables) => Promise<Result>,
): Promise<Result> {
  return asInCopy(client, async () => {
    await client.query(
      `CREATE TEMPORARY TABLE ${temporary} (${copy[0]!.columns.map((name) => `${id(name)} text`).join(', ')}) ON COMMIT DROP`,
    )
    for (const { columns: names, open } of copy)
      await pipeline(open(), client.query(copyFrom(`COPY ${temporary} (${names.map(id).join(', ')}) FROM STDIN`)))
    for (const column of columns) await followLabels(client, column, entries)
    await client.query(`ANALYZE ${temporary}`)
    const result = await work(await readLiveTables(client))
    await client.query(`DROP TABLE ${temporary}`)
    return result
  })
}

/** Works under the copy's settings, in the transaction that is open, or in one of its own. */
async function asInCopy<Result>(client: pg.ClientBase, work: () => Promise<Result>): Promise<Result> {
  const { rows } = await client.query('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS inside')
  if (rows[0].inside) {
    await client.query(loadSettings)
    return work()
  }
  await client.query(`BEGIN; ${loadSettings}`)
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** That table. */
export const temporary = 'pg_temp.workshop_before'

/** Has the copy call renamed labels of an enum as they are called now. */
async function followLabels(
  client: pg.ClientBase,
  { column, type }: LedgerColumn,
  { renamed }: Entries,
): Promise<void> {
  if (renamed.length === 0) return
  const below = await typesBelow(client, type)
  const labels = renamed.filter((one) => [type, ...below].some((is) => is === one.type || is === `${one.type}[]`))
  if (labels.length === 0) return
  const value = [type, ...below].some((is) => is.endsWith('[]'))
    ? `(SELECT array_agg(coalesce(l.now, e) ORDER BY n)::text FROM unnest(${id(column)}::text[]) WITH ORDINALITY AS x (e, n) LEFT JOIN l ON l.label = e)`
    : `coalesce((SELECT l.now FROM l WHERE l.label = ${id(column)}), ${id(column)})`
  await client.query(
    `WITH l AS (SELECT * FROM unnest($1::text[], $2::text[]) AS l (label, now)) UPDATE ${temporary} SET ${id(column)} = ${value} WHERE ${id(column)} IS NOT NULL`,
    [labels.map(({ label }) => label), labels.map((one) => one.now)],
  )
}

/** The types that a domain stands on, as the ledger writes them; none for another type. */
async function typesBelow(client: pg.ClientBase, type: string): Promise<string[]> {
  const { rows } = await client.query<{ type: string }>(
    `WITH RECURSIVE below AS (
       SELECT typbasetype AS oid FROM pg_type WHERE oid = to_regtype($1) AND typtype = 'd'
       UNION ALL SELECT y.typbasetype FROM below JOIN pg_type y ON y.oid = below.oid WHERE y.typtype = 'd')
     SELECT format('%I.%I', n.nspname, e.typname) || CASE WHEN y.typelem <> 0 THEN '[]' ELSE '' END AS type
     FROM below JOIN pg_type y ON y.oid = below.oid JOIN pg_type e ON e.oid = CASE y.typelem WHEN 0 THEN y.oid ELSE y.typelem END JOIN pg_namespace n ON n.oid = e.typnamespace`,
    [type],
  )
  return rows.map((row) => row.type)
}

/** Whether a column held one value in every row: what a DEFAULT or a stopgap has put there. */
export async function isPlaceholder(client: pg.ClientBase, column: LedgerColumn): Promise<boolean> {
  if (column.keyPart !== null || column.values < 2) return false
  const { rows } = await client.query<{ kinds: string }>(
    `SELECT count(DISTINCT b.${id(column.column)}) AS kinds FROM ${temporary} AS b`,
  )
  return Number(rows[0]!.kinds) === 1
}

/** What the type's own output function writes: a cast of somebody's own may say what it likes. */
export function text(sql: string): string {
  return `concat(${sql}) COLLATE "C"`
}

export function keySql(parts: readonly string[]): string {
  if (parts.length === 1) return `${parts[0]}::text COLLATE "C"`
  return `ROW(${parts.map((part) => `${part}::text`).join(', ')})::text COLLATE "C"`
}

export function id(name: string): string {
  return pg.escapeIdentifier(name)
}
