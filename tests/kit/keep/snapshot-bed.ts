import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { loadSnapshot } from '../../../kit/keep/snapshot-load.ts'
import { takeSnapshot, type TakeOptions } from '../../../kit/keep/snapshot-take.ts'
import type { Snapshot } from '../../../kit/keep/snapshots.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

/** A server with a role `prod`, and a folder for copies. */
export let server: ScratchServer
export let into: string
let root: pg.Client

export async function startSnapshotBed(): Promise<void> {
  server = await scratchServer()
  root = await connect(server.adminUrl)
  await root.query("CREATE ROLE prod LOGIN PASSWORD 'prod'")
  into = mkdtempSync(join(tmpdir(), 'snapshots '))
}

export async function stopSnapshotBed(): Promise<void> {
  await root.end()
  await server.stop()
  rmSync(into, { recursive: true, force: true })
}

let made = 0
/** A session in a new database that holds what the script makes. */
export async function database(script = '', user = 'postgres'): Promise<pg.Client> {
  const name = `db_${++made}`
  await root.query(`CREATE DATABASE ${name} OWNER prod STRATEGY file_copy`)
  const client = await connect(server.url(name, user, user === 'postgres' ? 'admin' : user))
  await client.query(script)
  return client
}

export const take = (client: pg.Client, options: Partial<TakeOptions> = {}) =>
  takeSnapshot(client, { say: () => {}, into, ...options })
export const load = (client: pg.Client, snapshot: Snapshot) => loadSnapshot(client, snapshot, () => {})

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  return client
}
