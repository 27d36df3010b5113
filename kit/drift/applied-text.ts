import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationRow } from '../catalog/migration-history.ts'
import { tryGit } from '../git/git.ts'
import { projectRoot } from '../project/project.ts'
import { checksumOf } from '../sql/migration-text.ts'
import type { HistoryNote } from './drift-report.ts'
import { findKept } from './kept-scripts.ts'

/** Where the text of a migration is that a database has run. Nothing of it where nobody has it any more. */
export type AppliedText = Pick<HistoryNote, 'isRestorable' | 'source' | 'keptAs'>

/** In git's index, in a commit, in what git has not thrown away yet, or beside a copy of PROD. */
export async function findAppliedText(row: MigrationRow, root: string): Promise<AppliedText> {
  if (await isApplied('', row, root)) return { isRestorable: true }
  const source = await findSource(row, root)
  if (source) return { source }
  const keptAs = findKept(row.name, (sql) => checksumOf(sql) === row.checksum)
  return keptAs ? { keptAs } : {}
}

/** The text itself; undefined where nobody has it. */
export async function readAppliedText(
  { migration, isRestorable, source, keptAs }: HistoryNote,
  root: string,
): Promise<string | undefined> {
  if (keptAs) return readFileSync(join(projectRoot, keptAs), 'utf8')
  return isRestorable || source ? readBlob(source?.commit ?? '', migration, root) : undefined
}

/** Whether git has the applied text there: in its index, or in a commit. Without git there is nothing to restore. */
async function isApplied(commit: string, { name, checksum }: MigrationRow, root: string): Promise<boolean> {
  const text = await readBlob(commit, name, root)
  return text !== undefined && checksumOf(text) === checksum
}

async function readBlob(commit: string, name: string, root: string): Promise<string | undefined> {
  const path = `${commit}:./prisma/migrations/${name}/migration.sql`
  const found = await tryGit(['cat-file', 'blob', path], { root }).catch(() => undefined)
  return found?.code === 0 ? found.stdout.toString() : undefined
}

/** The newest commit of any branch with that text, or one that no branch has any more. A long history is not searched to its end. */
async function findSource(row: MigrationRow, root: string): Promise<HistoryNote['source']> {
  const ask = async (...argv: string[]) => {
    const ran = await tryGit(argv, { root }).catch(() => undefined)
    return ran?.code === 0 ? ran.stdout.toString().split('\n').filter(Boolean) : undefined
  }
  const path = `prisma/migrations/${row.name}/migration.sql`
  const commitsOf = async (...where: string[]) =>
    (await ask('log', ...where, '--max-count=20', '--format=%h', '--', path)) ?? []
  for (const commit of await commitsOf('--branches', '--remotes')) {
    if (!(await isApplied(commit, row, root))) continue
    if (await ask('merge-base', '--is-ancestor', commit, 'HEAD')) return { commit }
    const refs = ['refs/heads', 'refs/remotes']
    const [branch] = (await ask('for-each-ref', `--contains=${commit}`, '--format=%(refname:short)', ...refs)) ?? []
    // A branch that has nothing in common with this one cannot be merged.
    const isApart = !(await ask('merge-base', commit, 'HEAD'))
    return { commit, ...(branch && { branch }), ...(isApart && { isApart }) }
  }
  for (const commit of await commitsOf('--reflog'))
    if (await isApplied(commit, row, root)) return { commit, isLoose: true }
  return undefined
}
