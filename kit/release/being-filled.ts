import type { Catalog } from '../catalog/catalog.ts'

/** Whether an earlier release has begun to fill this column. */
export function isBeingFilled({ objects }: Catalog, table: string, column: string): boolean {
  const wanted = fillName(table, column)
  return objects.some(({ kind, table: of, name }) => kind === 'trigger' && of === table && name === wanted)
}

/** Of the trigger, and of its function. PostgreSQL cuts names at 63 bytes. */
export function fillName(table: string, column: string): string {
  let name = `${table}_${column}_fill`
  while (Buffer.byteLength(name) > 63) name = name.slice(1)
  return name
}
