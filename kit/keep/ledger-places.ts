import pg from 'pg'
import { find, type LedgerColumn } from './ledger-entry.ts'

/** A column in which a value of another one, or of the same, may stand now. */
export interface Place extends LedgerColumn {
  /** Its table as SQL. */
  from: string
  /** The columns that tell its rows apart, in the order of the key from before. */
  key: string[]
  /** Whether it is the column itself, has its name in an archive or a table that took over, or may repeat it by coincidence. */
  kind: 'itself' | 'by name' | 'by type'
  /** Made or filled since, or filled from it before, in the same table. */
  isFilled: boolean
  /** SQL for the text of a composite value without the attributes that its type has got since. */
  asItWas?: string
}

interface LiveTable {
  /** As SQL. */
  sql: string
  isArchive: boolean
  /** The tables that it is a part of. */
  ancestors: number[]
  /** Columns that were filled from an older one, as a deploy has seen: both numbers. */
  copies: { attnum: number; of: number }[]
}

export type LiveTables = ReadonlyMap<number, LiveTable>

export async function readLiveTables(client: Pick<pg.ClientBase, 'query'>): Promise<LiveTables> {
  const { rows } = await client.query<LiveTable & { oid: number }>(
    `SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS sql, n.nspname = 'archive' AS "isArchive", ARRAY(
       WITH RECURSIVE above AS (SELECT inhparent AS oid FROM pg_inherits WHERE inhrelid = c.oid
         UNION SELECT i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.oid) SELECT oid::int8::float8 FROM above) AS ancestors,
       (SELECT coalesce(json_agg(json_build_object('attnum', attnum, 'of', copy_of)), '[]') FROM workshop.known_columns
        WHERE table_oid = c.oid AND copy_of IS NOT NULL) AS copies
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'`,
  )
  return new Map(rows.map((row) => [row.oid, row]))
}

/**
 * Where values of a column may stand: in itself; in an archive, or a table that has taken over, under its name; in a
 * column of its own table that was made or filled since, or filled from it before; or one of its type in an archive. Of the
 * last two none is a key. Where the table has another key now, its rows are found by the old one in an archive that has both.
 */
export function placesOf(
  column: LedgerColumn,
  { before, after }: { before: readonly LedgerColumn[]; after: readonly LedgerColumn[] },
  tables: LiveTables,
): Place[] {
  const key = keyOf(before.filter(({ tableOid }) => tableOid === column.tableOid))
  const places = [...tables].flatMap(([oid, table]): Place[] => {
    const live = after.filter(({ tableOid }) => tableOid === oid)
    const isOwn = oid === column.tableOid
    const tookOver = !before.some(({ tableOid }) => tableOid === oid)
    if (!isOwn && !table.isArchive && !tookOver && !tables.get(column.tableOid)?.ancestors.includes(oid)) return []
    const names = isOwn ? key.map((part) => find(live, part)?.column) : keyIn(live, key)
    const under = names.includes(undefined)
      ? underOldKey(live, key, { after, tables })
      : [{ from: table.sql, key: names as string[] }]
    if (names.length !== key.length) return []
    // A table beside one that still has the column took over the rows that are no longer in that one. The others it may
    // repeat by coincidence.
    const isBeside = tookOver && find(after, column) !== undefined && !table.isArchive && key.length > 0
    return live.flatMap((one) => {
      const kind = kindOf(one)
      const found = kind ? under.map((where) => ({ ...one, ...where, kind, isFilled: isOwn && kind !== 'itself' })) : []
      if (isOwn || !isBeside || one.column !== column.column) return found
      const gone = under.map((where) => ({
        ...one,
        ...goneFrom(column, where, { key, after, tables }),
        key: where.key,
      }))
      return [...gone.map((where) => ({ ...where, kind: 'by name' as const, isFilled: false })), ...found]
    })

    function kindOf(one: LedgerColumn): Place['kind'] | undefined {
      if (isOwn && one.attnum === column.attnum) return 'itself'
      const hasName = !isOwn && one.column === column.column
      if (hasName && !isBeside) return 'by name'
      if (one.keyPart !== null || names.includes(one.column)) return undefined
      if (hasName) return 'by type'
      return isOwn
        ? isNew(one, before) || table.copies.some(({ attnum, of }) => attnum === one.attnum && of === column.attnum)
          ? 'by type'
          : undefined
        : table.isArchive && key.length > 0 && one.type === column.type
          ? 'by type'
          : undefined
    }
  })
  return places
}

