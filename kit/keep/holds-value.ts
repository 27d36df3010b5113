import type pg from 'pg'
import { id, text } from './copy-in-session.ts'
import type { LedgerColumn } from './ledger-entry.ts'
import type { Place } from './ledger-places.ts'

/** In which type values are compared, and whether what stands there now is read as a text on its way to it. */
export interface WayBack {
  type: string
  byText: boolean
}

/** In the old type; by its text, where there is no cast: a label of an enum as a boolean; and as texts. */
export function waysBack(column: LedgerColumn): WayBack[] {
  return [
    { type: column.type, byText: false },
    { type: column.type, byText: true },
    { type: 'text', byText: false },
  ]
}

/** What the output function writes, and no cast of somebody's own. */
export function castBack(sql: string, { type, byText }: WayBack): string {
  return byText ? `concat(${sql})::${type}` : `${sql}::${type}`
}

/** Whether row `t` of a place holds the value of row `b` of the copy: there and back, when the types differ. */
export function holds(place: Place, column: LedgerColumn, way: WayBack): string {
  const { type, byText } = way
  if (place.asItWas) return `${place.asItWas} = b.${id(column.column)}`
  const [is, old] = [`t.${id(place.column)}`, `b.${id(column.column)}::${type}`]
  // Read on, they are the same: json without its blanks, but with all of its pairs; a uuid without its capitals.
  const isReadOn =
    type === 'json' ? place.type === 'jsonb' : place.type === 'uuid' && /^(text|character varying)/.test(type)
  const pairs = (sql: string) => String.raw`length(regexp_replace(${sql}::text, '"(?:\\.|[^"\\])*"|[^:]', '', 'g'))`
  const thereAndBack = [
    ...(isReadOn ? [] : [`${text(castBack(is, way))} = ${text(old)}`]),
    ...(byText || (type === 'text' && !isReadOn) || place.type === type
      ? []
      : [`${text(is)} = ${text(`(${old})::${place.type}`)}`]),
    ...(isReadOn && type === 'json' ? [`${pairs(is)} = ${pairs(old)}`] : []),
  ]
  const asWritten = place.type === type ? [] : readings(is, place.type).map((sql) => `${sql} = b.${id(column.column)}`)
  return [
    `num_nonnulls(${is}) = 1`,
    `(${[thereAndBack.join(' AND '), ...asWritten].join(' OR ')})`,
    // What the DEFAULT of a new column has put there was not copied from anywhere.
    ...(place.isFilled
      ? [
          `${text(is)} IS DISTINCT FROM (SELECT (attmissingval::text::text[])[1] FROM pg_attribute WHERE attrelid = ${place.tableOid} AND attnum = ${place.attnum})`,
        ]
      : []),
  ].join(' AND ')
}

/**
 * SQL for what stands there, to be held against the text that was there: a cast may say more than the value does, as of an
 * inet, which gets its /32; and a value may stand alone in what can hold more, a list or a json.
 */
function readings(is: string, type: string): string[] {
  if (type === 'json' || type === 'jsonb') return [text(is), `(${is} #>> '{}') COLLATE "C"`]
  if (type.endsWith('[]'))
    return [text(is), `CASE cardinality(${is}) WHEN 1 THEN ${text(`(${is})[array_lower(${is}, 1)]`)} END`]
  return [text(is)]
}

/**
 * Reads composite values in these places with the attributes alone that they had: one that has been added since is no part
 * of what was there.
 */
export async function readAsBefore(
  client: pg.ClientBase,
  places: readonly Place[],
  had: Record<string, number[]>,
): Promise<Place[]> {
  if (Object.keys(had).length === 0) return [...places]
  const { rows } = await client.query<{ sql: string; was: string }>(
    `SELECT format('t.%I', p.name) AS sql, workshop.value_as_of(a.atttypid, format('t.%I', p.name), $4) AS was
     FROM unnest($1::oid[], $2::int2[], $3::text[]) WITH ORDINALITY AS p (table_oid, attnum, name, n)
     JOIN pg_attribute a ON (a.attrelid, a.attnum) = (p.table_oid, p.attnum) ORDER BY p.n`,
    [
      places.map(({ tableOid }) => tableOid),
      places.map(({ attnum }) => attnum),
      places.map(({ column }) => column),
      JSON.stringify(had),
    ],
  )
  return places.map((place, n) => {
    const { sql, was } = rows[n]!
    return sql === was ? place : { ...place, asItWas: text(was) }
  })
}
