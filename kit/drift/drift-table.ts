import pc from 'picocolors'
import type { Catalog, Column } from '../catalog/catalog.ts'
import { isSameColumn } from '../catalog/compare-catalogs.ts'
import { columnAsMeant } from '../catalog/model-differences.ts'
import type { DriftReport, LayerName, Link } from './drift-report.ts'

/** `·` as in the first layer, `+` extra, `−` missing, `≠` of another type or nullability, `?` not known, ` ` not there either. */
export type Cell = '·' | '+' | '−' | '≠' | '?' | ' '

export interface TableRow {
  table: string
  column: string
  /** One for each layer, in order. */
  cells: Cell[]
}

export const layerNames: Record<LayerName, string> = {
  schema: 'schema',
  migrations: 'migrations',
  dev: 'DEV',
  prod: 'PROD',
  client: 'client',
}

/**
 * A row for each column that stands anywhere, against the first layer that could be read, as that is meant there; and what
 * is told of a layer below the table differs in it too.
 */
export function tableRows({ layers, links }: Pick<DriftReport, 'layers' | 'links'>): TableRow[] {
  const columns = layers.map(({ catalog }) => catalog && indexed(catalog))
  const first = columns.find(Boolean)
  const keys = [...new Set(columns.flatMap((some) => (some ? [...some.keys()] : [])))]
  const tables = [...new Set(keys.map((key) => key.split('\0')[0]!))].toSorted()
  const told = toldColumns(links)
  const sorted = tables.flatMap((table) => keys.filter((key) => key.startsWith(`${table}\0`)))
  return sorted.map((key) => {
    const [table, column] = key.split('\0') as [string, string]
    const cells = columns.map((some, i): Cell => {
      const isTold = told.has(`${layers[i]!.name}\0${key}`)
      return isTold && first?.has(key) && some?.has(key)
        ? '≠'
        : cellOf(layers[i]!.catalog, first?.get(key), some?.get(key))
    })
    return { table, column, cells }
  })
}

function cellOf(layer: Catalog | undefined, wanted: Column | undefined, found: Column | undefined): Cell {
  if (!layer) return '?'
  if (!wanted) return found ? '+' : ' '
  if (!found) return '−'
  return isSameColumn(columnAsMeant(wanted, found, layer), found) ? '·' : '≠'
}

/** The columns that the lines below the table call different, by layer. */
function toldColumns(links: readonly Link[]): Set<string> {
  return new Set(
    links.flatMap(({ to, differences }) =>
      differences
        .filter(({ what, kind }) => what === 'different' && kind === 'column')
        .map(({ table, name }) => [to, table, name].join('\0')),
    ),
  )
}

export interface ShownTable {
  table: string
  shown: TableRow[]
  /** How many more rows differ, and how many are the same everywhere, beside those that are shown. */
  more: number
  same: number
}

/** Of a table with more columns than this, only those are shown that differ somewhere, and no more than this of them. */
const mostRows = 20

/** Where all tables together have more rows than this, those that hold no news are told in one line. */
const mostInAll = 40

/** The rows of each table that are worth a line. */
export function shownTables(rows: readonly TableRow[]): ShownTable[] {
  const tables = [...new Set(rows.map(({ table }) => table))].map((table) => rows.filter((row) => row.table === table))
  if (rows.length <= mostInAll) return tables.map(shownTable)
  const quiet = tables.filter((own) => !own.some(isNews))
  const columns = quiet.flat()
  const isKnown = !columns.some(({ cells }) => cells.includes('?'))
  const others = `${quiet.length}${quiet.length < tables.length ? ' other' : ''} ${quiet.length === 1 ? 'table' : 'tables'}`
  const name = isKnown ? others : `${others}, as far as they are known`
  return [
    ...tables.filter((own) => own.some(isNews)).map((own) => (isAlike(own) ? inOneRow(own) : shownTable(own))),
    ...(quiet.length > 0 ? [{ table: name, shown: [], more: 0, same: columns.length }] : []),
  ]
}

