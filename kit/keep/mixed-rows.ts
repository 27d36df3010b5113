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
  const places = [{ values: here, from: own[0]!.from }]
  for (const [oid, { sql, isArchive }] of tables) {
    const names = new Set(entries.after.filter(({ tableOid }) => tableOid === oid).map(({ column }) => column))
    if (!isArchive || oid === columns[0]!.tableOid || !columns.every(({ column }) => names.has(column))) continue
    places.push({ values: columns.map(({ column }) => valueText(column)), from: sql })
  }
  const before = `SELECT ${columns.map(({ column }, i) => `b.${id(column)} AS v${i}`).join(', ')} FROM ${temporary} AS b`
  const now = places.map(
    ({ values, from }) => `SELECT ${values.map((value, i) => `${value} AS v${i}`).join(', ')} FROM ${from} AS t`,
  )
  const { rows } = await client.query<{ was: string; count: string }>(
    sqlForRows(
      before,
      now,
      columns.map((_, i) => `v${i}`),
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
 * to be there. Only rows that do not stand as they stood have gaps to look at, so that it is a few readings of the table. Hashes
 * are compared, which are small.
 */
function sqlForRows(before: string, places: readonly string[], values: readonly string[]): string {
  const isGap = (i: number) => `substr(k.gaps, ${i + 1}, 1) = '1'`
  return `WITH was AS MATERIALIZED (SELECT x.*, ${gaps(values)} AS gaps, ${hash(values)} AS h FROM (${before}) AS x),
    now AS MATERIALIZED (SELECT x.*, ${gaps(values)} AS gaps, ${hash(values)} AS h FROM (${places.join(' UNION ALL ')}) AS x),
    kinds AS MATERIALIZED (
      SELECT gaps FROM (SELECT gaps, h FROM was EXCEPT ALL SELECT gaps, h FROM now) AS moved
      WHERE gaps LIKE '%0%' GROUP BY gaps ORDER BY count(*) DESC LIMIT ${mostKinds}),
    lost AS MATERIALIZED (
      SELECT h FROM was WHERE gaps IN (SELECT gaps FROM kinds)
      EXCEPT ALL
      SELECT ${hash(values.map((value, i) => `CASE WHEN ${isGap(i)} THEN NULL ELSE ${value} END`))} FROM kinds AS k, now
      WHERE ${values.map((value, i) => `(${isGap(i)} OR ${value} IS NOT NULL)`).join(' AND ')})
    SELECT ROW(${values.join(', ')})::text AS was, (SELECT count(*) FROM lost) AS count
    FROM was WHERE h IN (SELECT h FROM lost) ORDER BY 1 LIMIT 5`
}

/** Each is a reading of the whole table. */
const mostKinds = 50

/** '010': the second value is missing. */
function gaps(values: readonly string[]): string {
  return `concat(${values.map((value) => `(${value} IS NULL)::int`).join(', ')})`
}

function hash(values: readonly string[]): string {
  return `hashtextextended(ROW(${values.join(', ')})::text, 0)`
}
