import { width } from './sql-table.ts'

/** What PostgreSQL says of an error or a notice. */
export interface ServerMessage {
  severity?: string | undefined
  message?: string | undefined
  detail?: string | undefined
  hint?: string | undefined
  where?: string | undefined
  /** Counted in characters, from 1. */
  position?: string | undefined
  internalPosition?: string | undefined
  internalQuery?: string | undefined
}

/** An error or a notice in the lines that psql prints, with a caret under the place in `sql`. */
export function messageLines(said: ServerMessage, sql: string): string[] {
  const isError = !/^(NOTICE|INFO|LOG|DEBUG|WARNING)$/.test(said.severity ?? '')
  return [
    `${said.severity}:  ${said.message}`,
    ...(said.position ? caret(sql, Number(said.position)) : []),
    ...(said.internalPosition ? caret(said.internalQuery ?? '', Number(said.internalPosition)) : []),
    ...(said.detail ? [`DETAIL:  ${said.detail}`] : []),
    ...(said.hint ? [`HINT:  ${said.hint}`] : []),
    ...(said.internalQuery ? [`QUERY:  ${said.internalQuery}`] : []),
    ...(said.where && isError ? [`CONTEXT:  ${said.where}`] : []),
  ].flatMap((line) => line.split('\n'))
}

/** Longest piece of a line that is shown, and what stays of it to the right of the caret: libpq's numbers. */
const [room, roomOnTheRight] = [60, 10]

function caret(sql: string, position: number): string[] {
  const signs = [...sql]
  const at = position - 1
  if (at < 0 || at > signs.length) return []
  const start = signs.lastIndexOf('\n', at - 1) + 1
  const end = signs.indexOf('\n', at)
  const line = signs.slice(start, end < 0 ? undefined : end).map((sign) => (sign === '\t' ? ' ' : sign))
  const number = signs.slice(0, start).filter((sign) => sign === '\n').length + 1
  const { from, to } = cut(line, at - start)
  const shown = `LINE ${number}: ${from > 0 ? '...' : ''}`
  return [
    shown + line.slice(from, to).join('') + (to < line.length ? '...' : ''),
    ' '.repeat(width(shown + line.slice(from, at - start).join(''))) + '^',
  ]
}

function cut(line: readonly string[], at: number): { from: number; to: number } {
  if (width(line.join('')) <= room) return { from: 0, to: line.length }
  const before = width(line.slice(0, at).join(''))
  let [from, to] = [0, line.length]
  const shownWidth = () => width(line.slice(from, to).join(''))
  if (before + roomOnTheRight <= room) {
    while (shownWidth() > room) to--
  } else {
    while (width(line.slice(at, to).join('')) > roomOnTheRight) to--
    while (shownWidth() > room) from++
  }
  return { from, to }
}
