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

/** The schemas beside `public` that Prisma's SQL makes: those of the datasource. */
export function otherSchemas(script: string): string[] {
  const made = [...script.matchAll(/^CREATE SCHEMA IF NOT EXISTS "((?:[^"]|"")+)";$/gm)]
  return made.map(([, name]) => name!.replaceAll('""', '"')).filter((name) => name !== 'public')
}
