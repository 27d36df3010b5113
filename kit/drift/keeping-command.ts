import type pg from 'pg'
import type { Catalog, Column } from '../catalog/catalog.ts'
import { addColumn } from '../catalog/catalog-sql.ts'
import { closingSql, type Difference } from '../catalog/compare-catalogs.ts'
import { renamesBack } from '../catalog/likely-renames.ts'
import type { Rename } from '../catalog/renames.ts'
import { sqlName } from '../catalog/sql-name.ts'
import { findArchived, namesInArchive, type Archived } from './archived-values.ts'
import type { Obstacle } from './drift-report.ts'
import { findObstacles } from './obstacles.ts'
import { sqlOnProd } from './sql-command.ts'

/** How PROD becomes again what its migrations say, after somebody changed it by hand. */
export interface Keeping {
  /** Undefined where a table has no key, or where rows are in the way. */
  command?: string
  /** Rows at which it would fail: no command can know what belongs there. */
  inTheWay: Obstacle[]
  /** Values of what is missing stand in the archive: it was there, and somebody took it away. */
  isFromArchive?: boolean
}

type Compared = { differences: readonly Difference[]; renames: readonly Rename[] }

/**
 * One transaction: a name comes back, what is extra goes into the archive under the key of its row, and what is missing is
 * made. A required column comes with its values, out of the archive, or not at all. Only reads.
 */
export async function findKeeping(
  client: Pick<pg.ClientBase, 'query'>,
  { differences, renames }: Compared,
  { should, live }: { should: Catalog; live: Catalog },
): Promise<Keeping> {
  if (differences.length + renames.length === 0) return { inTheWay: [] }
  const others = differences.filter((one) => !isExtra(one, 'column') && !isExtra(one, 'table'))
  const obstacles = await findObstacles(client, live, closingSql(others))
  const fills: { column: Column; archived: Archived }[] = []
  const inTheWay: Obstacle[] = []
  for (const obstacle of obstacles) {
    const column = others.some((one) => isMissing(one, obstacle)) && columnOf(should, obstacle)
    const archived = column ? await findArchived(client, live, obstacle.table, column) : undefined
    if (column && archived) fills.push({ column, archived })
    else inTheWay.push(obstacle)
  }
  if (inTheWay.length > 0) return { inTheWay }
  const command = keepingCommand({ differences, renames }, fills, live, await namesInArchive(client))
  return { inTheWay, isFromArchive: fills.length > 0, ...(command !== undefined && { command }) }
}

function keepingCommand(
  { differences, renames }: Compared,
  fills: readonly { column: Column; archived: Archived }[],
  live: Catalog,
  taken: readonly string[],
): string | undefined {
  const columns = differences
    .filter((one) => isExtra(one, 'column'))
    .map(({ table, name }) => ({ table: table!, name }))
  const tables = differences.filter((one) => isExtra(one, 'table')).map(({ name }) => name)
  const isFilled = (one: Difference) =>
    fills.some(({ archived }) => isMissing(one, { table: archived.table, column: archived.column }))
  const others = differences.filter((one) => !isExtra(one, 'column') && !isExtra(one, 'table') && !isFilled(one))
  const keys = columns.map(({ table }) => primaryKey(live, table))
  if (keys.some((key) => key === undefined)) return undefined
  const free = (name: string): string => freeName(name, taken)
  const isKept = columns.length + tables.length > 0
  const statements = [
    ...(isKept ? ['CREATE SCHEMA IF NOT EXISTS archive;'] : []),
    ...columns.flatMap(({ table, name }, i) => [
      `CREATE TABLE archive.${sqlName(free(`${table}_${name}`))} AS SELECT ${keys[i]}, ${sqlName(name)} FROM ${sqlName(table)};`,
      `ALTER TABLE ${sqlName(table)} DROP COLUMN ${sqlName(name)};`,
    ]),
    ...tables.flatMap((name) => [
      ...(free(name) === name ? [] : [`ALTER TABLE ${sqlName(name)} RENAME TO ${sqlName(free(name))};`]),
      `ALTER TABLE ${sqlName(free(name))} SET SCHEMA archive;`,
    ]),
    ...fills.flatMap(({ column, archived }) => fillSql(column, archived)),
    ...closingSql(others),
    // The others speak of a column as it is called now.
    ...renamesBack(renames),
  ]
  const what = [
    'as its migrations say',
    ...(isKept ? ['what was extra is kept in the archive'] : []),
    ...new Set(fills.map(({ archived }) => `the values come out of archive.${archived.from}`)),
  ].join('; ')
  return sqlOnProd(statements, what)
}

/** An older change by hand may have left its table there. */
function freeName(name: string, taken: readonly string[]): string {
  let [free, n] = [name, 2]
  while (taken.includes(free)) free = `${name}_${n++}`
  return free
}

/** Optional, filled, and required then. */
function fillSql(column: Column, { table, from, key }: Archived): string[] {
  const [t, c, k] = [table, column.name, key].map(sqlName)
  return [
    addColumn(table, { ...column, nullable: true }),
    `UPDATE ${t} SET ${c} = a.${c} FROM archive.${sqlName(from)} AS a WHERE a.${k} = ${t}.${k};`,
    `ALTER TABLE ${t} ALTER COLUMN ${c} SET NOT NULL;`,
  ]
}

const isExtra = ({ what, kind }: Difference, wanted: string) => what === 'extra' && kind === wanted

const isMissing = ({ what, kind, table, name }: Difference, place: { table: string; column: string }) =>
  what === 'missing' && kind === 'column' && table === place.table && name === place.column

function columnOf({ tables }: Catalog, { table, column }: Obstacle): Column | undefined {
  return tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)
}

/** The columns of the primary key, as SQL. */
function primaryKey({ objects }: Catalog, table: string): string | undefined {
  const key = objects.find((object) => object.kind === 'primary key' && object.table === table)
  return /^PRIMARY KEY \((.+)\)$/.exec(key?.definition ?? '')?.[1]
}
