import type { Column } from '../catalog/catalog.ts'
import { quoted } from '../catalog/catalog-sql.ts'

/**
 * What a column needs before its default may say `nextval(…)`. A column that has a sequence keeps it, whatever the table
 * is called by now; one that gets `@default(autoincrement())` needs one that goes on after the highest number.
 */
export function numberingOf(table: string, is: Column, should: Column): { sql: string[]; isKept: boolean } {
  const [own, wanted] = [sequenceOf(is), sequenceOf(should)]
  if (wanted === undefined) return { sql: [], isKept: false }
  if (own !== undefined) {
    const isWider = is.type !== should.type
    return { sql: isWider ? [`ALTER SEQUENCE ${own} AS ${should.type};`] : [], isKept: true }
  }
  const [t, c] = [quoted(table), quoted(is.name)]
  return {
    sql: [
      `CREATE SEQUENCE IF NOT EXISTS ${wanted} AS ${should.type} OWNED BY ${t}.${c};`,
      `SELECT setval('${wanted.replaceAll("'", "''")}', coalesce(max(${c}), 0) + 1, false) FROM ${t};`,
    ],
    isKept: false,
  }
}

/** As SQL writes its name, in quotes where it has to be. */
export function sequenceOf({ default: value }: Column): string | undefined {
  return /^nextval\('(.+)'::regclass\)$/.exec(value ?? '')?.[1]?.replaceAll("''", "'")
}
