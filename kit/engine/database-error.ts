import type { DatabaseError } from 'pg'

/** An error that PostgreSQL sent, told by its shape: under jest, `instanceof` does not cross realms. */
export function isDatabaseError(error: unknown): error is DatabaseError & { code: string; severity: string } {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && typeof severity === 'string'
}

/** `ERROR: …` with its DETAIL and HINT lines, as the native engine's driver prints it. */
export function renderDatabaseError(error: DatabaseError): string {
  const detail = error.detail === undefined ? '' : `\nDETAIL: ${error.detail}`
  const hint = error.hint === undefined ? '' : `\nHINT: ${error.hint}`
  return `${error.severity}: ${error.message}${detail}${hint}`
}

/**
 * The five lines before the error and its own line in red; empty where PostgreSQL gives no position. It counts from the
 * beginning of what was sent, which is `offset` in the script.
 */
export function renderPosition(error: DatabaseError, script: string, offset = 0): string {
  if (error.position === undefined) return ''
  const position = Number(error.position) + Buffer.byteLength(script.slice(0, offset))
  const lines = script.split('\n').map((line) => line.replace(/\r$/, ''))
  let bytes = 0
  for (const [index, line] of lines.entries()) {
    bytes += Buffer.byteLength(line) + 1
    if (position > bytes) continue
    const before = [5, 4, 3, 2, 1].map((back) => index + 1 - back).filter((number) => number >= 0)
    const numbered = before.map((number) => numberedLine(number, number === 0 ? '' : (lines[number - 1] ?? '')))
    return `\n\nPosition:\n${numbered.join('\n')}\n${bold}${pad(index + 1)}${red} ${line}${plain}`
  }
  return ''
}

/** The driver's own `DbError { … }`, which the native engine prints below its message. */
export function rustDebug(error: DatabaseError): string {
  const fields = {
    severity: text(error.severity ?? 'ERROR'),
    parsed_severity: parsedSeverity(error.severity),
    code: `SqlState(${sqlState(error.code ?? '')})`,
    message: text(error.message),
    detail: some(error.detail, text),
    hint: some(error.hint, text),
    position: debugPosition(error),
    where_: some(error.where, text),
    schema: some(error.schema, text),
    table: some(error.table, text),
    column: some(error.column, text),
    datatype: some(error.dataType, text),
    constraint: some(error.constraint, text),
    file: some(error.file, text),
    line: some(error.line, String),
    routine: some(error.routine, text),
  }
  const inner = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return `DbError { ${inner.join(', ')} }`
}

const bold = '\u001B[1m'
const red = '\u001B[1;31m'
const plain = '\u001B[0m'

const pad = (number: number) => String(number).padStart(3)
const numberedLine = (number: number, line: string) => `${bold}${pad(number)}${plain}${line === '' ? '' : ' '}${line}`

function some(value: string | undefined, render: (value: string) => string): string {
  return value === undefined ? 'None' : `Some(${render(value)})`
}

function text(value: string): string {
  const escapes: Record<string, string> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\0': '\\0',
  }
  return `"${value.replace(/["\\\n\r\t\0]/g, (sign) => escapes[sign] ?? sign)}"`
}

function parsedSeverity(severity: string | undefined): string {
  const name = { ERROR: 'Error', FATAL: 'Fatal', PANIC: 'Panic' }[severity ?? '']
  return name === undefined ? 'None' : `Some(${name})`
}

function debugPosition(error: DatabaseError): string {
  if (error.position !== undefined) return `Some(Original(${error.position}))`
  if (error.internalPosition === undefined) return 'None'
  return `Some(Internal { position: ${error.internalPosition}, query: ${text(error.internalQuery ?? '')} })`
}

// The driver knows PostgreSQL's own codes by name; one that a migration invents in a RAISE shows as "other".
const classes =
  '00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 58 72 F0 HV P0 XX'

function sqlState(code: string): string {
  return classes.split(' ').includes(code.slice(0, 2)) ? `E${code}` : `Other(${text(code)})`
}
