import type pg from 'pg'
import { mentions } from '../catalog/renames.ts'
import { sqlOf, type Snapshot } from '../keep/snapshots.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { hazardsOf } from '../hazards/hazards.ts'
import { rowsInTheWay } from '../hazards/rows-in-the-way.ts'
import type { RowsInTheWay } from '../hazards/values-in-the-way.ts'
import {
  describeStatements,
  isAtomic,
  isTransactionControl,
  runsOf,
  transactionsOf,
  type Transaction,
} from '../sql/script-runs.ts'
import { lineAt, type TreeStatement } from '../sql/tree.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { findUsers, type UsedColumn } from './column-users.ts'
import type { Stage } from './deploy-lines.ts'
import { fillFirst } from './not-filled.ts'
import type { DropAndAdd } from './drop-and-add.ts'
import { describePair, insteadOf } from './drop-and-add-lines.ts'
import { mendText } from '../sql/unreadable-text.ts'

export interface Failure {
  line: number | undefined
  error: pg.DatabaseError
  rows: RowsInTheWay | undefined
  /** What uses a column that cannot change because of it. */
  used: UsedColumn | undefined
  /** What has taken hold before it, and stays. */
  stays: readonly TreeStatement[]
}

/** What was known before: it tells what a statement does to the tables that are there. */
export interface Before {
  snapshot: Snapshot
  /** Migrations that ran before this one, oldest first, as far as they are known. */
  migrations: readonly MigrationText[]
  /** Those of them that PROD does not have yet. */
  pending: readonly MigrationText[]
}

/**
 * Which statement of a script fails, on how many rows, and what is in its way. What stays is there, and the transaction
 * that failed is not: its statements run once more, one by one, in a transaction that is given up.
 */
export async function findFailure(
  client: pg.Client,
  script: string,
  error: pg.DatabaseError,
  offset: number,
  { snapshot }: Before,
): Promise<Failure> {
  const transactions = transactionsOf(runsOf(script))
  const failed = transactions.filter(({ runs }) => runs.some((run) => run.offset === offset))
  const stays = transactions.slice(0, transactions.indexOf(failed[0]!)).flatMap(({ statements }) => statements)
  const line = error.position ? lineAt(script, offset + Number(error.position)) : sentAlone(failed, offset)?.line
  const found = { line, error, rows: undefined, used: undefined, stays }
  if (failed.length !== 1 || !isAtomic(failed[0]!)) return found
  const told = failed[0]!.statements.filter((one) => !isTransactionControl(one))
  const alone = sentAlone(failed, offset)
  const before = alone ? told.slice(0, told.indexOf(alone)) : []
  await client.query('BEGIN')
  try {
    if (before.length > 0) await client.query(before.map(({ sql }) => sql).join(';\n'))
    for (const statement of told.slice(before.length)) {
      await client.query('SAVEPOINT before')
      try {
        await client.query(statement.sql)
        // Each one that is kept open takes a lock, and there are only some thousands.
        await client.query('RELEASE before')
      } catch (failure) {
        await client.query('ROLLBACK TO before')
        if (!isDatabaseError(failure)) throw failure
        const rows = await rowsInTheWay(client, statement.sql, failure)
        const used = await findUsers(client, statement, failure, sqlOf(snapshot, 'rights'))
        return { line: statement.line, error: failure, rows, used, stays }
      }
    }
    return found
  } finally {
    await client.query('ROLLBACK')
  }
}

/** The statement that failed, where it was sent alone; of several that were sent together, nobody knows which. */
function sentAlone(failed: readonly Transaction[], offset: number): TreeStatement | undefined {
  const run = failed[0]?.runs.find((one) => one.offset === offset)
  return run?.statements.length === 1 ? run.statements[0] : undefined
}

/** What the rehearsal says of it, and what to write instead. */
export function fails(
  migration: MigrationText,
  failure: Failure,
  pairs: readonly DropAndAdd[],
  { migrations, pending }: Before,
): Stage {
  const { name, sql } = migration
  const { line, error, rows, used, stays } = failure
  const file = `prisma/migrations/${name}/migration.sql`
  const place = line === undefined ? file : `${file}, line ${line}`
  // What stops here is the drop or the add of a rename: a DEFAULT or an archive would only hide that.
  const inTheWay = pairs.filter(({ from, to }) => [from, to].some((column) => mentions(error.message, column)))
  // PostgreSQL's own advice is DROP … CASCADE.
  const isInUse = error.code === '2BP01' || error.code === '0A000'
  const hint = [
    ...(error.detail && isInUse && !used ? `DETAIL: ${error.detail}`.split('\n') : []),
    ...(error.hint && error.code !== '2BP01' ? `HINT: ${error.hint}`.split('\n') : []),
  ]
  const fill = fillFirst(error, migration, migrations, pending)
  const unreadable = error.code === '42601' ? mendText(sql) : []
  return {
    name: 'rehearsal',
    mark: 'bad',
    words: `${name} fails on a copy of PROD`,
    more: [
      place,
      `ERROR: ${error.message}`,
      ...(rows ? [`This will fail on ${rows.words}.`] : []),
      ...(used?.words ?? []),
      ...inTheWay.flatMap(describePair),
      ...(inTheWay.length > 0 && hint.length > 0 ? ['If they are two different columns:'] : []),
      ...hint,
      ...(stays.length > 0 ? [`Half of it would stay on PROD: ${describeStatements(stays)}.`] : []),
    ],
    why: `${name} would fail there: ${place}.`,
    next: [
      ...(fill.length > 0
        ? fill
        : [
            ...(inTheWay.length > 0 ? inTheWay.flatMap(insteadOf) : [correction(error, file, line)]),
            ...unreadable,
            ...(error.code === lostValues ? acceptedForms(migration, line, migrations) : []),
            ...(rows?.ways ?? []),
            ...(used?.form ?? []),
            'npm run db reset    (DEV too has to run the corrected text)',
          ]),
      'npm run migrate -- deploy --env prod',
    ],
  }
}

/** The guard's. */
const lostValues = 'WK001'

/** The guard's hint is SQL. Typed on PROD it would keep these values, and a file that loses them would stay in the folder. */
function correction({ code, hint = '' }: pg.DatabaseError, file: string, line: number | undefined): string {
  const place = line === undefined ? file : `${file}, line ${line}`
  if (code !== lostValues || !hint.startsWith('Keep them first:\n')) return `Correct ${place}`
  const where = line === undefined ? 'before the statement that fails' : `above line ${line}`
  return `Write the SQL after "Keep them first" into ${file}, ${where}; do not type it on PROD`
}

/** What the hazards of that statement say to write, where the guard's own advice is to keep the values elsewhere. */
function acceptedForms(migration: MigrationText, line: number | undefined, landed: readonly MigrationText[]): string[] {
  const found = hazardsOf([migration], { landed }).filter((one) => one.line === line && one.id === 'H25')
  return found.map(({ accepted }) => accepted)
}

/** What says more of DEV's server than of the script: roles, rights and extensions that only PROD's has. */
export function isAboutThisServer({ code = '', message }: pg.DatabaseError): boolean {
  // 0A000 is mostly about the script: a column that a view uses cannot change its type anywhere.
  if (code === '0A000') return /\bis not available$|\bnot supported (in|by) this build/.test(message)
  return (code === '42704' && message.startsWith('role ')) || ['42501', '58P01', '53100', '53200'].includes(code)
}
