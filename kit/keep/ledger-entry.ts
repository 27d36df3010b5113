import { grouped } from '../terminal/numbers.ts'
import {
  byNumber,
  byTable,
  full,
  labelChanges,
  nameOf,
  otherSums,
  type ColumnSum,
  type RenamedLabel,
} from './ledger-sums.ts'

/** One line of PROD's ledger: what stood in every column at that moment. */
export interface LedgerEntry {
  entry: string
  at: Date
  event: string
  migrations: string[]
  snapshot: string | null
  /** Empty for an entry that only notes what a comparison has found. */
  columns: LedgerColumn[]
  /** Of the enums in them; an entry of old has none. */
  labels?: EnumLabel[]
  /** Of the composite types in them. */
  attributes?: TypeAttribute[]
  /** Of each table without a key, the sum of its whole rows. */
  rowSums?: { tableOid: number; fingerprint: string }[]
}

/** An attribute of a composite type keeps its number when it is renamed. */
export interface TypeAttribute {
  typeOid: number
  attnum: number
  /** As PostgreSQL writes it: `public.address`. */
  type: string
  name: string
}

/** A label of an enum keeps its number when it is renamed. */
export interface EnumLabel {
  oid: number
  /** As PostgreSQL writes it: `public.mood`. */
  type: string
  label: string
}

/** A label that is called otherwise now. One that has taken the name of another is none: its values read as the other's. */
export function renamedLabels(
  before: readonly EnumLabel[],
  after: readonly EnumLabel[],
): (EnumLabel & { now: string })[] {
  return before.flatMap((was) => {
    const now = after.find(({ oid }) => oid === was.oid)?.label ?? was.label
    const isTaken = before.some(({ type, label }) => type === was.type && label === now)
    return isTaken ? [] : [{ ...was, now }]
  })
}

/** Those that a type has got since: it was there before, and its values have one part more. */
export function newAttributes(before: readonly TypeAttribute[], after: readonly TypeAttribute[]): TypeAttribute[] {
  const types = new Set(before.map(({ typeOid }) => typeOid))
  const had = new Set(before.map(({ typeOid, attnum }) => `${typeOid}.${attnum}`))
  return after.filter(({ typeOid, attnum }) => types.has(typeOid) && !had.has(`${typeOid}.${attnum}`))
}

/** A column is the same as long as `tableOid` and `attnum` are: they survive every rename. */
export interface LedgerColumn extends ColumnSum {
  tableOid: number
  attnum: number
}

/** What became of the values between two entries. */
export interface Kept {
  tables: { name: string; rows: number; keptRows: number }[]
  values: number
  lost: LostValues[]
  /** Columns whose values are no longer in themselves, and the places in which they are believed to stand. */
  moved: [column: string, place: string][]
  /** What does not stand where it was, and is not lost. */
  fates: Fate[]
  /** Labels of an enum that took each other's names: their rows were not written, and read otherwise. */
  swapped?: RenamedLabel[]
}

/** Values that are kept, and stand elsewhere now, or under another name, or gave way to older ones. */
export interface Fate {
  how: 'renamed' | 'archived' | 'copied' | 'overwritten' | 'returned'
  /** `recruits.chatname`, as it was named before. */
  column: string
  /** Its name now, where it was renamed. */
  to?: string
  count: number
}

export interface LostValues {
  /** `recruits.chatname`, as it was named before. */
  column: string
  /** That many whole rows of a table without a key: every value is there, and not beside those that it stood with. */
  areRows?: true
  count: number
  /** Placeholders that gave way to what the archive holds for their row: no loss, but a gain. */
  returned: number
  /** The first of them. */
  examples: { key: string; was: string; is: string | null }[]
}

/** `PROD kept 60 of 60 recruits, 480 of 480 values`. */
export function describeKept({ tables, values, lost }: Kept, who = 'PROD'): string {
  const gone = lost.reduce((sum, { count }) => sum + count, 0)
  if (values === 0) return `${who} had no values to lose yet`
  const keptValues = `${grouped(values - gone)} of ${grouped(values)} values`
  if (tables.length > mostNamed) {
    const [kept, all] = [sumOf(tables.map(({ keptRows }) => keptRows)), sumOf(tables.map(({ rows }) => rows))]
    return `${who} kept ${grouped(kept)} of ${grouped(all)} rows in ${tables.length} tables, ${keptValues}`
  }
  const named = tables.slice(0, 3).map(({ name, rows, keptRows }) => `${grouped(keptRows)} of ${grouped(rows)} ${name}`)
  const more = tables.length > 3 ? [`the rows of ${tables.length - 3} more tables`] : []
  return `${who} kept ${[...named, ...more, keptValues].join(', ')}`
}

/** With more tables than this, their rows are summed up: nobody reads a list of 26. */
const mostNamed = 6

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0)
}

/** What became of the values, where not all stayed as they were: `70 as they were; 10 under a new name (…)`. */
export function describeFates({ values, lost, fates, swapped = [] }: Kept): string[] {
  const read = swapped.map(describeSwap)
  if (fates.length === 0) return read
  const gone = lost.reduce((sum, { count }) => sum + count, 0)
  const moved = fates.reduce((sum, { count }) => sum + count, 0)
  const parts = fates.map(({ how, column, to, count }) => `${grouped(count)} ${fateWords[how](column, to)}`)
  return [...read, `${grouped(values - gone - moved)} as they were; ${parts.join('; ')}`]
}

