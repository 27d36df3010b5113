import type pg from 'pg'
import { renameColumn } from '../catalog/catalog-sql.ts'
import { entriesOf } from '../keep/compare-entries.ts'
import { findMissing } from '../keep/lost-values.ts'
import type { CopiedTable } from '../keep/copy-in-session.ts'
import { describeLost, type LedgerEntry } from '../keep/ledger-entry.ts'
import type { DropAndAdd } from './drop-and-add.ts'

/** What looks like a rename, and whether it is one, in words. */
export interface AskedRename {
  pair: DropAndAdd
  lines: string[]
}

/**
 * The pairs whose new column does not hold what the old one held, after they were tried out on a copy: an archive keeps
 * such values, and they are missing where they are looked for. Whoever copied them over before the drop is asked nothing.
 */
export async function askAboutRenames(
  client: pg.ClientBase,
  pairs: readonly DropAndAdd[],
  { before, after }: { before: LedgerEntry; after: LedgerEntry },
  copyOf: (table: string) => CopiedTable | undefined,
): Promise<AskedRename[]> {
  const asked: AskedRename[] = []
  for (const pair of pairs) {
    const table = pair.table.includes('.') ? pair.table : `public.${pair.table}`
    const from = before.columns.find((one) => one.table === table && one.column === pair.from)
    const to = after.columns.find((one) => one.tableOid === from?.tableOid && one.column === pair.to)
    const copy = copyOf(table)
    if (!from || !to || !copy) continue
    const missing = await findMissing(client, from, to, entriesOf(before, after), copy)
    if (missing.count === 0) continue
    const rows = describeLost([missing]).slice(1)
    const found = `${pair.to} does not hold what ${pair.from} held, in ${missing.count} of ${from.values} rows:`
    asked.push({ pair, lines: [...describePair(pair), found, ...rows] })
  }
  return asked
}

/** Both columns, and why they look like one. */
export function describePair({ table, from, to, evidence }: DropAndAdd): string[] {
  return [
    from === to
      ? `${table}.${from} goes, and comes again: its values do not come with it.`
      : `${table}.${from} goes, and ${table}.${to} comes. Is it the same column under a new name?`,
    ...evidence.map((why) => `  ${why}`),
    ...(from === to ? [] : [`A rename keeps every value where it belongs:  ${renameColumn(table, from, to)}`]),
  ]
}

/** What to write in place of the drop and the add. */
export function insteadOf({ table, from, to, migration }: DropAndAdd): string[] {
  const file = `prisma/migrations/${migration}/migration.sql`
  return from === to
    ? [`Change ${table}.${from} with ALTER COLUMN in ${file}, without dropping it`]
    : [`In ${file}, in place of the drop and the add:  ${renameColumn(table, from, to)}`]
}
