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

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/**
 * Whether PostgreSQL runs the script in one transaction of its own, so that a failure leaves nothing of it behind. Errs
 * on the side of no: a word in a comment is enough.
 */
export function isOneTransaction(script: string): boolean {
  if (/\b(commit|rollback|abort|concurrently|vacuum|call)\b/i.test(script)) return false
  return statementsOf(script).every(({ sql }) => !/^(begin|start|end)\b/i.test(sql))
}

function leadingComments(sql: string): string {
  return /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(sql)![0]
}
