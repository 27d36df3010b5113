import type { Catalog } from '../catalog/catalog.ts'

/** Whether an earlier release has begun to fill this column. */
export function isBeingFilled({ objects }: Catalog, table: string, column: string): boolean {
  return hasTrigger(objects, table, fillName(table, column))
}

/** The column of the same table under whose name a column is known too, since an earlier release; undefined for most. */
export function otherNameOf({ tables, objects }: Catalog, table: string, column: string): string | undefined {
  const columns = tables.find(({ name }) => name === table)?.columns ?? []
  return columns.find(({ name }) => hasTrigger(objects, table, bothName(table, column, name)))?.name
}

/** Whether an earlier release has begun to give it values, from an expression or from the column whose new name it is. */
export function getsValues(catalog: Catalog, table: string, column: string): boolean {
  const columns = catalog.tables.find(({ name }) => name === table)?.columns ?? []
  return (
    isBeingFilled(catalog, table, column) || columns.some(({ name }) => otherNameOf(catalog, table, name) === column)
  )
}

/** Of the trigger, and of its function. */
export function fillName(table: string, column: string): string {
  return cut(`${table}_${column}_fill`)
}

/** The same, of one that keeps two columns equal. */
export function bothName(table: string, from: string, to: string): string {
  return cut(`${table}_${from}_${to}_both`)
}

function hasTrigger(objects: Catalog['objects'], of: string, wanted: string): boolean {
  return objects.some(({ kind, table, name }) => kind === 'trigger' && table === of && name === wanted)
}

/** PostgreSQL cuts names at 63 bytes. */
function cut(name: string): string {
  let short = name
  while (Buffer.byteLength(short) > 63) short = short.slice(1)
  return short
}
