import type { Catalog, Column, Table } from '../catalog/catalog.ts'
import { describeColumn } from '../catalog/compare-catalogs.ts'
import { dotted, isLabel, splitName } from '../catalog/dotted-name.ts'
import { renamedLabel } from '../catalog/catalog-sql.ts'
import { findRenames, withRenames } from '../catalog/renames.ts'
import { renameSteps } from '../catalog/rename-steps.ts'
import { getsValues, otherNameOf } from './being-filled.ts'
import { findTableRenames, withTableRename } from '../catalog/table-renames.ts'
import { shownColumns, type ShowingView } from './shown-columns.ts'

/** PROD as a release sees it: what stands there, and how much of it. */
export interface LiveDatabase {
  catalog: Catalog
  /** By table. */
  rows: ReadonlyMap<string, number>
  /** How many rows have a value, by `table.column`. */
  values: ReadonlyMap<string, number>
  /** Names of the tables in schema `archive`. */
  archives: readonly string[]
  /** Views that could be made anew without a column. */
  views?: readonly ShowingView[]
}

/** Something that two pictures cannot tell, and that would lose values if it were guessed. Names are as in `recruits.chatname`. */
export type Question =
  | { about: 'rename'; from: string; to: string; evidence: readonly string[] }
  | { about: 'drop'; name: string; values: number; what: string }
  /** A column of a view, `name`, which shows a column that goes. */
  | { about: 'view'; name: string; view: string; column: string }
  | { about: 'backfill'; name: string; rows: number; type: string }

/** What was said about such questions. */
export interface Answers {
  /**
   * Of a table: `people` to `recruits`. Of a column: `recruits.chatname` to `rocketchat_user`, by the table's new name. Of
   * a value of an enum: `Role.'MENTOR'` to `'COACH'`.
   */
  renames: readonly { from: string; to: string }[]
  notRenames: readonly { from: string; to: string }[]
  drops: readonly string[]
  /** An SQL expression by `table.column`. */
  backfills: ReadonlyMap<string, string>
  /** Big tables too are filled by one UPDATE of a migration, and all of it is one release: for a PROD that stands still. */
  isAtOnce?: boolean
  /** A column that is renamed has both names until the next release. */
  isWithoutDowntime?: boolean
}

export const noAnswers: Answers = { renames: [], notRenames: [], drops: [], backfills: new Map() }

/** PROD with its tables and columns under the names that they will have. */
export function withAnswers(live: LiveDatabase, { renames }: Pick<Answers, 'renames'>): LiveDatabase {
  return renameSteps(renames).reduce((all, { from, to }) => {
    const [table, column] = splitName(from)
    if (isLabel(to)) return { ...all, catalog: withLabel(all.catalog, table, column!, to) }
    if (column === undefined) {
      return {
        ...all,
        catalog: withTableRename(all.catalog, table, to),
        rows: withKeys(all.rows, (key) => (key === table ? to : key)),
        values: withKeys(all.values, (key) => {
          const [of, name] = splitName(key)
          return of === table && name !== undefined ? dotted(to, name) : key
        }),
      }
    }
    return {
      ...all,
      catalog: withRenames(all.catalog, [{ table, from: column, to, evidence: [] }]),
      values: withKeys(all.values, (key) => (key === from ? dotted(table, to) : key)),
    }
  }, live)
}

/** What still has to be asked before the change from `live` to `model` can be written; undefined when all is said. */
export function nextQuestion(model: Catalog, live: LiveDatabase, answers: Answers): Question | undefined {
  const now = withAnswers(live, answers)
  const isOpen = ({ from, to }: { from: string; to: string }) =>
    !answers.notRenames.some((one) => one.from === from && one.to === to) && !answers.drops.includes(from)
  for (const { from, to, evidence } of findTableRenames(model, now.catalog)) {
    if (isOpen({ from: dotted(from), to })) return { about: 'rename', from: dotted(from), to, evidence }
  }
  // What the model calls `from` is called `to` in the database.
  for (const { table, from: to, to: from, evidence } of findRenames(model, now.catalog, { isLive: false })) {
    if (isOpen({ from: dotted(table, from), to })) return { about: 'rename', from: dotted(table, from), to, evidence }
  }
  for (const { type, from, to } of findLabelRenames(model, now.catalog)) {
    if (isOpen({ from: dotted(type, from), to }))
      return { about: 'rename', from: dotted(type, from), to, evidence: ['both stand at the same place of the enum'] }
  }
  return dropOf(model, now, answers) ?? viewOf(now, answers) ?? backfillOf(model, now, answers)
}

