import { quoted } from '../catalog/catalog-sql.ts'
import type { BackfillPlan } from './plan.ts'

/** The table, as far as a batch has to know it. */
export interface KeyedTable {
  oid: number
  attnum: number
  /** As SQL writes it, with its schema. */
  sql: string
  /** What tells its rows apart, in the order of its index; types as SQL writes them. */
  key: readonly { name: string; type: string }[]
}

/** Whether a batch begins after a key, or with it. */
type From = '>' | '>='

/**
 * Finds the key of the last of the next rows, and how many they are. `$1` is how many at most, and what follows the key
 * after which they begin (`from` is `>`) or with which they do (`>=`).
 */
export function lastOfBatch({ sql, key }: KeyedTable, from: From | undefined): string {
  const names = key.map(({ name }) => quoted(name)).join(', ')
  const after = from ? `WHERE ${compared(key, from, 2)} ` : ''
  const inner = `SELECT ${names}, row_number() OVER (ORDER BY ${names}) AS "workshop n" FROM ${sql} ${after}ORDER BY ${names} LIMIT $1`
  return `SELECT ${keyAsText(key)} AS key, "workshop n"::int AS n FROM (${inner}) AS next ORDER BY "workshop n" DESC LIMIT 1`
}

/** The key of the first row without a value. */
export function firstEmpty(table: KeyedTable, plan: BackfillPlan): string {
  const names = table.key.map(({ name }) => quoted(name)).join(', ')
  return `SELECT ${keyAsText(table.key)} AS key FROM ${table.sql} WHERE ${isEmpty(plan)} ORDER BY ${names} LIMIT 1`
}

/**
 * Fills the rows of a batch, and notes its place in the same breath: what is killed in the middle has done both or
 * nothing. `$1`, `$2` are how many rows it looks at and the key of the last of them, as an array; then come the parts of
 * that key, and those of the key from which they begin.
 */
export function fillBatch(table: KeyedTable, plan: BackfillPlan, from: From | undefined): string {
  return `
    WITH filled AS (${update(table, plan, from, 3)}), noted AS (
      UPDATE workshop.backfills SET place = $2::text[], looked_at = looked_at + $1::bigint, changed_at = clock_timestamp(),
        filled = filled + (SELECT count(*) FROM filled WHERE NOT is_empty)
      WHERE table_oid = ${table.oid} AND attnum = ${table.attnum}
    )
    SELECT count(*)::int AS written, (count(*) FILTER (WHERE NOT is_empty))::int AS filled FROM filled`
}

/** The same without a note, for a transaction that is rolled back. */
export function fillSample(table: KeyedTable, plan: BackfillPlan): string {
  return `WITH filled AS (${update(table, plan, '>=', 1)}) SELECT count(*)::int AS written FROM filled`
}

/** One that had to wait for a row looks at it again: what the application wrote meanwhile stays. */
function update({ sql, key }: KeyedTable, plan: BackfillPlan, from: From | undefined, first: number): string {
  const column = quoted(plan.column)
  const begin = from ? [compared(key, from, first + key.length)] : []
  const range = [compared(key, '<=', first), ...begin].join(' AND ')
  return `
      UPDATE ${sql} SET ${column} = (${plan.expression}
      ) WHERE ${range} AND ${isEmpty(plan)}
      RETURNING ${column} IS NULL AS is_empty
    `
}

/** A value that is there is never touched, whatever else is asked of a row. */
export function isEmpty({ column, where }: Pick<BackfillPlan, 'column' | 'where'>): string {
  const more = where === undefined ? '' : ` AND (${where}\n)`
  return `${quoted(column)} IS NULL${more}`
}

export function keyAsText(key: KeyedTable['key']): string {
  return `ARRAY[${key.map(({ name }) => `${quoted(name)}::text`).join(', ')}]`
}

/** `("a", "b") > ($3::integer, $4::text)`: PostgreSQL finds the place by the index of the key. */
function compared(key: KeyedTable['key'], sign: string, first: number): string {
  const names = key.map(({ name }) => quoted(name)).join(', ')
  const values = key.map(({ type }, i) => `$${first + i}::${type}`).join(', ')
  return key.length === 1 ? `${names} ${sign} ${values}` : `(${names}) ${sign} (${values})`
}
