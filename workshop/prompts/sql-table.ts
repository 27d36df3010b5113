import { stripVTControlCharacters } from 'node:util'

export interface Column {
  name: string
  /** PostgreSQL's number for the type: numbers stand on the right. */
  dataTypeID: number
}

/** The table that psql prints, `(2 rows)` included. Values are PostgreSQL's own text. */
export function alignedTable(columns: readonly Column[], rows: readonly (readonly (string | null)[])[]): string[] {
  const cells = rows.map((row) => row.map((value) => visibleLines(value ?? '')))
  const heads = columns.map(({ name }) => name)
  const widths = heads.map((name, column) =>
    cells.reduce((most, row) => Math.max(most, ...row[column]!.map(width)), width(name)),
  )
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`
  if (columns.length === 0) return ['--', count]
  return [
    heads.map((name, column) => ` ${centred(name, widths[column]!)} `).join('|'),
    widths.map((w) => '-'.repeat(w + 2)).join('+'),
    ...cells.flatMap((row) => printRow(row, columns, widths)),
    count,
  ]
}

/** A value with line breaks takes several lines, each but its last marked with a `+`. */
function printRow(row: readonly string[][], columns: readonly Column[], widths: readonly number[]): string[] {
  const height = Math.max(...row.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    row
      .map((lines, column) => {
        const text = lines[line] ?? ''
        const goesOn = line + 1 < lines.length
        const isLast = column === columns.length - 1
        const gap = isLast && line >= lines.length ? '' : ' '.repeat(widths[column]! - width(text))
        const end = goesOn ? '+' : isLast ? '' : ' '
        if (numbers.has(columns[column]!.dataTypeID)) return ` ${gap}${text}${end}`
        return ` ${text}${isLast && !goesOn ? '' : gap}${end}`
      })
      .join('|'),
  )
}

/** int8, int2, int4, oid, xid, cid, xid8, float4, float8, money, numeric. */
const numbers = new Set([20, 21, 23, 26, 28, 29, 5069, 700, 701, 790, 1700])

function visibleLines(value: string): string[] {
  return value.split('\n').map((line) => expandTabs(line).replace(/\p{Cc}/gu, escapeControl))
}

function expandTabs(line: string): string {
  return line.replace(/([^\t]*)\t/g, (_, before: string) => before + ' '.repeat(8 - (width(before) % 8)))
}

function escapeControl(sign: string): string {
  return sign === '\r' ? '\\r' : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`
}

function centred(text: string, room: number): string {
  const gap = room - width(text)
  return ' '.repeat(Math.floor(gap / 2)) + text + ' '.repeat(Math.ceil(gap / 2))
}

/** Columns that a terminal needs for a text: East Asian letters and emoji take two, accents on their own none. */
export function width(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let sum = 0
  for (const sign of stripVTControlCharacters(text))
    sum += /[\p{M}\u200b-\u200f]/u.test(sign) ? 0 : wide.test(sign) ? 2 : 1
  return sum
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
