import type pg from 'pg'
import type { EnumLabel, LedgerColumn, LedgerEntry, TypeAttribute } from './ledger-entry.ts'
import { installLedger } from '../guard/guard.ts'

export interface NewEntry {
  /** What happened, in a few words: `deploy`, `before a deploy`, `restore`. */
  event: string
  migrations?: readonly string[]
  /** The snapshot that was taken before it. */
  snapshot?: string
}

/** Makes the ledger where there is none. */
export async function ensureLedger(client: pg.ClientBase): Promise<void> {
  if (!(await hasLedger(client))) await installLedger(client)
}

/** Adds an entry with a count and a fingerprint of every column, and returns it. Needs a ledger. */
export async function writeLedger(client: pg.ClientBase, entry: NewEntry): Promise<LedgerEntry> {
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
  if (!(await hasLedger(client))) return []
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
  const labels = await readPart<EnumLabel>(client, 'labels', 'label_oid AS oid, type, label', only)
  const named = 'type_oid AS "typeOid", attnum, type, name'
  const attributes = await readPart<TypeAttribute>(client, 'attributes', named, only)
  const sums = 'table_oid AS "tableOid", fingerprint'
  const rowSums = await readPart<{ tableOid: number; fingerprint: string }>(client, 'rows', sums, only)
  return entries.map((entry) => {
    const isOwn = (part: { entry: string }) => part.entry === entry.entry
    return {
      ...entry,
      columns: columns.filter(isOwn),
      labels: labels.filter(isOwn),
      attributes: attributes.filter(isOwn),
      rowSums: rowSums.filter(isOwn),
    }
  })
}

/** What an older ledger has no table for. */
const parts = ['labels', 'attributes', 'rows'] as const

async function readPart<Part>(
  client: pg.ClientBase,
  part: (typeof parts)[number],
  columns: string,
  only?: string,
): Promise<(Part & { entry: string })[]> {
  if (!(await hasPart(client, part))) return []
  const { rows } = await client.query<Part & { entry: string }>(
    `SELECT entry, ${columns} FROM workshop.ledger_${part} WHERE $1::bigint IS NULL OR entry = $1 ORDER BY 1, 2, 3`,
    [only ?? null],
  )
  return rows
}

/** The last entry; undefined where there is no ledger yet, or nothing in it. */
export async function readLastEntry(client: pg.ClientBase): Promise<LedgerEntry | undefined> {
  if (!(await hasLedger(client))) return undefined
  const { rows } = await client.query<{ entry: string | null }>('SELECT max(entry) AS entry FROM workshop.ledger')
  return rows[0]!.entry === null ? undefined : (await readLedger(client, rows[0]!.entry))[0]
}

/** The first entry of that event before which a copy was taken: a later one may be anybody's. */
export async function readEntryBefore(
  client: pg.ClientBase,
  event: string,
  snapshot: string,
): Promise<LedgerEntry | undefined> {
  if (!(await hasLedger(client))) return undefined
  const { rows } = await client.query<{ entry: string | null }>(
    'SELECT min(entry) AS entry FROM workshop.ledger WHERE event = $1 AND snapshot = $2',
    [event, snapshot],
  )
  return rows[0]!.entry === null ? undefined : (await readLedger(client, rows[0]!.entry))[0]
}

/** The number of the entry that was written in the moment of a copy; undefined for one that was made by hand. */
export async function readFirstEntryOf(client: pg.ClientBase, snapshot: string): Promise<string | undefined> {
  if (!(await hasLedger(client))) return undefined
  const { rows } = await client.query<{ entry: string | null }>(
    `SELECT min(entry) AS entry FROM workshop.ledger JOIN workshop.ledger_columns USING (entry) WHERE snapshot = $1`,
    [snapshot],
  )
  return rows[0]!.entry ?? undefined
}

/** Adds the entries that another database has and this one lacks: the later past of the same PROD. */
export async function takeOverLedger(client: pg.ClientBase, from: pg.ClientBase | undefined): Promise<void> {
  const { rows } = await client.query<{ last: string }>('SELECT coalesce(max(entry), 0) AS last FROM workshop.ledger')
  const { last } = rows[0]!
  if (from && (await hasLedger(from))) {
    const tables = ['ledger', 'ledger_columns']
    for (const part of parts) if (await hasPart(from, part)) tables.push(`ledger_${part}`)
    for (const table of tables) {
      const { rows: later } = await from.query(
        `SELECT coalesce(json_agg(l), '[]')::text AS rows FROM workshop.${table} AS l WHERE entry > $1`,
        [last],
      )
      await client.query(
        `INSERT INTO workshop.${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::workshop.${table}, $1)`,
        [later[0].rows],
      )
    }
  }
  await client.query(
    "SELECT setval('workshop.ledger_entry_seq', coalesce(max(entry), 0) + 1, false) FROM workshop.ledger",
  )
}

async function hasPart(client: pg.ClientBase, part: (typeof parts)[number]): Promise<boolean> {
  return isThere(client, `workshop.ledger_${part}`)
}

async function hasLedger(client: pg.ClientBase): Promise<boolean> {
  return isThere(client, 'workshop.ledger')
}

async function isThere(client: pg.ClientBase, table: string): Promise<boolean> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table])
  return rows[0].there
}
