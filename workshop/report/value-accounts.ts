import type { KnownRows } from '../course/known-values.ts'
import { valuesOf, type NowRows, type ValueNow } from '../course/judge-values.ts'
import type { Row } from '../course/trial.ts'
import type { Placement } from '../course/trial-judge.ts'
import type { CohortAccount, ColumnAccount, ValueAccounts } from './report-data.ts'

/**
 * Each value of each cohort: where it began, how it is called now, and in which table it stands. `wanted` are the cohorts
 * that should be in PROD by now.
 */
export function accountValues(
  { known, now, placement }: { known: KnownRows; now: NowRows; placement: Placement },
  { twice, wanted }: { twice: string | undefined; wanted: readonly string[] },
): ValueAccounts {
  const gone = [...known].filter(([id]) => !now.recruits.has(id))
  const ids = [...new Set([...known.keys(), ...now.recruits.keys()])].toSorted(byNumber)
  const cohorts = new Map(wanted.map((name) => [name, { recruits: 0, values: [] as ValueNow[] }]))
  for (const id of ids) {
    const is = now.recruits.get(id)
    const cohort = cohortOf(known.get(id) ?? [], is)
    const held = cohorts.get(cohort) ?? { recruits: 0, values: [] }
    cohorts.set(cohort, held)
    if (is) held.recruits += 1
    held.values.push(...valuesOf(id, known.get(id) ?? [], now, placement))
  }
  const order = [...new Set([...now.recruits.values()].flatMap((row) => Object.keys(row)))]
  const accounts = [...cohorts]
    .map(([cohort, { recruits, values }]): CohortAccount => ({ cohort, recruits, columns: columnsOf(values, order) }))
    .toSorted((a, b) => (a.cohort < b.cohort ? -1 : 1))
  const all = accounts.flatMap(({ columns }) => columns)
  // Whoever is gone has lost all that was known of them.
  const lostWithRows = gone.reduce((sum, [, rows]) => sum + valuesIn(rows[0]!), 0)
  return {
    cohorts: accounts,
    gone: gone.map(([id, rows]) => rows[0]!['github_name'] ?? `id ${id}`).toSorted(),
    twice,
    unknown: [...now.recruits].filter(([id, row]) => !known.has(id) && !isOfPortal(row)).length,
    kept: all.reduce((sum, { kept }) => sum + kept, 0),
    of: all.reduce((sum, { of }) => sum + of, 0) + lostWithRows,
  }
}

/** In the order of the table; what is no longer a column comes last. */
function columnsOf(values: readonly ValueNow[], order: readonly string[]): ColumnAccount[] {
  const rank = (column: string) => (order.includes(column) ? order.indexOf(column) : order.length)
  const names = [...new Set(values.map(({ column, wanted }) => `${column}\0${wanted}`))]
  return names
    .map((name): ColumnAccount => {
      const own = values.filter(({ column, wanted }) => `${column}\0${wanted}` === name)
      const { column, wanted } = own[0]!
      const lost = own.filter(({ table }) => table === undefined)
      return {
        column,
        now: wanted,
        tables: [...new Set(own.flatMap(({ table }) => table ?? []))].toSorted(),
        kept: own.length - lost.length,
        of: own.length,
        lost: lost.map(({ id, value, is }) => ({ id, was: value, is })),
      }
    })
    .toSorted((a, b) => rank(a.now) - rank(b.now) || (a.column < b.column ? -1 : 1))
}

/** By the name that the seed gave, which never changes; else by what was written when they were first seen. */
function cohortOf(rows: readonly Row[], is: Row | undefined): string {
  const label = /(c\d+)(?:-[0-9a-f]{10})?-\d+$/.exec(rows[0]?.['github_name'] ?? is?.['github_name'] ?? '')?.[1]
  if (label) return label.toUpperCase()
  const written = [...rows, ...(is ? [is] : [])].map((row) => row['cohort']).find((one) => one != null)
  return written === undefined || written === null ? 'C25' : (/^\s*(\S+)/.exec(written)?.[1] ?? 'no cohort')
}

/** Whom the portal's seed has made: until the next deploy takes a copy, there is nothing to hold them against. */
function isOfPortal(row: Row): boolean {
  return /-portal-\d+$/.test(row['github_name'] ?? '')
}

function valuesIn(row: Row): number {
  return Object.values(row).filter((value) => value !== null).length
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1)
}
