import pg from 'pg'
import { Problem } from '../plain/problem.ts'
import { databaseOf, openAsAdmin, provision } from './provision.ts'
import { sessionsIn } from './sessions.ts'
import { describeTarget, type Target } from './target.ts'

/** A whole database under a dated name: set aside by `db fresh`, taken back by `db restore`. */
export interface Archive {
  name: string
  /** Its size on disk as PostgreSQL words it, for example `7891 kB`. */
  size: string
}

/** Newest first. */
export function listArchives(target: Target): Promise<Archive[]> {
  return asAdmin(target, (admin) => archivesOf(admin, target))
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
      const renamed = await renameAside(admin, target)
      await provision(admin, target)
      return renamed
    })
    names.push(name)
  }
  return names
}

/** Puts an archive back in its place. What stands there now is set aside in turn; its new name is returned. */
export function takeBack(target: Target, name: string): Promise<string> {
  return asAdmin(target, async (admin) => {
    const archives = await archivesOf(admin, target)
    if (!archives.some((archive) => archive.name === name)) {
      throw new Problem(`${target.env.toUpperCase()} has no archive "${name}".`, {
        why: archives.length === 0 ? 'It has none.' : `It has: ${archives.map((archive) => archive.name).join(', ')}.`,
        next: 'npm run db snapshots',
      })
    }
    await assertNoSessions(admin, target, name)
    const aside = await renameAside(admin, target)
    await rename(admin, name, databaseOf(target))
    return aside
  })
}

async function renameAside(admin: pg.Client, target: Target): Promise<string> {
  await assertNoSessions(admin, target, databaseOf(target))
  const now = new Date().toISOString().slice(0, 23).replaceAll(/[-:]/g, '').replaceAll(/[T.]/g, '_')
  const name = `${archivePrefix(target)}${now}`
  await rename(admin, databaseOf(target), name)
  return name
}

async function rename(admin: pg.Client, from: string, to: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(from)} RENAME TO ${pg.escapeIdentifier(to)}`)
}

async function archivesOf(admin: pg.Client, target: Target): Promise<Archive[]> {
  const { rows } = await admin.query<Archive>(
    `SELECT datname AS name, pg_size_pretty(pg_database_size(oid)) AS size
     FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname DESC`,
    [archivePrefix(target)],
  )
  return rows
}

/** A database that somebody uses cannot be renamed, and a session is not ours to end. */
async function assertNoSessions(admin: pg.Client, target: Target, database: string): Promise<void> {
  const sessions = await sessionsIn(admin, database)
  if (sessions.length === 0) return
  throw new Problem(`${target.env.toUpperCase()} is in use: nothing was changed.`, {
    why: `Connected to ${database}: ${sessions.join(', ')}.`,
    next: 'Leave those (\\q in psql, .exit in the shell), then type the same command again.',
  })
}

async function asAdmin<T>(target: Target, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = await openAsAdmin(target)
  if (!admin) {
    throw new Problem(`${target.env.toUpperCase()} cannot be set aside from here.`, {
      why: `That needs the superuser of its server, and ${describeTarget(target).slice(4).trim()} is not a server of this workshop's own.`,
      next: `Make a new, empty database there and write its address into .env.${target.env}.local`,
    })
  }
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function archivePrefix(target: Target): string {
  return `${databaseOf(target)}_archive_`
}
