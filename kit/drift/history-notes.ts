import { createHash } from 'node:crypto'
import type { HistoryNote } from './drift-report.ts'
import { findKept } from './kept-scripts.ts'
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
      .map(({ name, checksum }) => {
        const renamed = folder.find((one) => !known.has(one.name) && sha256(one.sql) === checksum)?.name
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

/** The same notes; an edited or missing migration says where git has the text that was applied. */
export function withGit(
  notes: readonly HistoryNote[],
  rows: readonly MigrationRow[],
  root: string,
): Promise<HistoryNote[]> {
  return Promise.all(
    notes.map(async (one) => {
      if (one.kind !== 'edited' && one.kind !== 'unknown') return one
      const row = rows.find(({ name, state }) => name === one.migration && state === 'applied')
      if (!row) return one
      if (await isApplied('', row, root)) return { ...one, isRestorable: true }
      const source = await findSource(row, root)
      if (source) return { ...one, source }
      const keptAs = one.kind === 'edited' ? findKept(row.name, (sql) => sha256(sql) === row.checksum) : undefined
      return keptAs ? { ...one, keptAs } : one
    }),
  )
}

/** Whether git has the applied text there: in its index, or in a commit. Without git there is nothing to restore. */
async function isApplied(commit: string, { name, checksum }: MigrationRow, root: string): Promise<boolean> {
  const path = `${commit}:./prisma/migrations/${name}/migration.sql`
  const found = await tryGit(['cat-file', 'blob', path], { root }).catch(() => undefined)
  return found?.code === 0 && sha256(found.stdout.toString()) === checksum
}

/** The newest commit of any branch with that text. A long history is not searched to its end. */
async function findSource(row: MigrationRow, root: string): Promise<HistoryNote['source']> {
  const ask = async (...argv: string[]) => {
    const ran = await tryGit(argv, { root }).catch(() => undefined)
    return ran?.code === 0 ? ran.stdout.toString().split('\n').filter(Boolean) : undefined
  }
  const path = `prisma/migrations/${row.name}/migration.sql`
  const commits = (await ask('log', '--branches', '--remotes', '--max-count=20', '--format=%h', '--', path)) ?? []
  for (const commit of commits) {
    if (!(await isApplied(commit, row, root))) continue
    if (await ask('merge-base', '--is-ancestor', commit, 'HEAD')) return { commit }
    // A branch that has nothing in common with this one cannot be merged.
    if (!(await ask('merge-base', commit, 'HEAD'))) return { commit }
    const branches = await ask(
      'for-each-ref',
      `--contains=${commit}`,
      '--format=%(refname:short)',
      'refs/heads',
      'refs/remotes',
    )
    return { commit, ...(branches?.[0] && { branch: branches[0] }) }
  }
  return undefined
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
