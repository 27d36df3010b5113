import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { find, type LedgerColumn, type LostValues } from './ledger-entry.ts'

/** A table as a copy has it: its columns, and its rows in COPY's text format. A partitioned one has several parts. */
export type CopiedTable = { columns: string[]; open(): Readable }[]

const examplesShown = 5

/**
 * Holds columns of one table against a copy from before, value by value, each under the key of its row. A value is kept
 * where it stands in the same column, whatever its name and type are now, in a column that was made or filled since, or
 * in an archive. Works in a temporary table of this session; PROD's own tables are only read.
 */
export async function findLost(
  client: pg.ClientBase,
  columns: readonly LedgerColumn[],
  { before, after }: { before: readonly LedgerColumn[]; after: readonly LedgerColumn[] },
  copy: CopiedTable,
): Promise<LostValues[]> {
  await client.query(
    `CREATE TEMPORARY TABLE ${temporary} (${copy[0]!.columns.map((name) => `${id(name)} text`).join(', ')})`,
  )
  try {
    for (const { columns: names, open } of copy)
      await pipeline(open(), client.query(copyFrom(`COPY ${temporary} (${names.map(id).join(', ')}) FROM STDIN`)))
    await client.query(`ANALYZE ${temporary}`)
    const lost: LostValues[] = []
    for (const column of columns) {
      const found = await lostIn(client, column, { before, after })
      if (found.count > 0) lost.push(found)
    }
    return lost
  } finally {
    await client.query(`DROP TABLE ${temporary}`)
  }
}

const temporary = 'pg_temp.workshop_before'

async function lostIn(
  client: pg.ClientBase,
  column: LedgerColumn,
  entries: { before: readonly LedgerColumn[]; after: readonly LedgerColumn[] },
): Promise<LostValues> {
  for (const type of [column.type, 'text']) {
    try {
      return await ask(client, column, entries, type)
    } catch (error) {
      // The old type is gone, or the new one cannot be cast to it: then the texts are compared.
      if (type === 'text' || !/^(22|42|23)/.test((error as pg.DatabaseError).code ?? '')) throw error
    }
  }
  throw new Error('not reached')
}

