import { lineAt } from './tree.ts'
import { StatementReader } from './statement-reader.ts'

/** One statement of a script. */
export interface ScriptStatement {
  /** Without the comments before it. */
  sql: string
  /** The line of the script on which it begins, from 1. */
  line: number
}

/** Cuts a script where PostgreSQL does. What is only comments is no statement. */
export function statementsOf(script: string): ScriptStatement[] {
  const reader = new StatementReader()
  const texts = [...reader.feed(script), reader.clear()]
  let at = 0
  return texts.flatMap((text) => {
    const start = script.indexOf(text, at) + leadingComments(text).length
    at = script.indexOf(text, at) + text.length
    const sql = script.slice(start, at)
    return sql.trim() === '' || sql.trim() === ';' ? [] : [{ sql, line: lineAt(script, start) }]
  })
}

function leadingComments(sql: string): string {
  return /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(sql)![0]
}
