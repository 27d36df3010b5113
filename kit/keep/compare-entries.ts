import type pg from 'pg'
import {
  newAttributes,
  renamedLabels,
  type Fate,
  type Kept,
  type LedgerColumn,
  type LedgerEntry,
  type LostValues,
} from './ledger-entry.ts'
import { byNumber, byTable, labelChanges, nameOf } from './ledger-sums.ts'
import { findLost } from './lost-values.ts'
import { findMixedRows } from './mixed-rows.ts'
import type { CopiedTable, Entries } from './copy-in-session.ts'

/** Gives a table of the copy from before by its name with schema, `public.recruits`; undefined where there is none. */
export type Copy = (table: string) => CopiedTable | undefined

/**
 * What became of the values between two entries. Equal fingerprints are believed; where they differ, each value is
 * looked up against the copy.
 */
export async function compareEntries(
  client: pg.ClientBase,
  before: LedgerEntry,
  after: LedgerEntry,
  copy: Copy,
): Promise<Kept> {
  const now = byNumber(after.columns)
  const differs = before.columns.filter((was) => {
    const is = now.find(was)
    return was.values > 0 && (is?.values !== was.values || is.fingerprint !== was.fingerprint)
  })
  const entries = entriesOf(before, after)
  const kept: Kept = { tables: [], values: 0, lost: [], moved: [], fates: [], swapped: swappedLabels(before, after) }
  const suspected = byTable(differs)
  for (const [table, columns] of byTable(before.columns)) {
    const suspects = suspected.get(table) ?? []
    const mayBeMixed = haveOtherRows(before, after, columns[0]!)
    const copied = suspects.length > 0 || mayBeMixed ? copy(table) : undefined
    const { lost, moved, fates } = copied
      ? await findLost(client, suspects, entries, copied)
      : { lost: suspects.map((column) => unseen(table, column)), moved: [], fates: [] }
    kept.lost.push(...lost)
    if (mayBeMixed && copied && lost.length === 0)
      kept.lost.push(...(await findMixedRows(client, columns, suspects, entries, copied)))
    kept.moved.push(...moved)
    const calm = columns.filter((column) => !suspects.includes(column))
    kept.fates.push(...renamedTable(calm, now), ...calm.flatMap((was) => renamedColumn(was, now.find(was))), ...fates)
    kept.values += columns.reduce((sum, { values }) => sum + values, 0)
    if (table.startsWith('public.')) kept.tables.push(rowsOf(table, columns, lost))
  }
  return kept
}

/** What stood in every column at two moments. */
export function entriesOf(before: LedgerEntry, after: LedgerEntry): Entries {
  const renamed = renamedLabels(before.labels ?? [], after.labels ?? [])
  return { before: before.columns, after: after.columns, renamed, had: attributesBefore(before, after) }
}

function attributesBefore({ attributes: had = [] }: LedgerEntry, after: LedgerEntry): Record<string, number[]> {
  if (newAttributes(had, after.attributes ?? []).length === 0) return {}
  const byType: Record<string, number[]> = {}
  for (const { typeOid, attnum } of had) (byType[typeOid] ??= []).push(attnum)
  return byType
}

/** Whether a table without a key has other rows than it had, as whole rows. An entry of old does not say it. */
function haveOtherRows(before: LedgerEntry, after: LedgerEntry, { tableOid }: LedgerColumn): boolean {
  const [was, is] = [before, after].map(({ rowSums = [] }) => rowSums.find((one) => one.tableOid === tableOid))
  return was !== undefined && was.fingerprint !== is?.fingerprint
}

/** Those with a name that another label had before: their rows read as the other one's did. */
function swappedLabels({ labels = [] }: LedgerEntry, after: LedgerEntry): NonNullable<Kept['swapped']> {
  return labelChanges(labels, after.labels ?? []).filter(({ type, to }) =>
    labels.some((one) => one.type === type && one.label === to),
  )
}

/** Nobody can look up what was in it: all of it counts as lost. */
function unseen(table: string, { column, values }: LedgerColumn): LostValues {
  return { column: `${nameOf(table)}.${column}`, count: values, returned: 0, examples: [] }
}

/** A table whose values are untouched, under another name. */
function renamedTable(columns: LedgerColumn[], now: ReturnType<typeof byNumber<LedgerColumn>>): Fate[] {
  const moved = columns.filter((was) => {
    const is = now.find(was)
    return is !== undefined && is.table !== was.table && is.column === was.column
  })
  const count = moved.reduce((sum, { values }) => sum + values, 0)
  if (count === 0) return []
  return [{ how: 'renamed', column: nameOf(moved[0]!.table), to: nameOf(now.find(moved[0]!)!.table), count }]
}

/** A column whose values are untouched, under another name in the same table. */
function renamedColumn(was: LedgerColumn, is: LedgerColumn | undefined): Fate[] {
  if (!is || was.values === 0 || is.column === was.column) return []
  const [column, to] = [was, is].map((one) => `${nameOf(one.table)}.${one.column}`)
  return [{ how: 'renamed', column: column!, to: to!, count: was.values }]
}

/** A row is there as long as its key is. */
function rowsOf(
  table: string,
  columns: LedgerEntry['columns'],
  lost: Kept['lost'],
): { name: string; rows: number; keptRows: number } {
  const key = columns.find(({ keyPart }) => keyPart === 1) ?? columns[0]!
  const gone = lost.find(({ column }) => column === `${nameOf(table)}.${key.column}`)?.count ?? 0
  return { name: nameOf(table), rows: key.rows, keptRows: key.rows - gone }
}
