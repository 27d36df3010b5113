import type pg from 'pg'
import type { Stage } from './deploy-lines.ts'
import { findDropsAndAdds, type DropAndAdd } from './drop-and-add.ts'
import { askAboutRenames, describePair, insteadOf } from './drop-and-add-lines.ts'
import {
  describeFates,
  describeKept,
  describeLost,
  find,
  tellLedger,
  type Kept,
  type LedgerEntry,
} from '../keep/ledger-entry.ts'
import { mentions } from '../catalog/renames.ts'
import { Problem } from '../terminal/problem.ts'
import {
  describeStatements,
  isAtomic,
  isTransactionControl,
  runsOf,
  transactionsOf,
  type Transaction,
} from '../sql/script-runs.ts'
import { lineAt, statementsIn, type TreeStatement } from '../sql/tree.ts'
import { counted } from '../terminal/numbers.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { leaveNothing } from '../project/leave-nothing.ts'
import { writeLedger } from '../keep/ledger.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { openRehearsal, type Rehearsal } from './rehearsal-database.ts'
import { rowsInTheWay } from '../hazards/rows-in-the-way.ts'
import { runAsPrisma, StatementFailed } from '../engine/run-as-prisma.ts'
import { whyNotCopied } from '../keep/snapshot-take.ts'
import { copiedTable, type Snapshot } from '../keep/snapshots.ts'
import type { Target } from '../database/target.ts'
import { compareEntries } from '../keep/compare-entries.ts'

/**
 * Tries the pending migrations out on a copy of PROD, on DEV's server, and looks what becomes of every value. `dev` may
 * throw a Problem. The stage is `bad` where PROD would refuse them or lose a value to the guard's mind. With `isTold` it
 * holds the ledger of the copy; `isAsked` says that somebody was asked already what is a rename.
 */
export async function rehearse(
  dev: () => Target,
  snapshot: Snapshot,
  pending: readonly MigrationText[],
  say: (line: string) => void,
  { isTold = false, isAsked = false } = {},
): Promise<Stage> {
  try {
    return await leaveNothing(
      () => openRehearsal(dev(), snapshot, say),
      (rehearsal) => tryOut(rehearsal, snapshot, pending, { dev: dev(), isTold, isAsked }),
    )
  } catch (error) {
    if (!(error instanceof Problem) && !isDatabaseError(error)) throw error
    return notTried(error instanceof Problem ? error.why : `PostgreSQL says: ${error.message}.`)
  }
}

async function tryOut(
  { client, isGuarded }: Rehearsal,
  snapshot: Snapshot,
  pending: readonly MigrationText[],
  { dev, isTold, isAsked }: { dev: Target; isTold: boolean; isAsked: boolean },
): Promise<Stage> {
  const pairs = isAsked ? [] : await findDropsAndAdds(client, dev, pending)
  const entries = [await writeLedger(client, { event: 'before' })]
  for (const migration of pending) {
    try {
      await runAsPrisma(client, migration.sql)
    } catch (failure) {
      await client.query('ROLLBACK')
      const error = failure instanceof StatementFailed ? failure.cause : failure
      if (!isDatabaseError(error)) throw error
      if (isAboutThisServer(error)) return notTried(`${migration.name}: PostgreSQL says: ${error.message}.`)
      const found = await findFailure(client, migration.sql, error, (failure as StatementFailed).offset)
      return fails(migration, found, pairs)
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
  const asks = [
    ...(renames.length > 0 ? ['A column goes and one comes: a rename that loses the place of its values'] : []),
    ...(isOverwritten ? ['The migrations overwrite values of PROD'] : []),
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
      ...guard,
    ],
    ...(asks.length > 0 && { asks: asks.join('. ') }),
    next: [
      ...renames.flatMap(({ pair }) => insteadOf(pair)),
      ...(isOverwritten ? ['Write the values into a new column, or archive the old ones first.'] : []),
    ],
  }
}

interface Failure {
  line: number | undefined
  error: pg.DatabaseError
  rows: string | undefined
  /** What has taken hold before it, and stays. */
  stays: readonly TreeStatement[]
}

/**
 * Which statement of a script fails, and on how many rows. What stays is there, and the transaction that failed is not:
 * its statements run once more, one by one, in a transaction that is given up.
 */
async function findFailure(
  client: pg.Client,
  script: string,
  error: pg.DatabaseError,
  offset: number,
): Promise<Failure> {
  const transactions = transactionsOf(runsOf(script))
  const failed = transactions.filter(({ runs }) => runs.some((run) => run.offset === offset))
  const stays = transactions.slice(0, transactions.indexOf(failed[0]!)).flatMap(({ statements }) => statements)
  const line = error.position ? lineAt(script, offset + Number(error.position)) : lineOf(failed, offset)
  const found = { line, error, rows: undefined, stays }
  if (failed.length !== 1 || !isAtomic(failed[0]!)) return found
  await client.query('BEGIN')
  try {
    for (const statement of failed[0]!.statements.filter((one) => !isTransactionControl(one))) {
      await client.query('SAVEPOINT before')
      try {
        await client.query(statement.sql)
      } catch (failure) {
        await client.query('ROLLBACK TO before')
        if (!isDatabaseError(failure)) throw failure
        const rows = await rowsInTheWay(client, statement.sql, failure)
        return { line: statement.line, error: failure, rows, stays }
      }
    }
    return found
  } finally {
    await client.query('ROLLBACK')
  }
}

/** Of the statement that was sent alone; of several that were sent together, nobody knows which. */
function lineOf(failed: readonly Transaction[], offset: number): number | undefined {
  const run = failed[0]?.runs.find((one) => one.offset === offset)
  return run?.statements.length === 1 ? run.statements[0]!.line : undefined
}

function fails({ name }: MigrationText, { line, error, rows, stays }: Failure, pairs: readonly DropAndAdd[]): Stage {
  const file = `prisma/migrations/${name}/migration.sql`
  const place = line === undefined ? file : `${file}, line ${line}`
  // What stops here is the drop or the add of a rename: a DEFAULT or an archive would only hide that.
  const inTheWay = pairs.filter(({ from, to }) => [from, to].some((column) => mentions(error.message, column)))
  const hint = error.hint ? `HINT: ${error.hint}`.split('\n') : []
  return {
    name: 'rehearsal',
    mark: 'bad',
    words: `${name} fails on a copy of PROD`,
    more: [
      place,
      `ERROR: ${error.message}`,
      ...(rows ? [`This will fail on ${rows}.`] : []),
      ...inTheWay.flatMap(describePair),
      ...(inTheWay.length > 0 && hint.length > 0 ? ['If they are two different columns:'] : []),
      ...hint,
      ...(stays.length > 0 ? [`Half of it would stay on PROD: ${describeStatements(stays)}.`] : []),
    ],
    why: `${name} would fail there: ${place}.`,
    next: [
      ...(inTheWay.length > 0 ? inTheWay.flatMap(insteadOf) : [`Correct ${place}`]),
      'npm run db reset    (DEV too has to run the corrected text)',
      'npm run migrate -- deploy --env prod',
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

/** What says more of DEV's server than of the script: roles, rights and extensions that only PROD's has. */
function isAboutThisServer({ code = '', message }: pg.DatabaseError): boolean {
  return (
    (code === '42704' && message.startsWith('role ')) || ['42501', '0A000', '58P01', '53100', '53200'].includes(code)
  )
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
