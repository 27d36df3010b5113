import type pg from 'pg'
import { keptIn } from '../drift/kept-scripts.ts'
import { counted } from '../terminal/numbers.ts'
import { columnsSince, rowsSince } from './rows-since.ts'
import { listSnapshots, type Snapshot } from './snapshots.ts'

/**
 * What to do about a migration that PROD has run and that neither the folder nor a branch has: PROD goes back to the copy
 * from before, or, where rows or values have come since, the file comes back. Undefined where the ledger or the copy is gone.
 */
export async function wayBackFrom(client: pg.ClientBase, migration: string): Promise<string | undefined> {
  const found = await findDeploy(client, migration)
  if (!found) return undefined
  const { copy, entry } = found
  const kept = keptIn(copy.folder, migration)
  const since = await writtenSince(client, copy, entry)
  if (since === undefined) return restoreCopy(copy.name)
  if (kept === undefined) return undefined
  return `Copy the folder ${kept} into prisma/migrations, and commit it: PROD has run it, and ${since} came since.`
}

async function findDeploy(
  client: pg.ClientBase,
  migration: string,
): Promise<{ copy: Snapshot; entry: string } | undefined> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NOT NULL AS there")
  if (!found[0].there) return undefined
  const { rows } = await client.query<{ snapshot: string; entry: string }>(
    'SELECT snapshot, entry FROM workshop.ledger WHERE $1 = ANY (migrations) AND snapshot IS NOT NULL ORDER BY entry DESC LIMIT 1',
    [migration],
  )
  const copy = listSnapshots().find(({ name }) => name === rows[0]?.snapshot)
  return copy && { copy, entry: rows[0]!.entry }
}

/** What would not be there any more after a restore, in words; undefined where PROD is as that deploy left it. */
async function writtenSince(client: pg.ClientBase, copy: Snapshot, entry: string): Promise<string | undefined> {
  const rows = (await rowsSince(client, copy)).reduce((sum, one) => sum + one.rows, 0)
  if (rows > 0) return counted(rows, 'row')
  const columns = await columnsSince(client, entry)
  return columns.length === 0 ? undefined : `values of ${columns.join(', ')}`
}

/** The line that brings it back. */
export function restoreCopy(copy: string): string {
  return `npm run db restore ${copy}    (PROD as it was before; what stands there now is kept)`
}
