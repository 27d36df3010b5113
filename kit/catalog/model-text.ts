import { actionsIn } from '../sql/actions.ts'
import type { Tree } from '../sql/tree.ts'

// What the text of a schema.prisma says that the SQL which Prisma makes of it does not.

/** Without that preview feature Prisma neither makes nor sees an index of some rows only. */
export function saysPartialIndexes(schema: string): boolean {
  return /^\s*previewFeatures\s*=\s*\[[^\]]*"partialIndexes"/m.test(schema)
}

const mark = 'a_default_that_is_only_mentioned'
const mention = /\bdbgenerated\(\s*\)/g

/** The text with a call in each place of `dbgenerated()`, which is no SQL; undefined where there is none. */
export function withMarkedDefaults(schema: string): string | undefined {
  const marked = schema.replace(mention, `dbgenerated("${mark}()")`)
  return marked === schema ? undefined : marked
}

/** The columns that have such a call, in the SQL that Prisma makes of the marked text. `loadParser` comes first. */
export function markedColumns(script: string): { table: string; column: string }[] {
  const isMarked = (value: Tree | undefined) =>
    ((value?.FuncCall?.funcname ?? []) as Tree[]).some(({ String }) => String?.sval === mark)
  return actionsIn(script).flatMap((action) =>
    action.do === 'create table'
      ? action.columns.filter((one) => isMarked(one.default)).map(({ name }) => ({ table: action.table, column: name }))
      : [],
  )
}

/** The schemas beside `public`: those that the datasource lists, and those that Prisma's SQL makes for the models. */
export function otherSchemas(schema: string, script: string): string[] {
  const [, list = ''] = /^\s*schemas\s*=\s*\[([^\]]*)\]/m.exec(schema) ?? []
  const listed = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!)
  const made = [...script.matchAll(/^CREATE SCHEMA IF NOT EXISTS "((?:[^"]|"")+)";$/gm)].map(([, name]) => name!)
  return [...new Set([...listed, ...made])].filter((name) => name !== 'public')
}

/**
 * Prisma compares the texts of two `dbgenerated("…")`, and PostgreSQL prints an expression in its own way: what to write, for
 * each default in Prisma's summary that may be the same.
 */
export function defaultsAsPrinted(summary: string): string[] {
  const changed =
    /Altered column `(.+?)` \(default changed from `Some\(DbGenerated\(Some\("(.*)"\)\)\)` to `Some\(DbGenerated/g
  return [...summary.matchAll(changed)].map(
    ([, column, printed]) =>
      `In prisma/schema.prisma, write the default of ${column} as PostgreSQL prints it:  @default(dbgenerated("${printed}"))`,
  )
}