/** A table whose key is another one now, under the old one, as an archive has the two side by side. */
function underOldKey(
  live: readonly LedgerColumn[],
  key: readonly LedgerColumn[],
  { after, tables }: { after: readonly LedgerColumn[]; tables: LiveTables },
): { from: string; key: string[] }[] {
  const now = keyOf(live).map(({ column }) => column)
  const own = tables.get(live[0]?.tableOid ?? 0)
  if (now.length === 0 || !own) return []
  return [...tables].flatMap(([oid, { sql, isArchive }]) => {
    const names = new Set(after.filter(({ tableOid }) => tableOid === oid).map(({ column }) => column))
    if (!isArchive || ![...now, ...key.map(({ column }) => column)].every((name) => names.has(name))) return []
    const olds = key.map(({ column }, part) => ({
      sql: `a.${pg.escapeIdentifier(column)}`,
      name: `old key ${part + 1}`,
    }))
    const same = now.map((name) => `${asText('a', name)} = ${asText('t', name)}`)
    const columns = olds.map((old) => `${old.sql} AS ${pg.escapeIdentifier(old.name)}`)
    const from = `(SELECT t.*, ${columns.join(', ')} FROM ${own.sql} AS t JOIN ${sql} AS a ON ${same.join(' AND ')})`
    return [{ from, key: olds.map(({ name }) => name) }]
  })
}

/** The rows of another table that the column's own table no longer has. */
function goneFrom(
  column: LedgerColumn,
  other: { from: string; key: string[] },
  { key, after, tables }: { key: readonly LedgerColumn[]; after: readonly LedgerColumn[]; tables: LiveTables },
): { from: string } {
  const own = tables.get(column.tableOid)?.sql
  const names = key.map((part) => find(after, part)?.column)
  if (own === undefined || names.includes(undefined)) return other
  const same = other.key.map((name, part) => `${asText('t', name)} = ${asText('o', names[part]!)}`)
  return {
    from: `(SELECT * FROM ${other.from} AS t WHERE NOT EXISTS (SELECT FROM ${own} AS o WHERE ${same.join(' AND ')}))`,
  }
}

function asText(row: string, name: string): string {
  return `${row}.${pg.escapeIdentifier(name)}::text COLLATE "C"`
}

/** Tables of the archive that name the row of a column, each with the columns of its key there. */
export function archivesOf(
  column: LedgerColumn,
  { before, after }: { before: readonly LedgerColumn[]; after: readonly LedgerColumn[] },
  tables: LiveTables,
): { from: string; key: string[]; columns: string[] }[] {
  const key = keyOf(before.filter(({ tableOid }) => tableOid === column.tableOid))
  return [...tables].flatMap(([oid, { sql, isArchive }]) => {
    const live = after.filter(({ tableOid }) => tableOid === oid)
    const names = keyIn(live, key)
    if (!isArchive || oid === column.tableOid || names.length !== key.length || names.includes(undefined)) return []
    return [{ from: sql, key: names as string[], columns: live.map((one) => one.column) }]
  })
}

/** The columns of a key, in its order. */
export function keyOf(columns: readonly LedgerColumn[]): LedgerColumn[] {
  return columns.filter(({ keyPart }) => keyPart !== null).toSorted((a, b) => a.keyPart! - b.keyPart!)
}

/** The names of a key in another table: its own names, or else that table's key. */
function keyIn(live: readonly LedgerColumn[], key: readonly LedgerColumn[]): (string | undefined)[] {
  const names = new Set(live.map(({ column }) => column))
  if (key.every(({ column }) => names.has(column))) return key.map(({ column }) => column)
  return keyOf(live).map(({ column }) => column)
}

/** Made or filled since: not there before, or empty. */
function isNew(column: LedgerColumn, before: readonly LedgerColumn[]): boolean {
  const was = find(before, column)
  return was === undefined || was.values === 0
}
