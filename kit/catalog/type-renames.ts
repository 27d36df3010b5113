import type { Catalog } from './catalog.ts'
import { sqlName } from './sql-name.ts'

interface TypeRename {
  from: string
  to: string
}

/** Enums that are missing under one name and extra under another, with the same values. No value can be lost by that. */
export function renamedTypes(model: Catalog, live: Catalog): TypeRename[] {
  const enums = ({ objects }: Catalog) => objects.filter(({ kind }) => kind === 'enum')
  const without = (some: Catalog, others: Catalog) =>
    enums(some).filter(({ name }) => enums(others).every((one) => one.name !== name))
  const [missing, extra] = [without(model, live), without(live, model)]
  return missing.flatMap(({ name: to, definition }) => {
    const same = (one: { definition: string }) => one.definition === definition
    // Two that are alike could be either.
    return extra.filter(same).length === 1 && missing.filter(same).length === 1
      ? [{ from: extra.find(same)!.name, to }]
      : []
  })
}

/** The catalog with the type, and the columns that have it, under its new name. */
export function withTypeRename({ tables, objects }: Catalog, { from, to }: TypeRename): Catalog {
  const [was, is] = [sqlName(from), sqlName(to)]
  return {
    tables: tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({
        ...column,
        type: [was, `${was}[]`].includes(column.type) ? column.type.replace(was, () => is) : column.type,
        default: column.default?.replaceAll(`::${was}`, () => `::${is}`) ?? null,
      })),
    })),
    objects: objects.map((object) =>
      object.kind === 'enum' && object.name === from ? { ...object, name: to } : object,
    ),
  }
}
