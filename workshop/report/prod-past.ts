import type pg from 'pg'
import { readLedger } from '../../kit/keep/ledger.ts'
import type { LedgerEntry } from '../../kit/keep/ledger-entry.ts'

/** What Prisma noted of one migration in PROD, with its times. */
export interface PastRow {
  id: string
  name: string
  /** SHA-256 of the text that ran. */
  checksum: string
  started: Date
  finished: Date | null
  rolledBack: boolean
}

/** PROD's own past: what Prisma noted, and what the ledger did. Both can be edited by who owns the server. */
export interface ProdPast {
  history: PastRow[]
  ledger: LedgerEntry[]
}

export async function readPast(client: pg.ClientBase): Promise<ProdPast> {
  const { rows: found } = await client.query("SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there")
  if (!found[0].there) return { history: [], ledger: await readLedger(client) }
  const { rows } = await client.query<PastRow>(
    `SELECT id, migration_name AS name, checksum, started_at AS started, finished_at AS finished,
            rolled_back_at IS NOT NULL AS "rolledBack"
     FROM public._prisma_migrations ORDER BY started_at, migration_name`,
  )
  return { history: rows, ledger: await readLedger(client) }
}