async function ask(
  client: pg.ClientBase,
  column: LedgerColumn,
  { before, after }: { before: readonly LedgerColumn[]; after: readonly LedgerColumn[] },
  type: string,
): Promise<LostValues> {
  const table = before.filter(({ tableOid }) => tableOid === column.tableOid)
  const live = after.filter(({ tableOid }) => tableOid === column.tableOid)
  const key = table.filter(({ keyPart }) => keyPart !== null).toSorted((a, b) => a.keyPart! - b.keyPart!)
  const archives = groupByTable(
    after.filter((one) => one.table.startsWith('archive.') && one.tableOid !== column.tableOid),
  )
  // What the type's own output function writes: a cast of somebody's own may say what it likes.
  const text = (sql: string) => `concat(${sql}) COLLATE "C"`
  const value = (alias: string, name: string) => text(`${alias}.${id(name)}::${type}`)
  const was = `b.${id(column.column)}`

  const liveKey = key.map((part) => find(live, part)?.column)
  const here = find(live, column)
  const places = [
    ...(liveKey.every((name) => name !== undefined)
      ? live
          .filter((one) => one === here || isNew(one, before))
          .map((one) => ({ ...one, key: liveKey as string[], isFilled: one !== here }))
      : []),
    ...archives.flatMap(([, all]) => {
      const names = all.map((one) => one.column)
      const own = all.filter(({ keyPart }) => keyPart !== null).toSorted((a, b) => a.keyPart! - b.keyPart!)
      const keyNames = key.every((part) => names.includes(part.column))
        ? key.map((part) => part.column)
        : own.map((one) => one.column)
      return all
        .filter((one) => keyNames.length === key.length && (one.column === column.column || one.type === column.type))
        .map((one) => ({ ...one, key: keyNames, isFilled: false }))
    }),
  ]
  /** Whether row `t` of a place holds the value of row `b` of the copy: there and back, when the types differ. */
  const holds = (place: (typeof places)[number]) => {
    const [is, old] = [`t.${id(place.column)}`, `b.${id(column.column)}::${type}`]
    return [
      `${is} IS NOT NULL AND ${value('t', place.column)} = ${text(old)}`,
      ...(type === 'text' || place.type === type ? [] : [`${text(is)} = ${text(`(${old})::${place.type}`)}`]),
      // What the DEFAULT of a new column has put there was not copied from anywhere.
      ...(place.isFilled
        ? [
            `${text(is)} IS DISTINCT FROM (SELECT (attmissingval::text::text[])[1] FROM pg_attribute WHERE attrelid = ${place.tableOid} AND attnum = ${place.attnum})`,
          ]
        : []),
    ].join(' AND ')
  }
  const keyOf = (alias: string, names: readonly string[]) =>
    names.length === 1
      ? `${alias}.${id(names[0]!)}::text COLLATE "C"`
      : `ROW(${names.map((name) => `${alias}.${id(name)}`).join(', ')})::text COLLATE "C"`
  const oldKey = keyOf(
    'b',
    key.map((part) => part.column),
  )
  const now =
    here && liveKey.every((name) => name !== undefined) && key.length > 0
      ? `(SELECT t.${id(here.column)}::text FROM ${tableSql(here.table)} AS t WHERE ${keyOf('t', liveKey as string[])} = ${oldKey} LIMIT 1)`
      : 'NULL'

  // Without a key, values are compared as a heap: each has to be there as often as it was.
  const from =
    key.length > 0
      ? `SELECT ${oldKey} AS key, ${was}::text AS was, ${now} AS is_now FROM ${temporary} AS b
         WHERE ${was} IS NOT NULL ${places
           .map(
             (place) => `AND NOT EXISTS (SELECT FROM ${tableSql(place.table)} AS t
               WHERE ${keyOf('t', place.key)} = ${oldKey} AND ${holds(place)})`,
           )
           .join(' ')}`
      : `SELECT '?' AS key, v AS was, NULL AS is_now FROM (
           SELECT ${value('b', column.column)} AS v FROM ${temporary} AS b WHERE ${was} IS NOT NULL
           EXCEPT ALL (SELECT NULL WHERE false ${[
             ...live.filter((one) => one === here || isNew(one, before)),
             ...archives.flatMap(([, all]) => all.filter((one) => one.column === column.column)),
           ]
             .map(
               (one) =>
                 `UNION ALL SELECT ${value('t', one.column)} FROM ${tableSql(one.table)} AS t WHERE t.${id(one.column)} IS NOT NULL`,
             )
             .join(' ')})) AS x`
  const { rows } = await client.query<{ key: string; was: string; is_now: string | null; count: string }>(
    `SELECT *, count(*) OVER () AS count FROM (${from}) AS lost ORDER BY length(key), key LIMIT ${examplesShown}`,
  )
  return {
    column: `${column.table.replace(/^public\./, '')}.${column.column}`,
    count: Number(rows[0]?.count ?? 0),
    examples: rows.map(({ key: row, was: old, is_now }) => ({ key: row, was: old, is: is_now })),
  }
}

/** Made or filled since: not there before, or empty. */
function isNew(column: LedgerColumn, before: readonly LedgerColumn[]): boolean {
  const was = find(before, column)
  return was === undefined || was.values === 0
}

function groupByTable(columns: readonly LedgerColumn[]): [string, LedgerColumn[]][] {
  const names = [...new Set(columns.map(({ table }) => table))]
  return names.map((name) => [name, columns.filter(({ table }) => table === name)])
}

/** The ledger writes a table as `schema.table`, unquoted. */
function tableSql(table: string): string {
  const dot = table.indexOf('.')
  return `${id(table.slice(0, dot))}.${id(table.slice(dot + 1))}`
}

function id(name: string): string {
  return pg.escapeIdentifier(name)
}
