import type { InsertStmt, RangeVar, SelectStmt, UpdateStmt } from 'libpg-query'
import type { Action, Copied } from './action.ts'
import { columnOf, tableName } from './names.ts'
import type { Tree } from './tree.ts'

/** Whether all rows are meant: no condition, or one that every row meets before a backfill, `c IS NULL` or `true`. */
export function isWhole(where: Tree | undefined): boolean {
  if (!where) return true
  if (where.BoolExpr) return where.BoolExpr.boolop !== 'NOT_EXPR' && (where.BoolExpr.args as Tree[]).every(isWhole)
  return where.NullTest?.nulltesttype === 'IS_NULL' || where.A_Const?.boolval?.boolval === true
}

/** The columns that an UPDATE sets; a copy of another column's values only where it reaches all rows. */
export function copiedValues({ targetList = [], whereClause, fromClause }: UpdateStmt): Copied[] {
  return (targetList as Tree[]).map(({ ResTarget }) => {
    const to = ResTarget?.name ?? ''
    const where = whereClause as Tree | undefined
    const reachesAll = !fromClause && (!where || isNullTestOf(where, to))
    return { to, from: reachesAll ? columnOf(ResTarget?.val as Tree) : undefined }
  })
}

function isNullTestOf({ NullTest }: Tree, column: string): boolean {
  return NullTest?.nulltesttype === 'IS_NULL' && columnOf(NullTest.arg as Tree) === column
}

/**
 * The columns whose values all go from one table into another one that stays. Errs on the side of nothing: any
 * condition, join or grouping, or a conflict that keeps what was there, and it is no copy.
 */
export function copiedRows(select: SelectStmt | undefined, into: RangeVar, insert?: InsertStmt): Action[] {
  const [from, ...others] = (select?.fromClause ?? []) as Tree[]
  if (!select || !from?.RangeVar || others.length > 0 || into.relpersistence !== 'p') return []
  const { whereClause, groupClause, havingClause, distinctClause, limitCount, limitOffset, op } = select
  const narrows = [whereClause, groupClause, havingClause, distinctClause, limitCount, limitOffset, select.withClause]
  if (narrows.some(Boolean) || op !== 'SETOP_NONE') return []
  const targets = ((select.targetList ?? []) as Tree[]).map(({ ResTarget }) => ResTarget?.val as Tree)
  const isAll = targets.some((target) =>
    (target?.ColumnRef?.fields as Tree[] | undefined)?.some(({ A_Star }) => A_Star),
  )
  const columns = targets.map(columnOf).filter((name) => name !== undefined)
  const kept = insert ? columns.filter((name, i) => survivesConflict(insert, targetNames(insert)[i] ?? name)) : columns
  // A value without a key says nothing of whose it was.
  if (!isAll && columns.length < 2) return []
  if (isAll && insert?.onConflictClause) return []
  return [{ do: 'copy rows', from: tableName(from.RangeVar), into: tableName(into), columns: isAll ? 'all' : kept }]
}

function targetNames({ cols = [] }: InsertStmt): (string | undefined)[] {
  return (cols as Tree[]).map(({ ResTarget }) => ResTarget?.name)
}

/** With `DO NOTHING` an older value would stay; with `DO UPDATE` only what it sets is new. */
function survivesConflict({ onConflictClause }: InsertStmt, column: string): boolean {
  if (!onConflictClause) return true
  const set = ((onConflictClause.targetList ?? []) as Tree[]).map(({ ResTarget }) => ResTarget?.name)
  return onConflictClause.action === 'ONCONFLICT_UPDATE' && !onConflictClause.whereClause && set.includes(column)
}

/** A DO block that stops the migration when it finds equal values. Words are enough to read it. */
export function looksForDuplicates(body: string): Action[] {
  const one = /FROM\s+([\w".]+)\s+(?:WHERE[^;]*?)?GROUP\s+BY\s+([\w",\s]+?)\s+HAVING\s+count\(\s*\*\s*\)\s*>\s*1/i
  const [, table, columns] = one.exec(body) ?? []
  if (!table || !columns || !/\bRAISE\s+EXCEPTION\b/i.test(body)) return []
  const bare = (name: string) =>
    name
      .trim()
      .replaceAll('"', '')
      .replace(/^public\./, '')
  return [{ do: 'look for duplicates', table: bare(table), columns: columns.split(',').map(bare) }]
}
