import type { Node } from 'libpg-query'

/** A node of PostgreSQL's own parse tree: one of these keys is there, and says what kind of node it is. */
export type Tree = Partial<UnionToIntersection<Node>>
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never

export interface TreeStatement {
  tree: Tree
  /** As it was written, without the comments before it. */
  sql: string
  /** Lines of the script, from 1. */
  line: number
  endLine: number
  /** Its bytes in the script, with the comments before it and without its `;`. */
  from: number
  to: number
}

/** The script is not SQL that PostgreSQL reads. */
export class SqlUnreadable extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

let parser: typeof import('libpg-query')

/**
 * Has to be awaited once before anything is parsed: PostgreSQL's parser is a WebAssembly module, and takes a fifth of a
 * second to read, which most commands can do without.
 */
export async function loadParser(): Promise<void> {
  parser ??= await import('libpg-query')
  await parser.loadModule()
}

/** Throws a SqlUnreadable. */
export function parseScript(script: string): TreeStatement[] {
  const nul = script.indexOf('\0')
  // The parser would stop there without a word.
  if (nul !== -1) throw new SqlUnreadable('a NUL character; is the file UTF-16?', lineAt(script, nul))
  const bytes = Buffer.from(script)
  const places = lineCounter(bytes)
  return parsed(script).map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const to = length ? from + length : bytes.length
    const text = bytes.subarray(from, to).toString()
    const lead = leadingComments(text)
    return {
      tree: stmt as Tree,
      sql: text.slice(lead.length).trimEnd(),
      line: places(from + Buffer.byteLength(lead)),
      endLine: places(from + Buffer.byteLength(text.trimEnd())),
      from,
      to,
    }
  })
}

/** The same; undefined for a script that cannot be read. */
export function statementsIn(script: string): TreeStatement[] | undefined {
  try {
    return parseScript(script)
  } catch (error) {
    if (error instanceof SqlUnreadable) return undefined
    throw error
  }
}

/** The statements that a `DO` block or a PL/pgSQL body runs, with the line within the body; what is built at run time is null. */
export function statementsInBody(body: string): { sql: string | null; line: number }[] {
  const found: { sql: string | null; line: number }[] = []
  const visit = (node: unknown, line: number): void => {
    if (Array.isArray(node)) return node.forEach((one) => visit(one, line))
    if (typeof node !== 'object' || node === null) return
    for (const [kind, value] of Object.entries(node as Record<string, Body>)) {
      const at = value?.lineno ?? line
      if (kind === 'PLpgSQL_stmt_execsql') found.push({ sql: value.sqlstmt?.PLpgSQL_expr?.query ?? null, line: at })
      else if (kind === 'PLpgSQL_stmt_dynexecute') found.push({ sql: constantText(value.query), line: at })
      else visit(value, at)
    }
  }
  visit(parsedBody(body), 1)
  return found
}

/** Throws a SqlUnreadable: of a body, the parser says no more than what it has found. */
function parsedBody(body: string): unknown {
  try {
    return JSON.parse(JSON.stringify(parser.parsePlPgSQLSync(asFunction(body))))
  } catch (error) {
    throw new SqlUnreadable((error as Error).message, 1)
  }
}

/** A word or a sign of SQL; its place in bytes. */
export interface Token {
  text: string
  start: number
  end: number
}

/** What a statement consists of, without its comments. */
export function tokensOf(sql: string): Token[] {
  const isComment = (name: string) => name === 'SQL_COMMENT' || name === 'C_COMMENT'
  return parser.scanSync(sql).tokens.filter(({ tokenName }) => !isComment(tokenName))
}

/** The comments of a script, each with its line. */
export function commentsOf(script: string): { text: string; line: number }[] {
  const bytes = Buffer.from(script)
  const places = lineCounter(bytes)
  return parser
    .scanSync(script)
    .tokens.filter(({ tokenName }) => tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT')
    .map(({ start, end }) => ({ text: bytes.subarray(start, end).toString(), line: places(start) }))
}

interface Body {
  lineno?: number
  sqlstmt?: { PLpgSQL_expr?: { query: string } }
  query?: { PLpgSQL_expr?: { query: string } }
}

function parsed(script: string) {
  if (script.trim() === '') return []
  try {
    return parser.parseSync(script).stmts ?? []
  } catch (error) {
    if (!parser.hasSqlDetails(error)) throw error
    const at = error.sqlDetails!.cursorPosition
    throw new SqlUnreadable(error.message, lineAt(script, at))
  }
}

function constantText(query: Body['query']): string | null {
  const [, text] = /^\s*'((?:[^']|'')*)'\s*$/.exec(query?.PLpgSQL_expr?.query ?? '') ?? []
  return text === undefined ? null : text.replaceAll("''", "'")
}

function asFunction(body: string): string {
  const quote = '$of_the_migration$'
  return `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS ${quote}${body}${quote}`
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Counts on from where it was last asked, since statements come in order. */
function lineCounter(bytes: Buffer): (offset: number) => number {
  let [at, line] = [0, 1]
  return (offset) => {
    if (offset < at) [at, line] = [0, 1]
    for (let next = bytes.indexOf(10, at); next !== -1 && next < offset; next = bytes.indexOf(10, at)) {
      at = next + 1
      line++
    }
    return line
  }
}

function leadingComments(sql: string): string {
  return /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(sql)![0]
}
