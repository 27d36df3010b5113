import type pg from 'pg'
import type { Stage } from '../plain/deploy-lines.ts'
import { describeKept, describeLost, find, tellLedger, type Kept, type LedgerEntry } from '../plain/ledger.ts'
import { Problem } from '../plain/problem.ts'
import { counted } from '../plain/numbers.ts'
import { isDatabaseError } from '../world/engine/database-error.ts'
import { leaveNothing } from '../world/leave-nothing.ts'
import { writeLedger } from '../world/ledger.ts'
import type { NamedMigration } from '../world/migration-history.ts'
import { openRehearsal, type Rehearsal } from '../world/rehearsal.ts'
import { rowsInTheWay } from '../world/rows-in-the-way.ts'
import { isOneTransaction, lineAt, statementsOf } from '../world/script-statements.ts'
import { whyNotCopied } from '../world/snapshot-take.ts'
import { copiedTable, type Snapshot } from '../world/snapshots.ts'
import type { Target } from '../world/target.ts'
import { compareEntries } from './ledger.ts'

/**
 * Tries the pending migrations out on a copy of PROD, on DEV's server, and looks what becomes of every value. `dev` may
 * throw a Problem. The stage is `bad` where PROD would refuse them or lose a value to the guard's mind. With `isTold` it
 * holds the ledger of the copy.
 */
export async function rehearse(
  dev: () => Target,
  snapshot: Snapshot,
  pending: readonly NamedMigration[],
  say: (line: string) => void,
  { isTold = false } = {},
): Promise<Stage> {
  try {
    return await leaveNothing(
      () => openRehearsal(dev(), snapshot, say),
      (rehearsal) => tryOut(rehearsal, snapshot, pending, isTold),
    )
  } catch (error) {
    if (!(error instanceof Problem) && !isDatabaseError(error)) throw error
    return notTried(error instanceof Problem ? error.why : `PostgreSQL says: ${error.message}.`)
  }
}

async function tryOut(
  { client, isGuarded }: Rehearsal,
  snapshot: Snapshot,
  pending: readonly NamedMigration[],
  isTold: boolean,
): Promise<Stage> {
  const entries = [await writeLedger(client, { event: 'before' })]
  for (const migration of pending) {
    try {
      await client.query(migration.sql)
    } catch (error) {
      await client.query('ROLLBACK')
      if (!isDatabaseError(error)) throw error
      if (isAboutThisServer(error)) return notTried(`${migration.name}: PostgreSQL says: ${error.message}.`)
      return fails(migration, await findFailure(client, migration.sql, error))
    }
    entries.push(await writeLedger(client, { event: migration.name }))
  }
  const obstacle = await whyNotCopied(client)
  if (obstacle) return couldNotBeCopied(obstacle)
  const kept = await compareEntries(client, entries[0]!, entries.at(-1)!, (table) => copiedTable(snapshot, table))
  const tried = `${counted(pending.length, 'migration')} tried out on a copy, on DEV’s server`
  const guard = isGuarded ? [] : ['Without the guard: that needs the superuser of DEV’s server.']
  // All of it is a few seconds old.
  const story = isTold ? tellLedger(entries).map((line) => line.replace(/^\d[\d-]+ [\d:]+ {2}/, '')) : []
  if (kept.lost.length === 0)
    return { name: 'rehearsal', mark: 'ok', words: `${tried}: ${describeKept(kept, 'it')}`, more: [...story, ...guard] }
  return {
    name: 'rehearsal',
    mark: 'note',
    words: `${tried}: ${describeKept(kept, 'it')}`,
    more: [...story, ...describeLost(kept.lost), ...whoLost(kept, entries, pending), ...guard],
    asks: 'The migrations overwrite values of PROD',
    next: ['Write the values into a new column, or archive the old ones first.'],
  }
}

interface Failure {
  line: number | undefined
  error: pg.DatabaseError
  rows: string | undefined
}

/** Which statement of a script fails, and on how many rows: its statements one by one, in a transaction that is given up. */
async function findFailure(client: pg.Client, script: string, error: pg.DatabaseError): Promise<Failure> {
  const whole = { line: error.position ? lineAt(script, Number(error.position)) : undefined, error, rows: undefined }
  if (!isOneTransaction(script)) return whole
  await client.query('BEGIN')
  try {
    for (const { sql, line } of statementsOf(script)) {
      await client.query('SAVEPOINT before')
      try {
        await client.query(sql)
      } catch (failure) {
        await client.query('ROLLBACK TO before')
        if (!isDatabaseError(failure)) throw failure
        return { line, error: failure, rows: await rowsInTheWay(client, sql, failure) }
      }
    }
    return whole
  } finally {
    await client.query('ROLLBACK')
  }
}

function fails({ name }: NamedMigration, { line, error, rows }: Failure): Stage {
  const file = `prisma/migrations/${name}/migration.sql`
  const place = line === undefined ? file : `${file}, line ${line}`
  return {
    name: 'rehearsal',
    mark: 'bad',
    words: `${name} fails on a copy of PROD`,
    more: [
      place,
      `ERROR: ${error.message}`,
      ...(rows ? [`This will fail on ${rows}.`] : []),
      ...(error.hint ? `HINT: ${error.hint}`.split('\n') : []),
    ],
    why: `${name} would fail there: ${place}.`,
    next: [
      `Correct ${place}`,
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
function whoLost(kept: Kept, entries: readonly LedgerEntry[], pending: readonly NamedMigration[]): string[] {
  return kept.lost.flatMap(({ column }) => {
    const was = entries[0]!.columns.find((one) => `${one.table}.${one.column}`.endsWith(column))
    const at = entries.findIndex((entry, i) => {
      const before = i > 0 && was && find(entries[i - 1]!.columns, was)
      return before && find(entry.columns, was)?.fingerprint !== before.fingerprint
    })
    const migration = pending[at - 1]
    if (!migration) return []
    const name = column.slice(column.lastIndexOf('.') + 1)
    const statement = statementsOf(migration.sql).find(
      ({ sql }) => /^(update|merge|alter|insert|with|do)\b/i.test(sql) && sql.includes(name),
    )
    const line = statement ? `, line ${statement.line}` : ''
    return [`${column}: by prisma/migrations/${migration.name}/migration.sql${line}`]
  })
}
