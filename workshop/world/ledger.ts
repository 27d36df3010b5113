import type pg from 'pg'
import type { LedgerColumn, LedgerEntry } from '../plain/ledger.ts'
import { installLedger } from './guard.ts'

export interface NewEntry {
  /** What happened, in a few words: `deploy`, `before a deploy`, `restore`. */
  event: string
  migrations?: readonly string[]
  /** The snapshot that was taken before it. */
  snapshot?: string
}

/** Adds an entry with a count and a fingerprint of every column, and returns it. Makes the ledger where there is none. */
export async function writeLedger(client: pg.ClientBase, entry: NewEntry): Promise<LedgerEntry> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NULL AS missing")
  if (found[0].missing) await installLedger(client)
  const { rows } = await client.query<{ entry: string }>('SELECT workshop.write_ledger($1, $2, $3) AS entry', [
    entry.event,
    entry.migrations ?? [],
    entry.snapshot ?? null,
  ])
  return (await readLedger(client, rows[0]!.entry))[0]!
}

/** Notes what a comparison has found, after the entry that was compared. */
export async function noteInLedger(client: pg.ClientBase, event: string, snapshot?: string): Promise<void> {
  await client.query('SELECT workshop.note_ledger($1, $2)', [event, snapshot ?? null])
}

/** The whole past, oldest first, or the one entry of that number. Empty where there is no ledger yet. */
export async function readLedger(client: pg.ClientBase, only?: string): Promise<LedgerEntry[]> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NOT NULL AS there")
  if (!found[0].there) return []
  const { rows: entries } = await client.query<LedgerEntry>(
    `SELECT entry, at, event, migrations, snapshot FROM workshop.ledger WHERE $1::bigint IS NULL OR entry = $1 ORDER BY entry`,
    [only ?? null],
  )
  const { rows: columns } = await client.query<LedgerColumn & { entry: string }>(
    `SELECT entry, table_oid AS "tableOid", attnum, table_name AS "table", column_name AS "column", type, key_part AS "keyPart",
            "rows"::float8, "values"::float8, fingerprint
     FROM workshop.ledger_columns WHERE $1::bigint IS NULL OR entry = $1 ORDER BY entry, table_name, attnum`,
    [only ?? null],
  )
  return entries.map((entry) => ({ ...entry, columns: columns.filter((column) => column.entry === entry.entry) }))
}

/** The last entry; undefined where there is no ledger yet, or nothing in it. */
export async function readLastEntry(client: pg.ClientBase): Promise<LedgerEntry | undefined> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger') IS NOT NULL AS there")
  if (!found[0].there) return undefined
  const { rows } = await client.query<{ entry: string | null }>('SELECT max(entry) AS entry FROM workshop.ledger')
  return rows[0]!.entry === null ? undefined : (await readLedger(client, rows[0]!.entry))[0]
}
