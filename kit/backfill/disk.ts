import { statfs } from 'node:fs/promises'
import { databaseOf, openAsAdmin } from '../database/provision.ts'
import type { Target } from '../database/target.ts'
import { Problem } from '../terminal/problem.ts'
import { nameOf, type BackfillPlan } from './plan.ts'

/** Free bytes where the server keeps its data; undefined where that cannot be known, as on another machine. */
export type FreeBytes = (target: Target) => Promise<number | undefined>

/** Asks the server for its folder, which only a superuser may, and the system for what is free there. */
export const freeOnServer: FreeBytes = async (target) => {
  const admin = await openAsAdmin(target, databaseOf(target))
  if (!admin) return undefined
  try {
    const { rows } = await admin.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder")
    const { bavail, bsize } = await statfs(rows[0]!.folder)
    return bavail * bsize
  } catch {
    // The server has another file system, as in a container.
    return undefined
  } finally {
    await admin.end()
  }
}

/**
 * Each row that is filled is written anew, in the table and mostly in its indexes; the old one goes when autovacuum comes.
 * The log of the server gets as much, and is cut off again and again.
 */
export function bytesNeeded(table: { tableBytes: number; indexBytes: number }, rows: number, empty: number): number {
  const anew = ((table.tableBytes + table.indexBytes) * empty) / Math.max(1, rows)
  return Math.round(anew + Math.min(anew, logSize))
}

// max_wal_size, as PostgreSQL has it where nobody has changed it.
const logSize = 1024 ** 3

export function tooLittleDisk(plan: BackfillPlan, ENV: string, needed: number, free: number): Problem {
  return new Problem(`${nameOf(plan)} was not filled: nothing was changed.`, {
    why: `It writes about ${megabytes(needed)}, and the disk of ${ENV} has ${megabytes(free)} left. A database whose disk is full stops for everyone.`,
    next: [
      'Free some space there, then type the same command again.',
      'Or fill a part with  --where  and let autovacuum come.',
    ],
  })
}

export function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024 ** 2))} MB`
}
