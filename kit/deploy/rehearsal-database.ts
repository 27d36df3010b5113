import pg from 'pg'
import { connectTo, open } from '../database/connection.ts'
import { writeKnownColumns } from '../keep/copied-database.ts'
import { driverUrl, onDatabase } from '../engine/connection-url.ts'
import { makeScratchDatabase } from '../engine/shadow-database.ts'
import { installGuard } from '../guard/guard.ts'
import { ensureLedger } from '../keep/ledger.ts'
import { databaseOf, openAsAdmin } from '../database/provision.ts'
import { workWith } from '../keep/session-settings.ts'
import { loadSnapshot } from '../keep/snapshot-load.ts'
import type { Snapshot } from '../keep/snapshots.ts'
import type { Target } from '../database/target.ts'

/** A copy of PROD in a database of its own on DEV's server. */
export interface Rehearsal {
  /** DEV's role, which owns everything in it, with the search path that Prisma works with. */
  client: pg.Client
  /** Whether the guard is in it: that needs the superuser of DEV's server. */
  isGuarded: boolean
  /** Another session in it. */
  open(): Promise<pg.Client>
  remove(): Promise<void>
}

/**
 * Fills one from a copy of PROD, with a ledger and the guard: the one that PROD has, and the one that it cannot have on a
 * server that lets nobody make event triggers. Throws a Problem when DEV is not there, and what PostgreSQL says when it
 * cannot hold the copy.
 */
export async function openRehearsal(dev: Target, snapshot: Snapshot, say: (line: string) => void): Promise<Rehearsal> {
  await (await connectTo(dev)).end()
  const database = await makeScratchDatabase(dev.url, 'workshop_rehearsal_')
  await database.pool.end()
  const url = driverUrl(database.url)
  const client = await open(url)
  try {
    if (!(client instanceof pg.Client)) throw new Error(client.message)
    await loadSnapshot(client, snapshot, say)
    const name = databaseOf({ ...dev, url: database.url })
    const admin = await openAsAdmin({ ...dev, url: onDatabase(dev.url, name) }, name)
    try {
      await ensureLedger(admin ?? client)
      await writeKnownColumns(admin ?? client, snapshot.known)
      if (admin) await installGuard(admin)
    } finally {
      await admin?.end()
    }
    // A zone, a format or a search configuration of PROD's role decides what a statement does there.
    await workWith(client, snapshot.settings ?? {})
    return {
      client,
      isGuarded: admin !== undefined,
      async open() {
        const other = await open(url)
        if (other instanceof pg.Client) return other
        throw new Error(other.message)
      },
      async remove() {
        await client.end()
        await database.remove()
      },
    }
  } catch (error) {
    if (client instanceof pg.Client) await client.end()
    await database.remove()
    throw error
  }
}
