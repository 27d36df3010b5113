import pg from 'pg'
import { connectTo, open } from '../database/connection.ts'
import type { Target } from '../database/target.ts'
import { driverUrl } from '../engine/connection-url.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { makeScratchDatabase } from '../engine/shadow-database.ts'
import { leaveNothing } from '../project/leave-nothing.ts'
import { Problem } from '../terminal/problem.ts'
import { differencesTo, loadSnapshot } from './snapshot-load.ts'
import type { Snapshot } from './snapshots.ts'

/** Whether a copy can be brought back: `whole` fills an empty database with all that it holds, value by value. */
export type TriedCopy = { state: 'whole' } | { state: 'not equal' | 'not tried'; why: string }

/** Fills an empty database of DEV's server from a copy, compares the two, and takes the database away again. */
export async function tryCopy(dev: () => Target, snapshot: Snapshot, say: (line: string) => void): Promise<TriedCopy> {
  try {
    return await leaveNothing(
      () => openEmpty(dev()),
      async ({ client }) => {
        await loadSnapshot(client, snapshot, say)
        const differences = await differencesTo(client, snapshot)
        return differences.length === 0 ? { state: 'whole' } : { state: 'not equal', why: `${differences.join('; ')}.` }
      },
    )
  } catch (error) {
    // What DEV's server cannot hold, PROD's can: roles and extensions are the server's.
    if (error instanceof Problem) return { state: 'not tried', why: error.why }
    if (isDatabaseError(error)) return { state: 'not tried', why: `PostgreSQL says: ${error.message}.` }
    throw error
  }
}

async function openEmpty(dev: Target): Promise<{ client: pg.Client; remove(): Promise<void> }> {
  await (await connectTo(dev)).end()
  const database = await makeScratchDatabase(dev.url, 'workshop_rehearsal_')
  await database.pool.end()
  const client = await open(driverUrl(database.url))
  if (!(client instanceof pg.Client)) {
    await database.remove()
    throw new Error(client.message)
  }
  return {
    client,
    async remove() {
      await client.end()
      await database.remove()
    },
  }
}
