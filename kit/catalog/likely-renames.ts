import type { Catalog } from './catalog.ts'
import { renameColumn, renameTable } from './catalog-sql.ts'
import { findRenames, withRenames, type Rename } from './renames.ts'
import { findTableRenames, withTableRename } from './table-renames.ts'

/** All that looks renamed, tables first, and `should` under the names that these have now. Only ever offered. */
export function likelyRenames(
  should: Catalog,
  is: Catalog,
  how: { isLive: boolean },
): { renames: Rename[]; named: Catalog } {
  const tables = findTableRenames(should, is).map(({ from: to, to: from, evidence }): Rename => ({
    table: to,
    isTable: true,
    from,
    to,
    evidence,
  }))
  const placed = tables.reduce((all, { from, to }) => withTableRename(all, from, to), should)
  const columns = findRenames(placed, is, how)
  return { renames: [...tables, ...columns], named: withRenames(placed, columns) }
}

/** As in `column offers.company_id is called partner_id, or it is a drop and an add`. */
export function describeRename({ table, isTable, from, to }: Rename): string {
  return isTable
    ? `table ${from} is called ${to}, or it is a drop and another table`
    : `column ${table}.${from} is called ${to}, or it is a drop and an add`
}

/** Statements that bring the names back. All others speak of a table as it is called now, so tables come last. */
export function renamesBack(renames: readonly Rename[]): string[] {
  const columns = renames.filter(({ isTable }) => !isTable)
  return [
    ...columns.map(({ table, from, to }) => renameColumn(table, to, from)),
    ...renames.flatMap(({ isTable, from, to }) => (isTable ? [renameTable(to, from)] : [])),
  ]
}
