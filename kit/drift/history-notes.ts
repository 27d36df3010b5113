import { createHash } from 'node:crypto'
import type { HistoryNote } from './drift-report.ts'
import { tryGit } from '../git/git.ts'
import type { MigrationRow } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'

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
      .map(({ name }) => note('unknown', name, 'is applied, and not in the folder')),
    ...applied
      .filter(({ name, checksum }) => texts.has(name) && checksum !== sha256(texts.get(name)!))
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

/** The same notes; an edited migration says whether git's copy of it is the one that was applied. */
export function withGit(
  notes: readonly HistoryNote[],
  rows: readonly MigrationRow[],
  root: string,
): Promise<HistoryNote[]> {
  return Promise.all(
    notes.map(async (one) => {
      if (one.kind !== 'edited') return one
      const path = `:./prisma/migrations/${one.migration}/migration.sql`
      // Without git, or without a repository, there is nothing to restore.
      const found = await tryGit(['cat-file', 'blob', path], { root }).catch(() => undefined)
      const row = rows.find(({ name, state }) => name === one.migration && state === 'applied')
      return { ...one, isRestorable: found?.code === 0 && sha256(found.stdout.toString()) === row?.checksum }
    }),
  )
}

function note(kind: HistoryNote['kind'], migration: string, words: string): HistoryNote {
  return { kind, migration, words: `migration ${migration} ${words}` }
}

function misplaced(applied: readonly MigrationRow[]): string[] {
  return applied
    .filter(({ name }, i) => applied.slice(0, i).some((before) => before.name > name))
    .map(({ name }) => name)
}

/** As Prisma notes it: of the script's text. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
