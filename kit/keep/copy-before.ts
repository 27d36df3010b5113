import type pg from 'pg'
import { listSnapshots } from './snapshots.ts'

/** The copy that was taken before the deploy which applied a migration; undefined where the ledger or the copy is gone. */
export async function copyBeforeDeploy(client: pg.ClientBase, migration: string): Promise<string | undefined> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NOT NULL AS there")
  if (!found[0].there) return undefined
  const { rows } = await client.query<{ snapshot: string }>(
    'SELECT snapshot FROM workshop.ledger WHERE $1 = ANY (migrations) AND snapshot IS NOT NULL ORDER BY entry DESC LIMIT 1',
    [migration],
  )
  return listSnapshots().find(({ name }) => name === rows[0]?.snapshot)?.name
}

/** The line that brings it back. */
export function restoreCopy(copy: string): string {
  return `npm run db restore ${copy}    (PROD as it was before; what stands there now is kept)`
}
