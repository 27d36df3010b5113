import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import type { LedgerColumn, LedgerEntry } from '../../kit/keep/ledger-entry.ts'
import type { Snapshot } from '../../kit/keep/snapshots.ts'
import { rowsOfTable } from '../course/known-values.ts'
import type { Row } from '../course/trial.ts'
import { sha256 } from './fits.ts'

/** Types whose text is the same in a copy and in the ledger's fingerprint. */
const plain = /^(text|integer|bigint|smallint|uuid|character varying(\(\d+\))?)$/

/**
 * What is wrong with copies, by name: a file that is not as it was written, or one that does not hold what the ledger
 * counted when it was taken. `client` only works out fingerprints.
 */
export async function findCopyFaults(
  client: Pick<pg.ClientBase, 'query'>,
  copies: readonly Snapshot[],
  ledger: readonly LedgerEntry[],
): Promise<Map<string, string>> {
  const faults = new Map<string, string>()
  for (const copy of copies) {
    const entry = ledger.find(({ event, snapshot }) => event === 'before a deploy' && snapshot === copy.name)
    const fault = fileFault(copy) ?? (entry && (await countFault(client, copy, entry)))
    if (fault) faults.set(copy.name, fault)
  }
  return faults
}

function fileFault({ folder, tables }: Snapshot): string | undefined {
  const bad = tables.find(
    ({ file, hash }) => !existsSync(join(folder, file)) || sha256(readFileSync(join(folder, file))) !== hash,
  )
  return bad && `${bad.schema}.${bad.name} is not as it was written`
}

async function countFault(
  client: Pick<pg.ClientBase, 'query'>,
  copy: Snapshot,
  { columns, entry }: LedgerEntry,
): Promise<string | undefined> {
  for (const table of copy.tables.filter(({ schema, root }) => schema !== 'workshop' && root === null)) {
    const own = columns.filter((column) => column.table === `${table.schema}.${table.name}`)
    const key = own.filter(({ keyPart }) => keyPart !== null)
    const rows = rowsOfTable(copy, table)
    if (key.length > 1 || rows.length !== table.rows) continue
    for (const column of own.filter(({ type }) => plain.test(type))) {
      const is = await sumOf(client, rows, column, key[0])
      if (is.values !== column.values || is.fingerprint !== String(column.fingerprint))
        return `${column.table}.${column.column} is not what entry ${entry} of the ledger counted`
    }
  }
  return undefined
}

/** As the ledger works it out: `kit/guard/ledger.sql`. */
async function sumOf(
  client: Pick<pg.ClientBase, 'query'>,
  rows: readonly Row[],
  { column }: LedgerColumn,
  key: LedgerColumn | undefined,
): Promise<{ values: number; fingerprint: string }> {
  const { rows: sums } = await client.query<{ values: number; fingerprint: string }>(
    `SELECT count(v)::int AS values, coalesce(sum(hashtextextended(v, hashtextextended(k, 0))), 0)::text AS fingerprint
     FROM unnest($1::text[], $2::text[]) AS t (k, v)`,
    [rows.map((row) => (key ? row[key.column] : '')), rows.map((row) => row[column] ?? null)],
  )
  return sums[0]!
}
