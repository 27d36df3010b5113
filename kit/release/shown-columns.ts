import { dotted, splitName } from '../catalog/dotted-name.ts'
import { viewWithoutColumn } from '../sql/view-without-column.ts'

/** A view that shows columns of tables, and that nothing leans on. */
export interface ShowingView {
  name: string
  /** Makes it, as it is. */
  sql: string
  /** As in `devices.serial`. */
  columns: readonly string[]
}

/** A view that shows a column which goes. */
export interface ShownColumn {
  view: string
  /** As the view calls it: `device_register.serial`. */
  name: string
  /** As the table calls it. */
  column: string
}

/** Where views only show columns of these, each by the view's name for it. `loadParser` comes first. */
export function shownColumns(views: readonly ShowingView[], drops: readonly string[]): ShownColumn[] {
  return views.flatMap((view) =>
    drops
      .filter((column) => view.columns.includes(column))
      .flatMap(
        (column) =>
          without(view.sql, column)?.names.map((name) => ({
            view: view.name,
            name: dotted(view.name, name),
            column,
          })) ?? [],
      ),
  )
}

/** The view's text without a column, as in `devices.serial`; undefined where it does more than to show it. */
export function without(sql: string, name: string) {
  const [table, column] = splitName(name)
  return column === undefined ? undefined : viewWithoutColumn(sql, table, column)
}
