import { parseScript, SqlUnreadable, type Tree } from './tree.ts'

/**
 * Why a text cannot stand as one expression of SQL, in a few words; undefined where it can. `loadParser` comes first. What
 * it names is for a database to say.
 */
export function whyNoExpression(text: string): string | undefined {
  try {
    // On one line, as it will be written; and on its own, so that no comment hides the end.
    for (const script of [`SELECT (${text})`, `SELECT (${text}\n)`]) {
      const [statement, ...others] = parseScript(script)
      const { targetList = [], ...rest } = statement?.tree.SelectStmt ?? {}
      const isMore = Object.keys(rest).some((part) => part !== 'op' && part !== 'limitOption')
      // `(a, b)` is one row of two, which PostgreSQL would write as a text.
      const value = (targetList[0] as Tree | undefined)?.ResTarget?.val as Tree | undefined
      if (
        others.length > 0 ||
        targetList.length !== 1 ||
        isMore ||
        value?.RowExpr?.row_format === 'COERCE_IMPLICIT_CAST'
      )
        return 'it is more than one expression'
      const found = partOf(targetList)
      if (found) return found
    }
    return undefined
  } catch (error) {
    if (!(error instanceof SqlUnreadable)) throw error
    return error.message
  }
}

/** What reads, and stands alone: nothing else can be in an expression without being noticed. */
const refused: Record<string, string> = {
  ParamRef: '$1 and the like have no value here',
  InsertStmt: 'it writes',
  UpdateStmt: 'it writes',
  DeleteStmt: 'it writes',
  MergeStmt: 'it writes',
  LockingClause: 'it locks rows',
}

function partOf(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  for (const [kind, part] of Object.entries(node)) {
    const found = (Array.isArray(node) ? undefined : refused[kind]) ?? partOf(part)
    if (found) return found
  }
  return undefined
}
