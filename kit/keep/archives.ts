import pg from 'pg'
import { Problem } from '../terminal/problem.ts'
import { onDatabase } from '../engine/connection-url.ts'
import { installGuard } from '../guard/guard.ts'
import { takeOverLedger, writeLedger } from './ledger.ts'
import { databaseOf, inDatabase, openAsAdmin, provision } from '../database/provision.ts'
import { whoDeploys } from './deploy-turn.ts'
import { sessionsIn } from '../database/sessions.ts'
import { timestamp } from './snapshots.ts'
import { locate, type Target } from '../database/target.ts'

/** A whole database under a dated name: set aside by `db fresh`, taken back by `db restore`. */
export interface Archive {
  name: string
  /** Its size on disk as PostgreSQL words it, for example `7891 kB`. */
  size: string
}

/** Newest first; undefined where the server is down, or not ours. */
export async function listArchives(target: Target): Promise<Archive[] | undefined> {
  const admin = await openAsAdmin(target)
  return admin && archivesOf(admin, target).finally(() => admin.end())
}

/**
 * Gives each database a dated name and makes a new, empty one in its place. Nothing is deleted. All or none: somebody
 * who is connected to one of them stops it. Returns the new names, in the order of the targets.
 */
export async function setAside(targets: readonly Target[]): Promise<string[]> {
  for (const target of targets) await asAdmin(target, (admin) => assertNoSessions(admin, target, databaseOf(target)))
  const names: string[] = []
  for (const target of targets) {
    const name = await asAdmin(target, async (admin) => {
      const renamed = newName(target)
      await rename(admin, target, [[databaseOf(target), renamed]])
      await provision(admin, target)
      return renamed
    })
    names.push(name)
  }
  return names
}

/** Puts an archive back in its place. What stands there now is set aside in turn; its new name is returned. */
export function takeBack(target: Target, name: string, options: SwapOptions = {}): Promise<string> {
  return asAdmin(target, async (admin) => {
    if (!(await archivesOf(admin, target)).some((archive) => archive.name === name)) throw new NoSuchArchive()
    for (const database of [name, databaseOf(target)]) await assertNoSessions(admin, target, database, options)
    if (target.env === 'prod') await takeLedgerAlong(target, name)
    return swapIn(admin, target, name, options)
  })
}

/** PROD has one past, whichever database is PROD. */
async function takeLedgerAlong(target: Target, name: string): Promise<void> {
  const archive: Target = { ...target, url: onDatabase(target.url, name) }
  const current = await openAsAdmin(target, databaseOf(target))
  try {
    await inDatabase(archive, async (inside) => {
      await installGuard(inside)
      await takeOverLedger(inside, current)
      await writeLedger(inside, { event: `restore of ${name}` })
    })
  } finally {
    await current?.end()
  }
}

export class NoSuchArchive extends Error {}

export interface SwapOptions {
  /** Ends the sessions in the way, instead of naming them. */
  disconnect?: boolean
  /** What to type to end them. */
  toDisconnect?: string
}

/**
 * Gives the database `name` the target's place, and sets aside what stands there, both at once: there is no moment without
 * the one or the other. Returns the new name of what stood there.
 */
export async function swapIn(
  admin: pg.Client,
  target: Target,
  name: string,
  options: SwapOptions = {},
): Promise<string> {
  const place = databaseOf(target)
  const aside = newName(target)
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [place])
  const renames: [string, string][] = rowCount ? [[place, aside]] : []
  await rename(admin, target, [...renames, [name, place]], options)
  return aside
}

/** Throws a Problem that names the sessions in the way, or ends them. */
export async function assertNoSessions(
  admin: pg.Client,
  target: Target,
  database: string,
  { disconnect = false, toDisconnect }: SwapOptions = {},
): Promise<void> {
  const deployer = await whoDeploys(admin, database)
  if (deployer) {
    throw new Problem(`A deploy is at work on ${target.env.toUpperCase()}: nothing was changed.`, {
      why: `It is ${deployer}. What it applies would be lost to the database that comes in its place.`,
      next: 'Wait until it has ended, then type the same command again.',
    })
  }
  if (disconnect) {
    await admin.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [database])
    return
  }
  const sessions = await sessionsIn(admin, database)
  if (sessions.length === 0) return
  throw new Problem(`${target.env.toUpperCase()} is in use: nothing was changed.`, {
    why: `Connected to ${database}: ${sessions.join(', ')}.`,
    next: [
      'Leave those (\\q in psql, .exit in the shell), then type the same command again.',
      ...(toDisconnect ? [`${toDisconnect}    (ends them; what they have not committed is given up)`] : []),
    ],
  })
}

/** All of these at once: a rename of a database is a part of its transaction. */
async function rename(
  admin: pg.Client,
  target: Target,
  renames: readonly [from: string, to: string][],
  options: SwapOptions = {},
): Promise<void> {
  const statements = renames.map(
    ([from, to]) => `ALTER DATABASE ${pg.escapeIdentifier(from)} RENAME TO ${pg.escapeIdentifier(to)}`,
  )
  for (let attempt = 1; ; attempt++) {
    for (const [from] of renames) await assertNoSessions(admin, target, from, options)
    try {
      await admin.query(`BEGIN; ${statements.join('; ')}; COMMIT`)
      return
    } catch (error) {
      await admin.query('ROLLBACK')
      // Somebody came between the look and the rename.
      if ((error as pg.DatabaseError).code !== '55006' || attempt === 5) throw error
    }
  }
}

function newName(target: Target): string {
  return `${archivePrefix(target)}${timestamp()}`
}

async function archivesOf(admin: pg.Client, target: Target): Promise<Archive[]> {
  const { rows } = await admin.query<Archive>(
    `SELECT datname AS name, pg_size_pretty(pg_database_size(oid)) AS size
     FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname DESC`,
    [archivePrefix(target)],
  )
  return rows
}

async function asAdmin<T>(target: Target, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = await openAsAdmin(target)
  if (!admin) {
    throw new Problem(`${target.env.toUpperCase()} cannot be set aside from here.`, {
      why: `That needs the superuser of its server, and ${locate(target)} is not a server of this workshop's own.`,
      next: `Make a new, empty database there and write its address into .env.${target.env}.local`,
    })
  }
  return work(admin).finally(() => admin.end())
}

function archivePrefix(target: Target): string {
  return `${databaseOf(target)}_archive_`
}
