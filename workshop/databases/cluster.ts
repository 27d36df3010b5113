import { diskFull, isDiskFull } from '../../kit/terminal/disk-full.ts'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { collect, type Finished } from '../../kit/project/processes.ts'
import { isServerOf, ownView } from './server-process.ts'
import { handOver, program, serverFiles, serverVersion, type ServerFiles } from './server-files.ts'

/** A PostgreSQL server of this clone: its data folder, and how to start and stop it. */
export interface Cluster {
  /** `dev`, `prod`, or a name of its own: the data folder's name. */
  name: string
  dataDir: string
  logFile: string
  files: ServerFiles
}

export async function findCluster(name: string, stateDir: string): Promise<Cluster> {
  const files = await serverFiles(stateDir)
  return { name, files, dataDir: join(files.home, name), logFile: join(files.home, `${name}.log`) }
}

export function isMade(cluster: Cluster): boolean {
  return existsSync(cluster.dataDir)
}

/** Makes the data folder, with the superuser `postgres`. It appears under its name only when it is whole. */
export async function makeCluster(cluster: Cluster, adminPassword: string, { sync = true } = {}): Promise<void> {
  const { files } = cluster
  sweep(files.home, `${cluster.name}.new-`)
  // A name of its own: the initdb of a start that was cut off may still be clearing up.
  const fresh = mkdtempSync(join(files.home, `${cluster.name}.new-`))
  const passwordFile = `${fresh}.password`
  handOver(files.user, fresh)
  writeFileSync(passwordFile, adminPassword, { mode: 0o600 })
  handOver(files.user, passwordFile)
  try {
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
    const args = ['-D', fresh, ...login, ...locale, '--no-instructions', ...(sync ? [] : ['--no-sync'])]
    const made = await runAsServer(cluster, 'initdb', args)
    if (made.code !== 0) throw notMade(cluster, made.output)
    writeFileSync(join(fresh, 'postgresql.conf'), "\ninclude 'workshop.conf'\n", { flag: 'a' })
    renameSync(fresh, cluster.dataDir)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** What a start that was killed left behind. */
function sweep(home: string, prefix: string): void {
  const left = readdirSync(home).filter((name) => name.startsWith(prefix))
  const old = left.filter((name) => Date.now() - statSync(join(home, name)).mtimeMs > 60_000)
  for (const name of old) rmSync(join(home, name), { recursive: true, force: true })
}

/** Starts the server and waits until it answers. It outlives this process. Throws `PortTaken` when the port is not free. */
export async function startCluster(cluster: Cluster, port: number): Promise<void> {
  assertVersion(cluster)
  const conf = join(cluster.dataDir, 'workshop.conf')
  writeFileSync(conf, settings(port))
  handOver(cluster.files.user, conf)
  // It holds statements that failed, with the rows and the passwords in them.
  writeFileSync(cluster.logFile, '', { flag: 'a', mode: 0o600 })
  chmodSync(cluster.logFile, 0o600)
  handOver(cluster.files.user, cluster.logFile)
  clearStalePidFile(cluster)
  const logBefore = readFileSync(cluster.logFile, 'utf8').length
  const args = ['start', '-D', cluster.dataDir, '-l', cluster.logFile, '-w', '-t', '60', '-s']
  const started = await runAsServer(cluster, 'pg_ctl', args)
  if (started.code === 0) return
  const log = readFileSync(cluster.logFile, 'utf8').slice(logBefore)
  throw notStarted(cluster, port, log || started.output)
}

/** Stops the server; sessions are ended, what was committed stays. Does nothing when it is not running. */
export async function stopCluster(cluster: Cluster): Promise<boolean> {
  if (!isMade(cluster) || runningPort(cluster) === undefined) return false
  const args = ['stop', '-D', cluster.dataDir, '-m', 'fast', '-w', '-t', '60', '-s']
  return (await runAsServer(cluster, 'pg_ctl', args)).code === 0
}

/** The port that the running server listens on, from its pid file; undefined when it does not run. */
export function runningPort(cluster: Cluster): number | undefined {
  const noted = readPidFile(cluster)
  return noted && isServerOf(cluster.dataDir, noted.pid) === true ? noted.port : undefined
}

function readPidFile(cluster: Cluster): { pid: number; port: number } | undefined {
  const file = join(cluster.dataDir, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(pid), port: Number(port) }
}

/**
 * A pid file whose number belongs to another program now keeps PostgreSQL from starting. It goes only when it is sure
 * that no server lives behind it: from inside a container, the host's servers cannot be seen, and the other way round.
 */
function clearStalePidFile(cluster: Cluster): void {
  const viewFile = join(cluster.files.home, `${cluster.name}.view`)
  const noted = readPidFile(cluster)
  const view = existsSync(viewFile) ? readFileSync(viewFile, 'utf8') : ownView()
  if (noted && view !== ownView()) {
    const ENV = cluster.name.toUpperCase()
    throw new Problem(`${ENV} may be running already, where it cannot be seen from here.`, {
      why: `Its server was last started on "${view}", this is "${ownView()}", and two servers on one data folder destroy it.`,
      next: [
        'Stop it there:  npm run db down',
        `If nothing runs there any more, delete ${join(cluster.dataDir, 'postmaster.pid')}, then type the same command again.`,
      ],
    })
  }
  if (noted && isServerOf(cluster.dataDir, noted.pid) === false) rmSync(join(cluster.dataDir, 'postmaster.pid'))
  writeFileSync(viewFile, ownView())
}

/** Renames a data folder that cannot be used, so that a new one can be made. Returns its new path. */
export function setAside(cluster: Cluster): string {
  const aside = `${cluster.dataDir}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`
  renameSync(cluster.dataDir, aside)
  return aside
}

export class PortTaken extends Error {}

/** The data folder is damaged, or of another version: nothing that is tried again will start it. */
export class BrokenCluster extends Problem {}

async function runAsServer(cluster: Cluster, name: 'initdb' | 'pg_ctl', args: string[]): Promise<Finished> {
  // The messages are read below, so they have to be in English; the folder has to be one that the server's user may enter.
  const env = { ...process.env, LC_ALL: 'C', PGOPTIONS: '', PGDATA: '' }
  const stdio = process.platform === 'win32' && name === 'pg_ctl' ? 'ignore' : undefined
  return collect([program(cluster.files, name), ...args], {
    ...cluster.files.user,
    cwd: cluster.files.home,
    env,
    ...(stdio && { stdio }),
    windowsHide: true,
  })
}

function settings(port: number): string {
  return [
    '# Written anew at each start.',
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    // No socket file: its path has a limit of about 107 characters, and the clone's folder may be longer.
    "unix_socket_directories = ''",
    "lc_messages = 'C'",
    // A copy, and an entry of the ledger, hold a lock on every table and its index to their end: some ten thousand.
    'max_locks_per_transaction = 512',
    '',
  ].join('\n')
}

function assertVersion(cluster: Cluster): void {
  const file = join(cluster.dataDir, 'PG_VERSION')
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  if (version === serverVersion.split('.')[0]) return
  const what = version ? `was made by PostgreSQL ${version}` : 'is damaged: it has no PG_VERSION'
  throw new BrokenCluster(`The data folder of ${cluster.name.toUpperCase()} ${what}.`, {
    why: `This workshop runs PostgreSQL ${serverVersion}, which cannot read it. The folder was not touched.`,
    next: wayOut(cluster),
  })
}

function notMade(cluster: Cluster, output: string): Problem {
  if (isDiskFull(output)) return diskFull(cluster.files.home)
  return new Problem(`The data folder of ${cluster.name.toUpperCase()} could not be made.`, {
    why: lastLines(output),
    next: `See whether you may write here: ${cluster.files.home}`,
  })
}

function notStarted(cluster: Cluster, port: number, log: string): Error {
  if (/could not bind|Address already in use|could not create any TCP\/IP sockets/.test(log))
    return new PortTaken(`${port}`)
  if (isDiskFull(log)) return diskFull(cluster.dataDir)
  return new BrokenCluster(`The ${cluster.name.toUpperCase()} server does not start.`, {
    why: `PostgreSQL says: ${lastLines(log)}`,
    next: wayOut(cluster),
  })
}

function wayOut(cluster: Cluster): string[] {
  if (cluster.name === 'dev')
    return ['npm run db reset    (DEV may be destroyed: the old folder is kept beside the new one)']
  return [
    `Nothing is deleted from PROD: keep the folder ${cluster.dataDir}`,
    `To begin with an empty PROD, give that folder another name, then:  npm run db up`,
  ]
}

function lastLines(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] /, '').trim())
  return (
    lines
      .filter((line) => line && !/^(LOG|HINT: {2}Is another|pg_ctl:|Examine)/.test(line))
      .slice(-3)
      .join(' · ') || 'nothing'
  )
}
