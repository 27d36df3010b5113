import type pg from 'pg'
import { id, temporary, text, withCopy, type CopiedTable, type Entries } from './copy-in-session.ts'
import { readAsBefore } from './holds-value.ts'
import { find, type LedgerColumn, type LostValues } from './ledger-entry.ts'
import { placesOf, type LiveTables, type Place } from './ledger-places.ts'
import { nameOf } from './ledger-sums.ts'
import { findMissing } from './lost-values.ts'

/**
 * Rows of a table without a key whose values no longer stand beside each other, although each column has all that it had:
 * they changed places between rows. A gap that was filled is none. Only columns count that hold in themselves what they held,
 * in the type that they had.
 */
export async function findMixedRows(
  client: pg.ClientBase,
  columns: readonly LedgerColumn[],
  suspects: readonly LedgerColumn[],
  entries: Entries,
  copy: CopiedTable,
): Promise<LostValues[]> {
  const whole: LedgerColumn[] = []
  for (const column of columns) {
    const now = find(entries.after, column)
    if (now?.type !== column.type) continue
    if (suspects.includes(column) && (await findMissing(client, column, now, entries, copy)).count > 0) continue
    whole.push(column)
  }
  if (whole.length < 2) return []
  return withCopy(client, whole, entries, copy, (tables) => compareRows(client, whole, entries, tables))
}

async function compareRows(
  client: pg.ClientBase,
  columns: readonly LedgerColumn[],
  entries: Entries,
  tables: LiveTables,
): Promise<LostValues[]> {
  const own: Place[] = []
  for (const column of columns) {
    const itself = placesOf(column, entries, tables).find(({ kind }) => kind === 'itself')
    if (!itself) return []
    own.push(...(await readAsBefore(client, [itself], entries.had)))
  }
  const here = own.map((place) => place.asItWas ?? valueText(place.column))
  const places = [`SELECT ARRAY[${here.join(', ')}] AS r FROM ${own[0]!.from} AS t`]
  for (const [oid, { sql, isArchive }] of tables) {
    const names = new Set(entries.after.filter(({ tableOid }) => tableOid === oid).map(({ column }) => column))
    if (!isArchive || oid === columns[0]!.tableOid || !columns.every(({ column }) => names.has(column))) continue
    places.push(`SELECT ARRAY[${columns.map(({ column }) => valueText(column)).join(', ')}] FROM ${sql} AS t`)
  }
  const { rows } = await client.query<{ was: string; count: string }>(
    sqlForRows(
      `SELECT ARRAY[${columns.map(({ column }) => `b.${id(column)}`).join(', ')}] AS r FROM ${temporary} AS b`,
      places,
    ),
  )
  if (rows.length === 0) return []
  const examples = rows.map(({ was }) => ({ key: '?', was, is: null }))
  return [{ column: nameOf(columns[0]!.table), areRows: true, count: Number(rows[0]!.count), returned: 0, examples }]
}

function valueText(column: string): string {
  return `CASE WHEN num_nonnulls(t.${id(column)}) = 1 THEN ${text(`t.${id(column)}`)} END`
}

/**
 * Rows with the same gaps are compared with all rows as they are now, read with these gaps: as often as one was there, it has
 * to be there. Only rows that do not stand as they stood have gaps to look at, so that it is a few readings of the table.
 */
function sqlForRows(before: string, places: readonly string[]): string {
  return `WITH was AS MATERIALIZED (${before}), now AS MATERIALIZED (${places.join(' UNION ALL ')}),
    moved AS (SELECT r FROM was EXCEPT ALL SELECT r FROM now),
    kinds AS MATERIALIZED (
      SELECT gaps FROM (SELECT ${gaps('r')} AS gaps FROM moved) AS x WHERE NOT true = ALL (gaps) GROUP BY gaps ORDER BY count(*) DESC LIMIT ${mostKinds})
    SELECT r::text AS was, count(*) OVER () AS count FROM (
      SELECT r FROM was WHERE ${gaps('r')} IN (SELECT gaps FROM kinds)
      EXCEPT ALL
      SELECT x.r FROM kinds, now, LATERAL (SELECT ARRAY(SELECT CASE WHEN NOT gap THEN v END FROM unnest(now.r, gaps) AS u (v, gap)) AS r) AS x
      WHERE ${gaps('x.r')} = gaps
    ) AS lost ORDER BY 1 LIMIT 5`
}

/** Each is a reading of the whole table. */
const mostKinds = 50

function gaps(row: string): string {
  return `ARRAY(SELECT v IS NULL FROM unnest(${row}) AS v)`
}
