import type pg from 'pg'
import {
  id,
  isPlaceholder,
  keySql,
  temporary,
  text,
  withCopy,
  type CopiedTable,
  type Entries,
} from './copy-in-session.ts'
import { castBack, holds, readAsBefore, waysBack, type WayBack } from './holds-value.ts'
import type { Fate, LedgerColumn, LostValues } from './ledger-entry.ts'
import { archivesOf, keyOf, placesOf, type LiveTables, type Place } from './ledger-places.ts'

export interface Found {
  lost: LostValues[]
  /** In which columns values are believed to stand that are no longer in their own: from, to. */
  moved: [column: string, place: string][]
  fates: Fate[]
}

const examplesShown = 5

/**
 * Holds columns of one table against a copy from before, value by value, each under the key of its row. Works in a
 * temporary table of this session; PROD's own tables are only read.
 */
export function findLost(
  client: pg.ClientBase,
  columns: readonly LedgerColumn[],
  entries: Entries,
  copy: CopiedTable,
): Promise<Found> {
  return withCopy(client, columns, entries, copy, async (tables) => {
    const all: Found = { lost: [], moved: [], fates: [] }
    for (const column of columns) {
      const { lost, moved, fates } = await lookUp(client, column, entries, tables)
      if (lost.count > 0) all.lost.push(lost)
      else if (moved) all.moved.push([lost.column, moved])
      all.fates.push(...fates)
    }
    return all
  })
}

/** The values of `from` that do not stand in `to`, a column of the same table, under the key of their row. */
export function findMissing(
  client: pg.ClientBase,
  from: LedgerColumn,
  to: LedgerColumn,
  entries: Entries,
  copy: CopiedTable,
): Promise<LostValues> {
  return withCopy(
    client,
    [from],
    entries,
    copy,
    async (tables) => (await lookUp(client, from, entries, tables, to)).lost,
  )
}

interface Answer {
  lost: LostValues
  moved: string | undefined
  fates: Fate[]
}

/** With `only`, in that column alone. */
async function lookUp(
  client: pg.ClientBase,
  column: LedgerColumn,
  entries: Entries,
  tables: LiveTables,
  only?: LedgerColumn,
): Promise<Answer> {
  let hasNoCast = false
  // Read by their texts, values of an enum are found, and those that a column of texts has taken over are not: the better
  // reading counts.
  let best: Answer | undefined
  for (const way of waysBack(column)) {
    if (way.byText && !hasNoCast) continue
    try {
      const answer = await apart(client, () => ask(client, column, entries, tables, { ...way, only }))
      if (!best || answer.lost.count < best.lost.count) best = answer
      if (!way.byText || best.lost.count === 0) return best
    } catch (error) {
      // The old type is gone, or its schema, or the new one cannot be cast to it: then the texts are compared. Rows that this role may not
      // see are another matter: nobody can say that they are gone.
      const { code = '' } = error as pg.DatabaseError
      if (!/^(22|23|3F|42)/.test(code) || code === '42501') throw error
      hasNoCast = code === '42846'
    }
  }
  const lost = { column: fullName(column), count: column.values, returned: 0, examples: [] }
  return best ?? { lost, moved: undefined, fates: [] }
}

/** An error in it does not end the transaction around it, where there is one. */
async function apart<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  const { rows } = await client.query('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS inside')
  if (!rows[0].inside) return work()
  await client.query('SAVEPOINT looking')
  try {
    return await work()
  } catch (error) {
    await client.query('ROLLBACK TO looking')
    throw error
  }
}

