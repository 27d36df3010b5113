import type { CatalogObject } from '../catalog/catalog.ts'
import type { Difference } from '../catalog/compare-catalogs.ts'
import { createObject, quoted } from '../catalog/catalog-sql.ts'
import { rowsWithoutValue } from './next-question.ts'
import { mentions } from '../catalog/renames.ts'
import { asCompared, isBig, isFilledInBatches, type Part, type Surroundings } from './safe-form-part.ts'

export function enumParts(difference: Difference): Part[] {
  const { what, name, sql } = difference
  // Columns of archived tables may have the type.
  if (what === 'extra') {
    return [
      { phase: 'drop', rank: 500, sql: 'CREATE SCHEMA IF NOT EXISTS "archive";' },
      { phase: 'drop', rank: 501, sql: `ALTER TYPE ${quoted(name)} SET SCHEMA "archive";` },
    ]
  }
  if (what === 'missing') return asCompared(difference)
  // A new value cannot be used in the transaction that adds it. One that was renamed was asked for.
  return sql.map((one) => ({
    phase: 'types',
    rank: 0,
    sql: one.includes(' RENAME VALUE ')
      ? `-- PostgreSQL takes no value out of the enum ${name}: make a new type, and change the columns to it`
      : one,
  }))
}

export function indexParts(difference: Difference, around: Surroundings): Part[] {
  const { table, name, sql, ranks } = difference
  return sql.map((one, i): Part => {
    if (!one.startsWith('CREATE')) return { phase: '', rank: ranks[i]!, sql: one }
    const object = around.model.objects.find((found) => found.table === table && found.name === name)!
    const isLater = isFilledLater(object, around)
    if (!isBig(table!, around.live))
      return { phase: isFilled(object, around) ? 'require' : '', rank: ranks[i]!, sql: one, isLater }
    return {
      phase: 'index',
      rank: ranks[i]!,
      sql: one.replace(/^CREATE (UNIQUE )?INDEX /, (start) => `${start}CONCURRENTLY `),
      comment: 'Alone in its file, so that it can run CONCURRENTLY: without that, writers would wait.',
      isLater,
    }
  })
}

export function foreignKeyParts(difference: Difference, around: Surroundings): Part[] {
  const { table, name, sql, ranks } = difference
  return sql.flatMap((one, i): Part[] => {
    if (!one.includes('ADD CONSTRAINT')) return [{ phase: '', rank: ranks[i]!, sql: one }]
    const object = around.model.objects.find((found) => found.table === table && found.name === name)!
    const isLater = isFilledLater(object, around)
    if (!isBig(table!, around.live))
      return [{ phase: isFilled(object, around) ? 'require' : '', rank: ranks[i]!, sql: one, isLater }]
    return [
      {
        phase: 'check',
        rank: 1,
        sql: createObject({ ...object, definition: `${object.definition} NOT VALID` }),
        isLater,
      },
      {
        phase: 'validate',
        rank: 1,
        sql: `ALTER TABLE ${quoted(table!)} VALIDATE CONSTRAINT ${quoted(name)};`,
        isLater,
      },
    ]
  })
}

export function primaryKeyParts(difference: Difference, around: Surroundings): Part[] {
  const key = around.model.objects.find(({ kind, table }) => kind === 'primary key' && table === difference.table)
  const phase = key && isFilled(key, around) ? 'require' : ''
  const isLater = key !== undefined && isFilledLater(key, around)
  return asCompared(difference).map((part) => ({ ...part, phase, isLater }))
}

/** By a backfill between this release and a later one. */
function isFilledLater(object: CatalogObject, around: Surroundings): boolean {
  const isOfTwo = around.both.some(
    ({ table, to, isNew, rows }) =>
      table === object.table && (isNew || rows > 0) && mentions(ownPart(object.definition), to),
  )
  return isOfTwo || (isFilledInBatches(object.table!, around) && isFilled(object, around))
}

/** Whether it is about a column that gets its values by this release. */
function isFilled({ table, definition }: CatalogObject, { model, live }: Surroundings): boolean {
  const columns = model.tables.find(({ name }) => name === table)?.columns ?? []
  return columns.some(
    (column) => rowsWithoutValue(table!, column, live) > 0 && mentions(ownPart(definition), column.name),
  )
}

/** Without names of indexes and tables, and columns of other tables, which may be called like a column. */
function ownPart(definition: string): string {
  return definition.replace(/^CREATE .*? USING \w+ /, '').replace(/ REFERENCES .*$/, '')
}

/** PostgreSQL drops it along with a column that is dropped. */
export function goesWithColumn({ table, kind, name }: Difference, { model, live }: Surroundings): boolean {
  const now = live.catalog.objects.find((one) => one.kind === kind && one.table === table && one.name === name)
  const wanted = model.tables.find((one) => one.name === table)?.columns ?? []
  const dropped = live.catalog.tables
    .find((one) => one.name === table)!
    .columns.filter((column) => wanted.every((one) => one.name !== column.name))
  return dropped.some((column) => now !== undefined && mentions(ownPart(now.definition), column.name))
}