function findLabelRenames(model: Catalog, live: Catalog): { type: string; from: string; to: string }[] {
  const enums = ({ objects }: Catalog) => objects.filter(({ kind }) => kind === 'enum')
  return enums(live).flatMap((is) => {
    const should = enums(model).find(({ name }) => name === is.name)
    const renamed = should && renamedLabel(is, should)
    return renamed ? [{ type: is.name, from: renamed.from, to: renamed.to }] : []
  })
}

function withLabel({ tables, objects }: Catalog, type: string, from: string, to: string): Catalog {
  return {
    tables,
    objects: objects.map((object) =>
      object.kind === 'enum' && object.name === type
        ? { ...object, definition: object.definition.replace(from, () => to) }
        : object,
    ),
  }
}

function dropOf(model: Catalog, { catalog, values }: LiveDatabase, { drops }: Answers): Question | undefined {
  for (const table of catalog.tables) {
    const wanted = model.tables.find(({ name }) => name === table.name)
    const count = (column: Column) => values.get(dotted(table.name, column.name)) ?? 0
    if (!wanted && !drops.includes(dotted(table.name))) {
      const sum = table.columns.reduce((total, column) => total + count(column), 0)
      return { about: 'drop', name: dotted(table.name), values: sum, what: 'table' }
    }
    for (const column of wanted ? missingIn(wanted, table) : []) {
      const name = dotted(table.name, column.name)
      // It has a new name besides, since an earlier release, and its values stand there too.
      if (otherNameOf(catalog, table.name, column.name) !== undefined) continue
      if (!drops.includes(name)) return { about: 'drop', name, values: count(column), what: 'column' }
    }
  }
  return undefined
}

function viewOf({ views = [] }: LiveDatabase, { drops }: Answers): Question | undefined {
  const open = shownColumns(views, drops).find(({ name }) => !drops.includes(name))
  return open && { about: 'view', ...open }
}

function backfillOf(model: Catalog, live: LiveDatabase, { backfills, isAtOnce }: Answers): Question | undefined {
  for (const table of model.tables) {
    for (const column of table.columns) {
      const name = dotted(table.name, column.name)
      const rows = rowsWithoutValue(table.name, column, live)
      // An earlier release has asked, and a backfill is at it.
      if (!isAtOnce && getsValues(live.catalog, table.name, column.name)) continue
      if (rows > 0 && !backfills.has(name)) return { about: 'backfill', name, rows, type: describeColumn(column) }
    }
  }
  return undefined
}

/** How many rows of PROD have no value in a column that will be required, and would get none from its default. */
export function rowsWithoutValue(
  table: string,
  column: Column,
  { catalog, rows, values }: Pick<LiveDatabase, 'catalog' | 'rows' | 'values'>,
): number {
  const now = catalog.tables.find(({ name }) => name === table)
  if (!now || column.nullable) return 0
  const is = now.columns.find(({ name }) => name === column.name)
  if (!is) return column.default === null && column.generated === null ? (rows.get(table) ?? 0) : 0
  return is.nullable ? (rows.get(table) ?? 0) - (values.get(dotted(table, column.name)) ?? 0) : 0
}

/** Columns that `is` has, and `should` has not. */
export function missingIn(should: Table, is: Table): Column[] {
  return is.columns.filter(({ name }) => should.columns.every((column) => column.name !== name))
}

function withKeys<Value>(map: ReadonlyMap<string, Value>, change: (key: string) => string): Map<string, Value> {
  return new Map([...map].map(([key, value]) => [change(key), value]))
}