const describeSwap = ({ type, from, to }: RenamedLabel) =>
  `${nameOf(type)}: ${from} is called ${to} now: no row was written, and each reads ${to}`

const fateWords: Record<Fate['how'], (column: string, to?: string) => string> = {
  renamed: (column, to) => `under a new name (${column} is ${to} now)`,
  archived: (column) => `moved into the archive (${column})`,
  copied: (column) => `moved into another column (${column})`,
  overwritten: (column) => `overwritten in ${column}, and kept elsewhere`,
  returned: (column) => `came back from the archive (${column})`,
}

/** The places that were believed, a line each: whoever reads them knows whether that was meant. */
export function describePlaces(moved: Kept['moved']): string[] {
  return moved.map(([column, place]) => `${column}: its values stand in ${place}`)
}

/** The values that are gone, a line each, the first of every column. */
export function describeLost(lost: readonly LostValues[]): string[] {
  return lost.flatMap(({ column, count, areRows, examples }) => [
    areRows
      ? `${column}: ${grouped(count)} ${count === 1 ? 'row no longer stands as it' : 'rows no longer stand as they'} stood: values changed places between rows`
      : `${column}: ${grouped(count)} ${count === 1 ? 'value is' : 'values are'} gone`,
    ...examples.map(({ key, was, is }) =>
      areRows ? `  was ${shown(was)}` : `  row ${key}: was ${shown(was)}, is ${is === null ? 'nothing' : shown(is)}`,
    ),
    ...(count > examples.length ? [`  … and ${grouped(count - examples.length)} more`] : []),
  ])
}

/** The story of a ledger, a paragraph an entry: what changed since the one before. */
export function tellLedger(entries: readonly LedgerEntry[]): string[] {
  const counted = entries.filter(({ columns, event }) => columns.length > 0 || !/^(lost|not deployed)/.test(event))
  return entries.flatMap((entry) => {
    const before = counted[counted.indexOf(entry) - 1]
    const isNote = !counted.includes(entry)
    // A restored database is a new one: its tables have other numbers.
    const isRestored = entry.event.startsWith('restore of ')
    const copyBefore = entries[entries.indexOf(entry) - 1]?.snapshot
    const head = `${entry.at.toISOString().slice(0, 16).replace('T', ' ')}  ${entry.event}`
    return [
      head,
      ...entry.migrations.map((name) => `    ${name}`),
      ...(isNote ? [] : [`    ${contents(entry)}`]),
      ...(before && !isNote && !isRestored ? changes(before, entry).map((change) => `    ${change}`) : []),
      ...(entry.snapshot && entry.snapshot !== copyBefore && !isRestored ? [`    the copy: ${entry.snapshot}`] : []),
    ]
  })
}

function contents({ columns }: LedgerEntry): string {
  const tables = new Map(columns.filter(isPublic).map((column) => [nameOf(column.table), column.rows]))
  const values = columns.reduce((sum, column) => sum + column.values, 0)
  if (tables.size === 0) return 'no tables'
  if (tables.size > mostNamed)
    return `${grouped(sumOf([...tables.values()]))} rows in ${tables.size} tables, ${grouped(values)} values`
  return `${[...tables].map(([name, n]) => `${grouped(n)} ${name}`).join(', ')}, ${grouped(values)} values`
}

function changes(
  { columns: before, labels: were = [], attributes = [] }: LedgerEntry,
  { columns: after, labels: are = [], attributes: attributesNow = [] }: LedgerEntry,
): string[] {
  const grown = newAttributes(attributes, attributesNow)
  const [had, has] = [byNumber(before), byNumber(after)]
  const added = after.filter((column) => !had.find(column))
  const gone = before.filter((column) => !has.find(column))
  const stayed = before.flatMap((was) => {
    const is = has.find(was)
    return is ? [{ was, is }] : []
  })
  return [
    ...stayed
      .filter(({ was, is }) => full(was) !== full(is))
      .map(({ was, is }) => `${full(was)} is now called ${full(is)}`),
    ...stayed
      .filter(({ was, is }) => was.type !== is.type)
      .map(({ was, is }) => `${full(is)} is ${is.type}, and was ${was.type}`),
    ...labelChanges(were, are).map(({ type, from, to }) => `${nameOf(type)}: ${from} is called ${to} now`),
    ...grown.map(({ type, name }) => `${nameOf(type)} has a new attribute: ${name}`),
    ...otherSums(stayed, labelChanges(were, are), grown.length > 0),
    ...groups(added).map(([table, names]) => `new in ${table}: ${names.join(', ')}`),
    ...groups(gone).map(([table, names]) => `no longer in ${table}: ${names.join(', ')}`),
  ]
}

export function find(columns: readonly LedgerColumn[], { tableOid, attnum }: LedgerColumn): LedgerColumn | undefined {
  return columns.find((column) => column.tableOid === tableOid && column.attnum === attnum)
}

function groups(columns: readonly LedgerColumn[]): [string, string[]][] {
  return [...byTable(columns)].map(([table, own]) => [nameOf(table), own.map(({ column }) => column)])
}

function isPublic({ table }: LedgerColumn): boolean {
  return table.startsWith('public.')
}

/** A value on one line, not longer than a line. */
function shown(value: string): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}
