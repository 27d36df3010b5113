import type { HistoryNote } from './drift-report.ts'
import { findAppliedText } from './applied-text.ts'
import type { MigrationRow } from '../catalog/migration-history.ts'
import { checksumOf, type MigrationText } from '../sql/migration-text.ts'

/** What Prisma noted about a database, against the folder: pending, failed, edited, unknown, rolled back, out of order. */
export function readNotes(rows: readonly MigrationRow[], folder: readonly MigrationText[]): HistoryNote[] {
  const applied = rows.filter(({ state }) => state === 'applied')
  const known = new Set(rows.filter(({ state }) => state !== 'rolled back').map(({ name }) => name))
  const texts = new Map(folder.map(({ name, sql }) => [name, sql]))
  const last =
    applied
      .map(({ name }) => name)
      .toSorted()
      .at(-1) ?? ''
  const rolledBack = rows.filter(({ name, state }) => state === 'rolled back' && !known.has(name))
  return [
    ...rows
      .filter(({ state }) => state === 'failed')
      .map(({ name }) => note('failed', name, 'was started, and neither finished nor rolled back')),
    ...applied
      .filter(({ name }) => !texts.has(name))
      .map(({ name, checksum }) => {
        const renamed = folder.find((one) => !known.has(one.name) && checksumOf(one.sql) === checksum)?.name
        return {
          ...note(
            'unknown',
            name,
            `is applied, and not in the folder${renamed ? `: there it is called ${renamed}` : ''}`,
          ),
          ...(renamed && { renamedTo: renamed }),
        }
      }),
    ...applied
      .filter(({ name, checksum }) => texts.has(name) && checksum !== checksumOf(texts.get(name)!))
      .map(({ name }) => note('edited', name, 'was edited after it had been applied')),
    ...misplaced(applied).map((name) => note('out of order', name, 'was applied after a newer one')),
    ...folder
      .filter(({ name }) => !known.has(name))
      .flatMap(({ name }) => [
        note('pending', name, 'is pending'),
        ...(name < last ? [note('out of order', name, `is older than ${last}, which is applied already`)] : []),
      ]),
    ...[...new Set(rolledBack.map(({ name }) => name))].map((name) =>
      note('rolled back', name, 'was rolled back, and not applied since'),
    ),
  ]
}

/**
 * The same notes; an edited or missing migration says where its text is that was applied: in git, or beside a copy of PROD.
 */
export function withGit(
  notes: readonly HistoryNote[],
  rows: readonly MigrationRow[],
  root: string,
): Promise<HistoryNote[]> {
  return Promise.all(
    notes.map(async (one) => {
      if ((one.kind !== 'edited' && one.kind !== 'unknown') || one.givesWay) return one
      const row = rows.find(({ name, state }) => name === one.migration && state === 'applied')
      return row ? { ...one, ...(await findAppliedText(row, root)) } : one
    }),
  )
}

/**
 * DEV gives way to PROD: where PROD has the text of the folder, or has yet to run the file, an edited file stays as it is.
 * Where PROD has run another text, that one is looked for. Returns notes and rows of DEV for `withGit`.
 */
export function givingWay(
  notes: readonly HistoryNote[],
  rows: readonly MigrationRow[],
  prod: readonly MigrationRow[],
  folder: readonly MigrationText[],
): { notes: HistoryNote[]; rows: MigrationRow[] } {
  const onProd = new Map(prod.flatMap((row) => (row.state === 'applied' ? [[row.name, row] as const] : [])))
  const isRight = ({ name, sql }: MigrationText) => [undefined, checksumOf(sql)].includes(onProd.get(name)?.checksum)
  const right = new Set(folder.filter(isRight).map(({ name }) => name))
  return {
    notes: notes.map((one) => (one.kind === 'edited' && right.has(one.migration) ? { ...one, givesWay: true } : one)),
    rows: rows.map((row) => (row.state === 'applied' ? (onProd.get(row.name) ?? row) : row)),
  }
}

function note(kind: HistoryNote['kind'], migration: string, words: string): HistoryNote {
  return { kind, migration, words: `migration ${migration} ${words}` }
}

function misplaced(applied: readonly MigrationRow[]): string[] {
  return applied
    .filter(({ name }, i) => applied.slice(0, i).some((before) => before.name > name))
    .map(({ name }) => name)
}

/** Neither git's index nor any branch has its text: at best, what git has not thrown away yet, or a copy of PROD. */
export function isInNoBranch({ isRestorable, source }: HistoryNote): boolean {
  return !isRestorable && (source === undefined || source.isLoose === true)
}
