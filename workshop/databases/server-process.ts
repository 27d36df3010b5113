import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * Whether process `pid` is the PostgreSQL server of `dataDir`; undefined where the system does not tell. After a crash
 * or a reboot the number in a pid file may belong to another program. Only a clear "no" may cost a pid file its life,
 * and only a clear "yes" a server: two servers on one data folder would destroy it.
 */
export function isServerOf(dataDir: string, pid: number): boolean | undefined {
  if (process.platform === 'linux') return worksIn(dataDir, pid)
  if (process.platform === 'win32') return ask('tasklist', ['/FI', `PID eq ${pid}`, '/NH']).includes('postgres.exe')
  const command = ask('ps', ['-ww', '-o', 'args=', '-p', `${pid}`]).trim()
  if (!command.includes('postgres') || command.startsWith('postgres: ')) return command === '' ? isDead(pid) : false
  const folder = / -D (.+?)( -\w.*)?$/.exec(command)?.[1]
  if (!folder || !existsSync(folder)) return undefined
  if (isSameFolder(folder, dataDir)) return true
  return isNamedBy(folder, pid) ? false : undefined
}

/** The same folder on disk, whatever the path: a link, a bind mount. */
export function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [statSync(a), statSync(b)]
  return one.dev === other.dev && one.ino === other.ino
}

/**
 * Where this process looks at process numbers from: a container sees other numbers than its host, so neither can tell
 * whether the other's server lives.
 */
export function ownView(): string {
  if (process.platform !== 'linux') return process.platform
  // The number that the kernel gives to the namespace of the machine itself.
  const isMachine = readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'
  return isMachine ? 'linux' : `container ${hostname()}`
}

/** A server's working folder is its data folder. */
function worksIn(dataDir: string, pid: number): boolean | undefined {
  try {
    return isSameFolder(`/proc/${pid}/cwd`, dataDir) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Another user's process is not ours; a server of this folder's runs as whoever owns the folder.
    if (code === 'EACCES' || code === 'EPERM') return ownerOf(`/proc/${pid}`) === ownerOf(dataDir) ? undefined : false
    if (code === 'ENOENT' || code === 'ESRCH') return false
    throw error
  }
}

/** Whether the pid file of another data folder names this very process. */
function isNamedBy(folder: string, pid: number): boolean {
  const file = join(folder, 'postmaster.pid')
  return existsSync(file) && Number.parseInt(readFileSync(file, 'utf8')) === pid
}

function ownerOf(path: string): number | undefined {
  return existsSync(path) ? statSync(path).uid : undefined
}

function ask(program: string, args: string[]): string {
  return spawnSync(program, args, { encoding: 'utf8', windowsHide: true }).stdout ?? ''
}

/** "No" for a process that is gone, "cannot tell" for one that is there. */
function isDead(pid: number): false | undefined {
  try {
    process.kill(pid, 0)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? undefined : false
  }
}
