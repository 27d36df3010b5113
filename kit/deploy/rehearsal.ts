import type { Stage } from './deploy-lines.ts'
import { findDropsAndAdds } from './drop-and-add.ts'
import { askAboutRenames, insteadOf } from './drop-and-add-lines.ts'
import {
  describeFates,
  describeKept,
  describeLost,
  find,
  tellLedger,
  type Kept,
  type LedgerEntry,
} from '../keep/ledger-entry.ts'
import { Problem } from '../terminal/problem.ts'
import { statementsIn } from '../sql/tree.ts'
import { counted } from '../terminal/numbers.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { leaveNothing } from '../project/leave-nothing.ts'
import { writeLedger } from '../keep/ledger.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { fails, findFailure, isAboutThisServer } from './failure.ts'
import { describeLocks, lockedBy, type HeldLock } from './lock-times.ts'
import { openRehearsal, type Rehearsal } from './rehearsal-database.ts'
import { bigTables, describeFelt, feltBy, type Felt } from './rehearsal-traffic.ts'
import { runAsPrisma, StatementFailed } from '../engine/run-as-prisma.ts'
import { whyNotCopied } from '../keep/snapshot-take.ts'
import { copiedTable, type Snapshot } from '../keep/snapshots.ts'
import type { Target } from '../database/target.ts'
import { compareEntries } from '../keep/compare-entries.ts'

/**
 * Tries the pending migrations out on a copy of PROD, on DEV's server, and looks what becomes of every value. `dev` may
 * throw a Problem. The stage is `bad` where PROD would refuse them or lose a value to the guard's mind. With `isTold` it
 * holds the ledger of the copy; `isAsked` says that somebody was asked already what is a rename. `applied` ran before.
 */
export async function rehearse(
  dev: () => Target,
  snapshot: Snapshot,
  pending: readonly MigrationText[],
  say: (line: string) => void,
  { isTold = false, isAsked = false, applied = [] as readonly MigrationText[] } = {},
): Promise<Stage> {
  try {
    return await leaveNothing(
      () => openRehearsal(dev(), snapshot, say),
      (rehearsal) => tryOut(rehearsal, snapshot, pending, { dev: dev(), isTold, isAsked, applied }),
    )
  } catch (error) {
    if (!(error instanceof Problem) && !isDatabaseError(error)) throw error
    return notTried(error instanceof Problem ? error.why : `PostgreSQL says: ${error.message}.`)
  }
}