function shownTable(own: readonly TableRow[]): ShownTable {
  const { table } = own[0]!
  if (own.length <= mostRows) return { table, shown: [...own], more: 0, same: 0 }
  const differing = own.filter(differs)
  const shown = differing.slice(0, mostRows)
  return { table, shown, more: differing.length - shown.length, same: own.length - differing.length }
}

/** A whole table that a layer lacks, or has besides. */
function isAlike(own: readonly TableRow[]): boolean {
  const [first, ...others] = own.map(({ cells }) => cells.join())
  return others.length > 0 && own.length <= mostRows && others.every((cells) => cells === first)
}

function inOneRow(own: readonly TableRow[]): ShownTable {
  const { table, cells } = own[0]!
  return { table, shown: [{ table, column: `all ${own.length} columns`, cells }], more: 0, same: 0 }
}

/** What could not be read is told below the table, and is no news of a column. */
function isNews({ cells }: TableRow): boolean {
  return cells.some((cell) => cell !== '·' && cell !== '?')
}

/** The table as lines that are at most `width` wide; where that is narrow, a letter stands for each layer. */
export function renderTable(report: Pick<DriftReport, 'layers' | 'links'>, width = 80): string[] {
  const rows = tableRows(report)
  const tables = shownTables(rows)
  const names = report.layers.map(({ name }) => layerNames[name])
  const longest = Math.max(8, ...tables.flatMap(({ shown }) => shown.map(({ column }) => column.length + 3)))
  const isNarrow = width < Math.min(longest, 30) + names.reduce((sum, name) => sum + name.length + 2, 0)
  const heads = isNarrow ? names.map((name) => name[0]!.toUpperCase()) : names
  const widths = heads.map((head) => Math.max(head.length, 1) + 2)
  const left = Math.max(8, Math.min(longest, width - widths.reduce((a, b) => a + b, 0)))
  const line = (label: string, cells: readonly string[]) =>
    `${cut(label, left).padEnd(left)}${cells.map((cell, i) => centred(cell, widths[i]!)).join('')}`.trimEnd()

  const lines = [line('', heads)]
  for (const { table, shown, more, same } of tables) {
    lines.push(pc.bold(cut(table, width)))
    for (const { column, cells } of shown) lines.push(coloured(line(`  ${column}`, cells), left, cells))
    if (more > 0) lines.push(`  and ${more} more that differ`)
    if (same > 0) lines.push(pc.dim(`  and ${same} columns that are the same everywhere`))
  }
  if (rows.length === 0) {
    const isRead = report.layers.some(({ catalog }) => catalog)
    lines.push(pc.dim(isRead ? '  no table anywhere' : '  nothing was compared'))
  }
  if (isNarrow) lines.push(pc.dim(heads.map((head, i) => `${head} ${names[i]}`).join(' · ')))
  lines.push(pc.dim('· same   + extra   − missing   ≠ different'))
  return lines
}

function differs({ cells }: TableRow): boolean {
  return cells.some((cell) => cell !== '·')
}

/** Colour only where something differs; the signs tell the same without it. */
function coloured(line: string, left: number, cells: readonly Cell[]): string {
  if (cells.every((cell) => cell === '·')) return pc.dim(line)
  const painted = line
    .slice(left)
    .replace(/[+−≠]/g, (sign) => ({ '+': pc.yellow, '−': pc.red, '≠': pc.magenta })[sign]!(sign))
  return `${line.slice(0, left)}${painted}`
}

function centred(text: string, width: number): string {
  const before = Math.ceil((width - text.length) / 2)
  return `${' '.repeat(before)}${text}`.padEnd(width)
}

function cut(text: string, width: number): string {
  return text.length > width - 1 ? `${text.slice(0, Math.max(1, width - 2))}…` : text
}

function indexed({ tables }: Catalog): Map<string, Column> {
  return new Map(
    tables.flatMap(({ name, columns }) => columns.map((column) => [`${name}\0${column.name}`, column] as const)),
  )
}
