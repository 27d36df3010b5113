import { mkdtempSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findCluster, makeCluster, PortTaken, startCluster, stopCluster } from '../../workshop/databases/cluster.ts'
import { isServerOf } from '../../workshop/databases/server-process.ts'
import { copyTree, template } from './template.ts'
import { until } from './until.ts'

export interface ScratchServer {
  port: number
  folder: string
  /** The superuser's URL, on database `postgres`. */
  adminUrl: string
  url(database: string, user?: string, password?: string): string
  stop(): Promise<void>
}

/** A real PostgreSQL server on a free loopback port, with a data folder that goes away with it. */
export async function scratchServer(): Promise<ScratchServer> {
  const folder = scratchFolder()
  const cluster = await findCluster('scratch', folder)
  copyTree(join(await template('scratch-server', makeScratchServer), 'scratch'), cluster.dataDir)
  const port = await startSomewhere(cluster)
  const url = (database: string, user = 'postgres', pass = 'admin') =>
    `postgresql://${user}:${pass}@127.0.0.1:${port}/${database}`
  return {
    port,
    folder,
    adminUrl: url('postgres'),
    url,
    async stop() {
      if (!(await endServer(cluster.dataDir))) await stopCluster(cluster)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function makeScratchServer(folder: string): Promise<void> {
  const cluster = await findCluster('scratch', folder)
  await makeCluster(cluster, 'admin', { sync: false })
  const port = await startSomewhere(cluster)
  await easePasswords(`postgresql://postgres:admin@127.0.0.1:${port}/postgres`, { postgres: 'admin' })
  await stopCluster(cluster)
  forgetCrashes(cluster.dataDir)
}

/** Nothing in a test has to outlive a crash of the machine, so nothing waits for the disk. */
export function forgetCrashes(dataDir: string): void {
  const settings = ['fsync', 'full_page_writes', 'synchronous_commit'].map((name) => `${name} = off\n`)
  writeFileSync(join(dataDir, 'postgresql.conf'), `${settings.join('')}${fewRounds}\n${fewProcesses}`, { flag: 'a' })
}

/** What a server starts beside itself, some hundred times, for work that no test waits for. */
const fewProcesses = 'autovacuum = off\nmax_logical_replication_workers = 0\nshared_buffers = 64MB\n'

/** A password is hashed 4,096 times at each login, in the client: a quarter of what it takes to connect. */
const fewRounds = 'scram_iterations = 1'

/** The same passwords, for somebody who logs in thousands of times. `url` is the superuser's. */
export async function easePasswords(url: string, passwords: Record<string, string>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`SET ${fewRounds}`)
  for (const [role, password] of Object.entries(passwords)) {
    await client.query(`ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(password)}`)
  }
  await client.end()
}

/** For a test that ends a server in the middle: what was committed has to be there then. */
export function rememberCrashes(dataDir: string): void {
  const file = join(dataDir, 'postgresql.conf')
  const settings = readFileSync(file, 'utf8')
  writeFileSync(file, settings.replaceAll(/^(fsync|full_page_writes|synchronous_commit) = off\n/gm, ''))
}

/** A folder of its own that the server's user can enter too. */
export function scratchFolder(name = 'workshop-test-'): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  chmodSync(folder, 0o755)
  return folder
}

async function startSomewhere(cluster: Parameters<typeof startCluster>[0]): Promise<number> {
  for (;;) {
    const port = randomPort()
    try {
      await startCluster(cluster, port)
      return port
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error
    }
  }
}

/**
 * Ends the server of a data folder that nobody needs any more: at once, and without writing anything down. False where
 * the system knows no such signal.
 */
export async function endServer(dataDir: string): Promise<boolean> {
  if (process.platform === 'win32') return false
  const file = join(dataDir, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8')) : undefined
  if (pid === undefined || isServerOf(dataDir, pid) !== true) return true
  process.kill(pid, 'SIGQUIT')
  await until(`the server in ${dataDir} has ended`, () => isServerOf(dataDir, pid) !== true)
  return true
}

/** Below the range from which systems take ports for outgoing connections. */
export function randomPort(): number {
  return 20_000 + Math.floor(Math.random() * 10_000)
}
