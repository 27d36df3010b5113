import type pg from 'pg'
import pgModule from 'pg'
import { open } from '../../kit/database/connection.ts'
import { writeMarker } from '../../kit/database/marker.ts'
import type { Env } from '../../kit/database/target.ts'
import { driverUrl } from '../../kit/engine/connection-url.ts'
import { makeScratchDatabase } from '../../kit/engine/shadow-database.ts'
import { installLedger } from '../../kit/guard/guard.ts'
import { loadSnapshot, loadTable } from '../../kit/keep/snapshot-load.ts'
import type { Snapshot } from '../../kit/keep/snapshots.ts'

/** A copy in a database of its own, beside DEV: nobody's DEV or PROD is touched. */
export interface ScratchCopy {
  url: string
  client: pg.Client
  remove(): Promise<void>
}

/** Fills a scratch database on DEV's server from a copy, its ledger included, and says in it what it is. */
export async function fillScratch(devUrl: string, snapshot: Snapshot, env: Env): Promise<ScratchCopy> {
  const database = await makeScratchDatabase(devUrl, 'workshop_report_')
  await database.pool.end()
  const client = await open(driverUrl(database.url))
  if (!(client instanceof pgModule.Client)) {
    await database.remove()
    throw new Error(client.message)
  }
  const remove = async () => {
    await client.end()
    await database.remove()
  }
  try {
    await loadSnapshot(client, snapshot, () => {})
    const { rows } = await client.query<{ role: string }>('SELECT current_user AS role')
    await writeMarker(client, env, rows[0]!.role)
    if (env === 'prod') {
      await installLedger(client)
      for (const table of snapshot.tables.filter(({ schema }) => schema === 'workshop'))
        await loadTable(client, snapshot, table)
    }
    return { url: database.url, client, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
