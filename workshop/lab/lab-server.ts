import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { adminPassword } from '../../kit/database/clone.ts'
import { stateDir } from '../../kit/project/project.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import {
  BrokenCluster,
  findCluster,
  isMade,
  makeCluster,
  PortTaken,
  runningPort,
  startCluster,
  stopCluster,
  type Cluster,
} from '../databases/cluster.ts'

/** The lab's own PostgreSQL, beside DEV's and PROD's: an experiment may not slow either of them, or fill its disk. */
export interface LabServer {
  /** The superuser's URL, password included: never print it. */
  url(database: string): string
  folder: string
  logFile: string
  stop(): Promise<void>
}

/** What the server is there for: rows are made without a log of them, which a crash may cost. */
export type Purpose = 'filling' | 'running'

/** The name of the data folder in `.workshop/`. */
const name = 'lab-server'

/** Starts the lab's server on a free port, and makes it first where it is missing or does not start. */
export async function startLabServer(purpose: Purpose, scale: number): Promise<LabServer> {
  const cluster = await findCluster(name, stateDir)
  // One that a killed lab has left.
  await stopCluster(cluster)
  const settings = settingsFor(purpose, scale)
  const port = await startOn(cluster, settings).catch(async (error) => {
    if (!(error instanceof BrokenCluster)) throw error
    // It holds nothing that cannot be made again.
    rmSync(cluster.dataDir, { recursive: true, force: true })
    return startOn(cluster, settings).catch(explain)
  })
  const password = adminPassword()
  return {
    url: (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    folder: cluster.files.home,
    logFile: cluster.logFile,
    stop: async () => void (await stopCluster(cluster)),
  }
}

/** Also one that is still starting, or that a killed lab has left. */
export async function stopLabServer(): Promise<void> {
  await stopCluster(await findCluster(name, stateDir))
}

/** Stops the server and takes its data away. Returns false where there was none. */
export async function removeLabServer(): Promise<boolean> {
  const cluster = await findCluster(name, stateDir)
  if (!isMade(cluster)) return false
  await stopCluster(cluster)
  for (const path of [cluster.dataDir, cluster.logFile, `${cluster.dataDir}.view`])
    rmSync(path, { recursive: true, force: true })
  return true
}

/** Where the data lies. */
export async function labFolder(): Promise<string> {
  return (await findCluster(name, stateDir)).files.home
}

/** Memory that the server keeps for pages, in megabytes. */
export function sharedBuffers(scale: number): number {
  return Math.round(Math.min(1024 * Math.max(scale, 0.125), totalmem() / 1024 ** 2 / 8))
}

async function startOn(cluster: Cluster, settings: string[]): Promise<number> {
  if (!isMade(cluster)) {
    await makeCluster(cluster, adminPassword())
    appendFileSync(join(cluster.dataDir, 'postgresql.conf'), "include_if_exists 'lab.conf'\n")
  }
  writeFileSync(join(cluster.dataDir, 'lab.conf'), `${settings.join('\n')}\n`)
  for (;;) {
    const port = await freePort()
    try {
      await startCluster(cluster, port)
      return runningPort(cluster) ?? port
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error
    }
  }
}

/** The words of a learner's own server speak of values to keep. */
function explain(error: unknown): never {
  if (!(error instanceof BrokenCluster)) throw error
  throw new Problem('The lab’s server does not start.', {
    why: error.why,
    next: ['See what its log says:  .workshop/lab-server.log', 'Then type the same command again: it is made anew.'],
    cause: error,
  })
}

function settingsFor(purpose: Purpose, scale: number): string[] {
  const common = [
    `shared_buffers = '${sharedBuffers(scale)}MB'`,
    // No checkpoint in the middle of a change: it would be measured, and belongs to the disk and not to the change.
    `max_wal_size = '${Math.round(Math.max(1, 6 * scale))}GB'`,
    'checkpoint_timeout = 30min',
    // The first change of a page after a checkpoint would write the whole page to the log, on a fresh portal all pages: that
    // would be measured instead of the change. What it is good for, a computer that loses its power, costs here a lab.
    'full_page_writes = off',
    // Linux writes what was written thirty seconds ago: a fresh portal's 300 MB would go to the disk in one go, in the middle.
    "backend_flush_after = '256kB'",
    `max_parallel_maintenance_workers = ${Math.max(1, Math.min(4, cpus().length - 1))}`,
  ]
  if (purpose === 'filling')
    return [
      ...common,
      'wal_level = minimal',
      'max_wal_senders = 0',
      'autovacuum = off',
      "maintenance_work_mem = '256MB'",
    ]
  // Whoever waits for a lock for longer is written to the log, and an autovacuum in the way is ended.
  return [...common, 'log_lock_waits = on', 'deadlock_timeout = 50ms']
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** A connection of the lab's own; a server that goes away says so to the next query. */
export async function connectToLab(url: string, application: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: application })
  client.on('error', () => {})
  await client.connect()
  return client
}