async function ask(
  client: pg.ClientBase,
  column: LedgerColumn,
  entries: Entries,
  tables: LiveTables,
  { only, ...way }: WayBack & { only: LedgerColumn | undefined },
): Promise<Answer> {
  const { type } = way
  const key = keyOf(entries.before.filter(({ tableOid }) => tableOid === column.tableOid))
  const was = `b.${id(column.column)}`
  const oldKey = keySql(
    key.map((part) => (type === 'text' ? `b.${id(part.column)}` : `b.${id(part.column)}::${part.type}`)),
  )
  const lacks = (place: Place) =>
    `NOT EXISTS (SELECT FROM ${place.from} AS t WHERE ${keySql(place.key.map((name) => `t.${id(name)}`))} = ${oldKey} AND ${holds(place, column, way)})`
  const isLost = (from: readonly Place[]) => [`${was} IS NOT NULL`, ...from.map(lacks)].join(' AND ')

  const holdsAll = (place: Place) => {
    const found = () => isNone(client, isLost([place]))
    // What has no cast to the old type, and no text of it, has taken nothing over.
    return way.byText ? apart(client, found).catch(() => false) : found()
  }

  const all = await readAsBefore(client, placesOf(column, entries, tables), entries.had)
  const isOnly = (place: Place) => place.tableOid === only?.tableOid && place.attnum === only.attnum
  const places = only ? all.filter(isOnly) : await likely(client, all, column, holdsAll)
  const itself = places.find(({ kind }) => kind === 'itself')
  const shown = only ? places[0] : itself
  const now =
    shown && key.length > 0
      ? `(SELECT t.${id(shown.column)}::text FROM ${shown.from} AS t WHERE ${keySql(shown.key.map((name) => `t.${id(name)}`))} = ${oldKey} LIMIT 1)`
      : 'NULL'
  // A placeholder that gives way to a value of the archive is no loss: that value has come back.
  const sources =
    itself && key.length > 0 && (await isPlaceholder(client, column)) ? archivesOf(column, entries, tables) : []
  const isBack = sources.map(
    ({ from: table, key: names, columns }) =>
      `OR EXISTS (SELECT FROM ${table} AS t WHERE ${keySql(names.map((name) => `t.${id(name)}`))} = key AND is_now IN (${columns.map((name) => `t.${id(name)}::text`).join(', ')}))`,
  )
  // Without a key, values are compared as a heap: each has to be there as often as it was.
  const from =
    key.length > 0
      ? `SELECT ${oldKey} AS key, ${was}::text AS was, ${now} AS is_now FROM ${temporary} AS b WHERE ${isLost(places)}`
      : `SELECT '?' AS key, v AS was, NULL AS is_now FROM (
           SELECT ${text(`${was}::${type}`)} AS v FROM ${temporary} AS b WHERE ${was} IS NOT NULL
           EXCEPT ALL (SELECT NULL WHERE false ${places
             .map(
               (one) =>
                 `UNION ALL SELECT ${one.asItWas ?? text(castBack(`t.${id(one.column)}`, way))} FROM ${one.from} AS t`,
             )
             .join(' ')})) AS x`
  const { rows } = await client.query<{
    key: string
    was: string
    is_now: string | null
    count: string
    missing: string
  }>(
    `SELECT *, count(*) FILTER (WHERE NOT is_back) OVER () AS count, count(*) OVER () AS missing
     FROM (SELECT *, false ${isBack.join(' ')} AS is_back FROM (${from}) AS missing) AS lost
     ORDER BY is_back, length(key), key LIMIT ${examplesShown}`,
  )
  const [count, missing] = [Number(rows[0]?.count ?? 0), Number(rows[0]?.missing ?? 0)]
  const examples = rows.slice(0, count).map((row) => ({ key: row.key, was: row.was, is: row.is_now }))
  const countIn = async (some: readonly Place[]) =>
    column.values -
    Number((await client.query(`SELECT count(*) AS n FROM ${temporary} AS b WHERE ${isLost(some)}`)).rows[0].n)
  const others = places.filter(({ kind }) => kind !== 'itself')
  return {
    lost: { column: fullName(column), count, returned: missing - count, examples },
    moved:
      itself && key.length > 0 && (await isNone(client, isLost([itself])))
        ? undefined
        : others.map(fullName).join(', ') || undefined,
    fates:
      only || key.length === 0 ? [] : await fatesOf(column, places, { missing, returned: missing - count }, countIn),
  }
}

/** What became of the values that are kept, and do not stand where they stood. */
async function fatesOf(
  column: LedgerColumn,
  places: readonly Place[],
  { missing, returned }: { missing: number; returned: number },
  countIn: (some: readonly Place[]) => Promise<number>,
): Promise<Fate[]> {
  const name = fullName(column)
  const kept = column.values - missing
  const itself = places.find(({ kind }) => kind === 'itself')
  const fates: Fate[] = [{ how: 'returned', column: name, count: returned }]
  if (itself) {
    const same = await countIn([itself])
    if (fullName(itself) !== name) fates.push({ how: 'renamed', column: name, to: fullName(itself), count: same })
    fates.push({ how: 'overwritten', column: name, count: kept - same })
  } else {
    const copied = await countIn(places.filter(({ isFilled }) => isFilled))
    fates.push({ how: 'copied', column: name, count: copied }, { how: 'archived', column: name, count: kept - copied })
  }
  return fates.filter(({ count }) => count > 0)
}

/**
 * Leaves out what repeats a value by coincidence: what has another name is a place when it holds every value of the column,
 * and the column holds more than one value again and again.
 */
async function likely(
  client: pg.ClientBase,
  places: readonly Place[],
  column: LedgerColumn,
  holdsAll: (place: Place) => Promise<boolean>,
): Promise<Place[]> {
  if (!places.some(({ kind }) => kind === 'by type')) return [...places]
  const { rows } = await client.query(
    `SELECT count(DISTINCT ${id(column.column)}) < 2 AND (count(${id(column.column)}) > 1 OR $1) AS "isConstant" FROM ${temporary}`,
    [column.type === 'boolean'],
  )
  const found: Place[] = []
  for (const place of places) {
    if (place.kind !== 'by type' || (!rows[0].isConstant && (await holdsAll(place)))) found.push(place)
  }
  return found
}

async function isNone(client: pg.ClientBase, condition: string): Promise<boolean> {
  // With the LIMIT beside it, PostgreSQL counts on a hit soon, and compares every row with every other where there is none.
  const all = `WITH found AS MATERIALIZED (SELECT FROM ${temporary} AS b WHERE ${condition}) SELECT FROM found LIMIT 1`
  return (await client.query(all)).rowCount === 0
}

function fullName({ table, column }: LedgerColumn): string {
  return `${table.replace(/^public\./, '')}.${column}`
}
