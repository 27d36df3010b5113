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
  const tables = findTableRenames(should, is).flatMap(({ from: to, to: from, evidence }): Rename[] => {
    const [had, has] = [ownNames(should, from), ownNames(is, to)]
    const kept = had.filter((name) => has.includes(name))
    // A table that was dropped takes its key along, and another one has a key with a name of its own.
    if (how.isLive && had.length > 0 && kept.length === 0) return []
    const more = how.isLive && kept[0] !== undefined ? [`it still has ${kept[0]}`] : []
    return [{ table: to, isTable: true, from, to, evidence: [...evidence, ...more] }]
  })
  const placed = tables.reduce((all, { from, to }) => withTableRename(all, from, to), should)
  const columns = findRenames(placed, is, how)
  return { renames: [...tables, ...columns], named: withRenames(placed, columns) }
}

/** Of its keys, indexes and rules: a rename leaves them as they are. */
function ownNames({ objects }: Catalog, of: string): string[] {
  return objects.flatMap(({ kind, table, name }) => (table === of && kind !== 'comment' ? [name] : []))
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