async function tryOut(
  { client, isGuarded, open }: Rehearsal,
  snapshot: Snapshot,
  pending: readonly MigrationText[],
  {
    dev,
    isTold,
    isAsked,
    applied,
  }: { dev: Target; isTold: boolean; isAsked: boolean; applied: readonly MigrationText[] },
): Promise<Stage> {
  const pairs = isAsked ? [] : await findDropsAndAdds(client, dev, pending)
  const entries = [await writeLedger(client, { event: 'before' })]
  const [locks, felt]: [HeldLock[], Felt[]] = [[], []]
  const tables = bigTables(entries[0]!)
  for (const migration of pending) {
    try {
      const { name, sql } = migration
      const run = async () => void locks.push(...(await lockedBy(client, open, name, () => runAsPrisma(client, sql))))
      felt.push(...(await feltBy(open, tables, name, run)))
    } catch (failure) {
      await client.query('ROLLBACK')
      const error = failure instanceof StatementFailed ? failure.cause : failure
      if (!isDatabaseError(error)) throw error
      if (isAboutThisServer(error)) return notTried(`${migration.name}: PostgreSQL says: ${error.message}.`)
      const ran = pending.slice(0, pending.indexOf(migration))
      const before = { snapshot, migrations: [...applied, ...ran], pending: ran }
      const found = await findFailure(client, migration.sql, error, (failure as StatementFailed).offset, before)
      return fails(migration, found, pairs, before)
    }
    entries.push(await writeLedger(client, { event: migration.name }))
  }
  const obstacle = await whyNotCopied(client)
  if (obstacle) return couldNotBeCopied(obstacle)
  const copyOf = (table: string) => copiedTable(snapshot, table)
  const kept = await compareEntries(client, entries[0]!, entries.at(-1)!, copyOf)
  const renames = await askAboutRenames(client, pairs, { before: entries[0]!, after: entries.at(-1)! }, copyOf)
  const tried = `${counted(pending.length, 'migration')} tried out on a copy, on DEV’s server`
  const guard = isGuarded ? [] : ['Without the guard: that needs the superuser of DEV’s server.']
  // All of it is a few seconds old.
  const story = isTold ? tellLedger(entries).map((line) => line.replace(/^\d[\d-]+ [\d:]+ {2}/, '')) : []
  const isOverwritten = kept.lost.length > 0 || kept.fates.some(({ how }) => how === 'overwritten')
  const isSwap = (kept.swapped ?? []).length > 0
  const asks = [
    ...(renames.length > 0 ? ['A column goes and one comes: a rename that loses the place of its values'] : []),
    ...(isOverwritten
      ? [isSwap ? 'Labels of an enum change their names with each other' : 'The migrations overwrite values of PROD']
      : []),
  ]
  return {
    name: 'rehearsal',
    mark: asks.length > 0 ? 'note' : 'ok',
    words: `${tried}: ${describeKept(kept, 'it')}`,
    more: [
      ...describeFates(kept),
      ...story,
      ...renames.flatMap(({ lines }) => lines),
      ...describeLost(kept.lost),
      ...whoLost(kept, entries, pending),
      ...describeLocks(locks),
      ...describeFelt(felt),
      ...guard,
    ],
    ...(asks.length > 0 && { asks: asks.join('. ') }),
    next: [
      ...renames.flatMap(({ pair }) => insteadOf(pair)),
      ...(isOverwritten
        ? [
            isSwap
              ? 'If rows are to say something else, UPDATE them; if a label has a wrong name, give it one that no other label has.'
              : 'Write the values into a new column, or archive the old ones first.',
          ]
        : []),
    ],
  }
}

function couldNotBeCopied(message: string): Stage {
  return {
    name: 'rehearsal',
    mark: 'bad',
    words: 'after these migrations PROD could not be copied any more',
    more: [`ERROR: ${message}`],
    why: `No deploy could take a copy of PROD after this one. PostgreSQL says: ${message}.`,
    next: [
      'Take that out of the migrations. Rows that policies hide from the owner too come from FORCE ROW LEVEL SECURITY.',
    ],
  }
}

function notTried(why: string): Stage {
  return {
    name: 'rehearsal',
    mark: 'note',
    words: 'the migrations could not be tried out on a copy',
    more: [why],
    asks: 'Nobody has tried the migrations out',
    next: ['npm run db up    (DEV’s server holds the copy)'],
  }
}

/** For each column that lost values, the file after which it held others, and the line that names it. */
function whoLost(kept: Kept, entries: readonly LedgerEntry[], pending: readonly MigrationText[]): string[] {
  return kept.lost.flatMap(({ column }) => {
    const was = entries[0]!.columns.find((one) => `${one.table}.${one.column}`.replace(/^public\./, '') === column)
    const at = entries.findIndex((entry, i) => {
      const before = i > 0 && was && find(entries[i - 1]!.columns, was)
      return before && find(entry.columns, was)?.fingerprint !== before.fingerprint
    })
    const migration = pending[at - 1]
    if (!migration) return []
    const name = column.slice(column.lastIndexOf('.') + 1)
    const statement = statementsIn(migration.sql)?.find(
      ({ sql }) => /^(update|merge|alter|insert|with|do)\b/i.test(sql) && sql.includes(name),
    )
    const line = statement ? `, line ${statement.line}` : ''
    return [`${column}: by prisma/migrations/${migration.name}/migration.sql${line}`]
  })
}
