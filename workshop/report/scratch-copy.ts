import pg from 'pg'
import { wipe } from '../../kit/catalog/replay.ts'
import { open } from '../../kit/database/connection.ts'
import { writeMarker } from '../../kit/database/marker.ts'
import type { Env } from '../../kit/database/target.ts'
import { databaseOf, driverUrl } from '../../kit/engine/connection-url.ts'
import { makeScratchDatabase } from '../../kit/engine/shadow-database.ts'
import { installLedger } from '../../kit/guard/guard.ts'
import { loadSnapshot, loadTable } from '../../kit/keep/snapshot-load.ts'
import type { Snapshot } from '../../kit/keep/snapshots.ts'

/** An empty database of its own, beside DEV: nobody's DEV or PROD is touched. */
export interface Scratch {
  url: string
  client: pg.Client
  /** It goes away, or waits for the next one who wants an empty database. */
  remove(): Promise<void>
}

/** Gives empty databases, one after the other. To make one takes ten times as long as to empty one. */
export interface Scratches {
  take(): Promise<Scratch>
  close(): Promise<void>
}

/** On DEV's server, with DEV's role. What comes back is emptied, and given out again. */
export function openScratches(devUrl: string): Scratches {
  const made: Awaited<ReturnType<typeof makeScratchDatabase>>[] = []
  const free: string[] = []
  return {
    async take() {
      const emptied = free.pop()
      if (emptied !== undefined) {
        const client = await connect(emptied)
        await wipe(client)
        // Whoever owns a database may have given it settings.
        await client.query(`ALTER DATABASE ${pg.escapeIdentifier(databaseOf(emptied))} RESET ALL`)
        return { url: emptied, client, remove: () => giveBack(emptied, client) }
      }
      const database = await makeScratchDatabase(devUrl, 'workshop_report_')
      made.push(database)
      await database.pool.end()
      const client = await connect(database.url)
      return { url: database.url, client, remove: () => giveBack(database.url, client) }
    },
    async close() {
      for (const database of made.splice(0)) await database.remove()
    },
  }

  async function giveBack(url: string, client: pg.Client): Promise<void> {
    await client.end()
    free.push(url)
  }
}

/** Fills a database from a copy, its ledger included, and says in it what it is. */
export async function fillScratch({ take }: Pick<Scratches, 'take'>, snapshot: Snapshot, env: Env): Promise<Scratch> {
  const scratch = await take()
  const { client } = scratch
  try {
    await loadSnapshot(client, snapshot, () => {})
    const { rows } = await client.query<{ role: string }>('SELECT current_user AS role')
    await writeMarker(client, env, rows[0]!.role)
    if (env === 'prod') {
      await installLedger(client)
      for (const table of snapshot.tables.filter(({ schema }) => schema === 'workshop'))
        await loadTable(client, snapshot, table)
    }
    return scratch
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = await open(driverUrl(url))
  if (client instanceof pg.Client) return client
  throw new Error(client.message)
}
