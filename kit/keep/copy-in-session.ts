import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { EnumLabel, LedgerColumn } from './ledger-entry.ts'
import { readLiveTables, type LiveTables } from './ledger-places.ts'

/** A table as a copy has it: its columns, and its rows in COPY's text format. A partitioned one has several parts. */
export type CopiedTable = { columns: string[]; open(): Readable }[]

export interface Entries {
  before: readonly LedgerColumn[]
  after: readonly LedgerColumn[]
  /** Labels of enums that are called otherwise now. */
  renamed: readonly (EnumLabel & { now: string })[]
}

/** Has the rows of a copy in a table of this session while `work` runs, with the labels of enums as they are called now. */
export async function withCopy<Result>(
  client: pg.ClientBase,
  columns: readonly LedgerColumn[],
  entries: Entries,
  copy: CopiedTable,
  work: (tables: LiveTables) => Promise<Result>,
): Promise<Result> {
  await client.query(
    `CREATE TEMPORARY TABLE ${temporary} (${copy[0]!.columns.map((name) => `${id(name)} text`).join(', ')})`,
  )
  try {
    for (const { columns: names, open } of copy)
      await pipeline(open(), client.query(copyFrom(`COPY ${temporary} (${names.map(id).join(', ')}) FROM STDIN`)))
    for (const column of columns) await followLabels(client, column, entries)
    await client.query(`ANALYZE ${temporary}`)
    return await work(await readLiveTables(client))
  } finally {
    await client.query(`DROP TABLE ${temporary}`).catch(() => {})
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
  const labels = renamed.filter((one) => type === one.type || type === `${one.type}[]`)
  if (labels.length === 0) return
  const value = type.endsWith('[]')
    ? `(SELECT array_agg(coalesce(l.now, e) ORDER BY n)::text FROM unnest(${id(column)}::text[]) WITH ORDINALITY AS x (e, n) LEFT JOIN l ON l.label = e)`
    : `coalesce((SELECT l.now FROM l WHERE l.label = ${id(column)}), ${id(column)})`
  await client.query(
    `WITH l AS (SELECT * FROM unnest($1::text[], $2::text[]) AS l (label, now)) UPDATE ${temporary} SET ${id(column)} = ${value} WHERE ${id(column)} IS NOT NULL`,
    [labels.map(({ label }) => label), labels.map((one) => one.now)],
  )
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
