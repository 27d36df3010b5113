import type { Catalog } from '../catalog/catalog.ts'
import { quoted, renameColumn } from '../catalog/catalog-sql.ts'
import { closingSql, type Difference } from '../catalog/compare-catalogs.ts'
import type { Rename } from '../catalog/renames.ts'

/**
 * One command that makes PROD again what its migrations say, after somebody changed it by hand: a name comes back, what is
 * extra goes into the archive under the key of its row, and what is missing is made. Undefined where a table has no key.
 */
export function keepingCommand(
  differences: readonly Difference[],
  renames: readonly Rename[],
  live: Catalog,
): string | undefined {
  if (differences.length + renames.length === 0) return undefined
  const isExtra = ({ what, kind }: Difference, wanted: string) => what === 'extra' && kind === wanted
  const columns = differences
    .filter((one) => isExtra(one, 'column'))
    .map(({ table, name }) => ({ table: table!, name }))
  const tables = differences.filter((one) => isExtra(one, 'table')).map(({ name }) => name)
  const others = differences.filter((one) => !isExtra(one, 'column') && !isExtra(one, 'table'))
  const keys = columns.map(({ table }) => keyOf(live, table))
  if (keys.some((key) => key === undefined)) return undefined
  const isKept = columns.length + tables.length > 0
  const statements = [
    ...renames.map(({ table, from, to }) => renameColumn(table, to, from)),
    ...(isKept ? ['CREATE SCHEMA IF NOT EXISTS archive;'] : []),
    ...columns.flatMap(({ table, name }, i) => [
      `CREATE TABLE archive.${quoted(`${table}_${name}`)} AS SELECT ${keys[i]}, ${quoted(name)} FROM ${quoted(table)};`,
      `ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(name)};`,
    ]),
    ...tables.map((name) => `ALTER TABLE ${quoted(name)} SET SCHEMA archive;`),
    ...closingSql(others),
  ]
  const bare = statements.map((sql) => sql.replaceAll(/"([a-z_][a-z0-9_]*)"/g, '$1'))
  if (bare.some((sql) => /["\n`$\\]/.test(sql))) return undefined
  return `npm run psql -- --env prod ${bare.map((sql) => `-c "${sql}"`).join(' ')}    (as its migrations say; what was extra is kept in the archive)`
}

/** The columns of the primary key, as SQL. */
function keyOf({ objects }: Catalog, table: string): string | undefined {
  const key = objects.find((object) => object.kind === 'primary key' && object.table === table)
  return /^PRIMARY KEY \((.+)\)$/.exec(key?.definition ?? '')?.[1]
}
