import pg from 'pg'
import { Problem } from '../terminal/problem.ts'
import { assertNoSessions, swapIn, type SwapOptions } from './archives.ts'
import { connectTo, open } from '../database/connection.ts'
import { isEmpty } from '../database/empty.ts'
import { writeKnownColumns } from './copied-database.ts'
import { takeSettings } from './database-settings.ts'
import { onDatabase } from '../engine/connection-url.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { installGuard, installLedger } from '../guard/guard.ts'
import { readFirstEntryOf, takeOverLedger, writeLedger } from './ledger.ts'
import { databaseOf, inDatabase, makeDatabase, openAsAdmin } from '../database/provision.ts'
import { loadParser, parseScript } from '../sql/tree.ts'
import { columnsSince, rowsSince } from './rows-since.ts'
import { differencesTo, loadSnapshot, loadTable } from './snapshot-load.ts'
import { sqlOf, type Snapshot } from './snapshots.ts'
import { locate, type Target } from '../database/target.ts'
import { endVerdicts } from './verdicts.ts'

export interface Restored {
  /** The name under which what stood there is kept; undefined where nothing did. */
  aside: string | undefined
  /** How many rows each table has now that the copy has not: they are in what was set aside, and not in PROD. */
  since: { table: string; rows: number }[]
  /** Columns of the other tables that held something else than the copy: that too is in what was set aside. */
  changed: string[]
  /** Rights that could not be given, because there is no such role on this server: statements. */
  rights: string[]
}

type Say = (line: string) => void

/**
 * Puts a copy of PROD in PROD's place. It goes into a new database first, and is compared with its files there, value by
 * value; what stood in the place is kept under another name. Throws a Problem, with PROD as it was, when something is in
 * the way. On a server that is not ours, the database at the address has to be empty.
 */
export async function restoreSnapshot(
  target: Target,
  snapshot: Snapshot,
  options: SwapOptions,
  say: Say,
): Promise<Restored> {
  const admin = await openAsAdmin(target)
  if (!admin) return restoreInPlace(target, snapshot, say)
  const building: Target = { ...target, url: onDatabase(target.url, half) }
  const drop = () => admin.query(dropHalf)
  try {
    await assertNoSessions(admin, target, databaseOf(target), options)
    // A restore that was cut off may have left one.
    await drop()
    say('PROD  filling a new database from the copy …')
    await makeDatabase(admin, building)
    await fill(building, snapshot, say)
    const rights = await inDatabase(building, (inside) => giveRights(inside, snapshot))
    await inDatabase(building, async (inside) => {
      await takePast(inside, snapshot, await openAsAdmin(target, databaseOf(target)))
      await installGuard(inside)
    })
    const current = await openAsAdmin(target, databaseOf(target))
    const lost = current && (await lookSince(current, snapshot).finally(() => current.end()))
    await takeSettings(admin, databaseOf(target), databaseOf(building))
    const aside = await swapIn(admin, target, databaseOf(building), options)
    endVerdicts()
    return { aside, since: lost?.since ?? [], changed: lost?.changed ?? [], rights }
  } catch (error) {
    await drop().catch(() => {})
    throw error
  } finally {
    await admin.end()
  }
}

async function lookSince(client: pg.Client, snapshot: Snapshot): Promise<Pick<Restored, 'since' | 'changed'>> {
  const since = await rowsSince(client, snapshot)
  const entry = await readFirstEntryOf(client, snapshot.name)
  const columns = entry === undefined ? [] : await columnsSince(client, entry)
  const isNew = (column: string) => since.some(({ table }) => column.startsWith(`${table}.`))
  return { since, changed: columns.filter((column) => !isNew(column)) }
}

/** Where it is filled, until it is whole. */
const half = 'workshop_restoring'
const dropHalf = `DROP DATABASE IF EXISTS ${half} WITH (FORCE)`

/** Removes what a restore that was cut off has left. */
export async function clearUp(target: Target): Promise<void> {
  const admin = await openAsAdmin(target)
  await admin?.query(dropHalf).finally(() => admin.end())
}

async function fill(target: Target, snapshot: Snapshot, say: Say): Promise<void> {
  const client = await open(target.url)
  if (!(client instanceof pg.Client)) throw new Error(client.message)
  try {
    await loadSnapshot(client, snapshot, (line) => say(`PROD  ${line}`))
    say('PROD  comparing it with the copy, value by value …')
    const differences = await differencesTo(client, snapshot)
    if (differences.length > 0) throw notEqual(snapshot, differences)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    throw new Problem('This copy does not go into a database of this server: PROD is as it was.', {
      why: `PostgreSQL says: ${error.message}.`,
      next: `Look into ${snapshot.folder}: restore.sql can be mended and run by hand, on an empty database.`,
      cause: error,
    })
  } finally {
    await client.end()
  }
}

async function giveRights(admin: pg.Client, snapshot: Snapshot): Promise<string[]> {
  const failed: string[] = []
  for (const sql of await rightsOf(snapshot)) {
    await admin.query(sql).catch((error: unknown) => {
      if (!isDatabaseError(error)) throw error
      failed.push(sql)
    })
  }
  return failed
}

/** Its GRANTs, one by one. */
async function rightsOf(snapshot: Snapshot): Promise<string[]> {
  await loadParser()
  return parseScript(sqlOf(snapshot, 'rights')).map(({ sql }) => sql)
}

/** The ledger goes on where it was, up to this moment: from the copy, and from what stands in PROD's place now. */
async function takePast(client: pg.Client, snapshot: Snapshot, current?: pg.Client): Promise<void> {
  await installLedger(client)
  await writeKnownColumns(client, snapshot.known)
  for (const table of snapshot.tables.filter(({ schema }) => schema === 'workshop'))
    await loadTable(client, snapshot, table)
  await takeOverLedger(client, current).finally(() => current?.end())
  await writeLedger(client, { event: `restore of ${snapshot.name}`, snapshot: snapshot.name })
}

/** Without a superuser there is no other database to fill first; an empty one can lose nothing. */
async function restoreInPlace(target: Target, snapshot: Snapshot, say: Say): Promise<Restored> {
  const client = await connectTo(target)
  try {
    if (!(await isEmpty(client))) throw notEmpty(target, snapshot)
    await fill(target, snapshot, say)
    await takePast(client, snapshot)
    return { aside: undefined, since: [], changed: [], rights: await rightsOf(snapshot) }
  } finally {
    await client.end()
  }
}

function notEmpty(target: Target, { name }: Snapshot): Problem {
  return new Problem('Nothing was restored: PROD is not empty.', {
    why: `${locate(target)} is not a server of this workshop's own. There, no other database can be filled first and swapped in.`,
    next: [
      `Make a new, empty database there, and write its address into .env.prod.local`,
      'npm run db up',
      `npm run db restore ${name}`,
    ],
  })
}

function notEqual({ folder }: Snapshot, differences: readonly string[]): Problem {
  return new Problem('What was filled from this copy is not equal to it: PROD is as it was.', {
    why: `Not the same: ${differences.join('; ')}.`,
    next: `Look into ${folder}: restore.sql can be run by hand, on an empty database.`,
  })
}
