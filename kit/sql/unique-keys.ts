import type { IndexStmt } from 'libpg-query'
import { isWord, parentheses, textBetween } from './clauses.ts'
import { tokensOf, type Token, type Tree } from './tree.ts'

/** What rows must not have in common, as SQL: the columns and expressions of a unique index, and which rows it holds. */
export interface UniqueKeys {
  by: readonly string[]
  where?: string | undefined
  /** Whether two rows without a value are equal. */
  nullsAreEqual: boolean
}

/**
 * Of a `CREATE UNIQUE INDEX … (lower(email)) WHERE …`, whose tree has no text of its expressions: that is cut out of the
 * statement at the words that PostgreSQL's own scanner finds.
 */
export function uniqueKeys({ indexParams = [], nulls_not_distinct }: IndexStmt, sql: string): UniqueKeys {
  const tokens = tokensOf(sql)
  const on = tokens.findIndex((token) => isWord(token, 'ON'))
  const [open, close] = parentheses(tokens, on)
  const where = tokens.slice(close).find((token) => isWord(token, 'WHERE'))
  const last = tokens.findLast(({ text }) => text !== ';')
  let at = open + 1
  const by = (indexParams as Tree[]).map(() => {
    const [first, end] = [tokens[at]!, keyEnd(tokens, at)]
    for (at = end + 1; at < close && tokens[at]!.text !== ',';) at = after(tokens, at)
    at++
    return textBetween(sql, first.start, tokens[end]!.end)
  })
  return { by, where: where && textBetween(sql, where.end, last!.end), nullsAreEqual: nulls_not_distinct ?? false }
}

/** Of columns, as a constraint has them. */
export function columnKeys(columns: readonly string[], nullsAreEqual = false): UniqueKeys {
  return { by: columns.map((column) => `"${column.replaceAll('"', '""')}"`), nullsAreEqual }
}

/** As in `lower(email) where cohort = 'x'`. */
export function describeKeys({ by, where }: UniqueKeys): string {
  return `${by.join(', ')}${where ? ` where ${where}` : ''}`
}

/** Finds the groups of rows that are equal there. `table` is SQL. */
export function equalRows(table: string, { by, where, nullsAreEqual }: UniqueKeys): string {
  const conditions = [...(where ? [`(${where})`] : []), ...(nullsAreEqual ? [] : by.map((key) => `${key} IS NOT NULL`))]
  const some = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  // A constant may not be grouped by, unless it is a part of a row.
  return `SELECT count(*) AS n FROM ${table}${some} GROUP BY ROW(${by.join(', ')}) HAVING count(*) > 1`
}

/** A key is a column's name, a call, or an expression in parentheses; how it is ordered comes after it. */
function keyEnd(tokens: readonly Token[], at: number): number {
  if (tokens[at]!.text === '(') return parentheses(tokens, at)[1]
  let end = at
  while (tokens[end + 1]?.text === '.') end += 2
  return tokens[end + 1]?.text === '(' ? parentheses(tokens, end + 1)[1] : end
}

function after(tokens: readonly Token[], at: number): number {
  return tokens[at]!.text === '(' ? parentheses(tokens, at)[1] + 1 : at + 1
}
