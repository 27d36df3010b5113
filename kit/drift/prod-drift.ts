import type { Catalog } from '../catalog/catalog.ts'
import type { Difference } from '../catalog/compare-catalogs.ts'
import type { Rename } from '../catalog/renames.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { findDoneByHand, findFalseNotes } from './false-notes.ts'
import { findKeeping, type Keeping } from './keeping-command.ts'
import { attempt, type Live } from './layers.ts'

/** Where the drift of PROD comes from, and so what closes it. */
export interface ProdDrift {
  keeping?: Keeping | undefined
  falseNotes: string[]
  doneByHand: string[]
}

/** `should` is what PROD's history makes; undefined where that cannot be replayed. */
export async function explainDrift(
  { catalog: live, rows, client }: Live,
  compared: { differences: readonly Difference[]; renames: readonly Rename[] },
  {
    should,
    folder,
    pending,
    after,
  }: {
    should: Catalog | undefined
    folder: readonly MigrationText[]
    pending: readonly string[]
    after(scripts: readonly string[]): Promise<Catalog>
  },
): Promise<ProdDrift> {
  const keeping = should && (await attempt(() => findKeeping(client, compared, { should, live }))).value
  // What stands in the archive was there: it comes back from there, and not out of a migration that runs again.
  if (keeping?.isFromArchive) return { keeping, falseNotes: [], doneByHand: [] }
  const falseNotes = await findFalseNotes(rows, folder, { live, after })
  if (falseNotes.length > 0) return { falseNotes, doneByHand: [] }
  return { keeping, falseNotes, doneByHand: await findDoneByHand(rows, folder, pending, { live, after }) }
}
