import type pg from 'pg'
import { keptIn } from '../drift/kept-scripts.ts'
import { counted } from '../terminal/numbers.ts'
import { rowsSince } from './rows-since.ts'
import { listSnapshots, type Snapshot } from './snapshots.ts'

/**
 * What to do about a migration that PROD has run and that neither the folder nor git has: PROD goes back to the copy from
 * before, or, where rows have come since, the file comes back. Undefined where the ledger or the copy is gone.
 */
export async function wayBackFrom(client: pg.ClientBase, migration: string): Promise<string | undefined> {
  const copy = await copyBeforeDeploy(client, migration)
  if (!copy) return undefined
  const kept = keptIn(copy.folder, migration)
  if (kept === undefined) return restoreCopy(copy.name)
  const since = (await rowsSince(client, copy)).reduce((sum, { rows }) => sum + rows, 0)
  if (since === 0) return restoreCopy(copy.name)
  return `Copy the folder ${kept} into prisma/migrations, and commit it: PROD has run it, and ${counted(since, 'row')} came since.`
}

async function copyBeforeDeploy(client: pg.ClientBase, migration: string): Promise<Snapshot | undefined> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NOT NULL AS there")
  if (!found[0].there) return undefined
  const { rows } = await client.query<{ snapshot: string }>(
    'SELECT snapshot FROM workshop.ledger WHERE $1 = ANY (migrations) AND snapshot IS NOT NULL ORDER BY entry DESC LIMIT 1',
    [migration],
  )
  return listSnapshots().find(({ name }) => name === rows[0]?.snapshot)
}

/** The line that brings it back. */
export function restoreCopy(copy: string): string {
  return `npm run db restore ${copy}    (PROD as it was before; what stands there now is kept)`
}
