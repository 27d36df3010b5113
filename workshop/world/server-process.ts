import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether process `pid` is the PostgreSQL server of `dataDir`. After a crash or a reboot the number in a pid file may
 * belong to another program. In doubt the answer is yes: two servers on one data folder would destroy it.
 */
export function isServerOf(dataDir: string, pid: number): boolean {
  const command = commandLine(pid)
  if (command === undefined) return isAlive(pid)
  if (!/postgres/i.test(command) || /postgres: /.test(command)) return false
  const folder = / -D "?(.+?)"?\s*$/.exec(command)?.[1]
  if (!folder || !existsSync(folder) || realpathSync(folder) === realpathSync(dataDir)) return true
  return !isNamedBy(folder, pid)
}

/** Whether the pid file of another data folder names this very process. */
function isNamedBy(folder: string, pid: number): boolean {
  const file = join(folder, 'postmaster.pid')
  return existsSync(file) && Number.parseInt(readFileSync(file, 'utf8')) === pid
}

/** The process's program and arguments; undefined when there is no such process, or when the system does not say. */
function commandLine(pid: number): string | undefined {
  if (existsSync('/proc/self/cmdline')) {
    const file = `/proc/${pid}/cmdline`
    return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : undefined
  }
  const windows = process.platform === 'win32'
  const [program, args] = windows
    ? ['tasklist', ['/FI', `PID eq ${pid}`, '/NH', '/FO', 'CSV']]
    : ['ps', ['-ww', '-o', 'args=', '-p', `${pid}`]]
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', windowsHide: true })
  return status === 0 && stdout.includes(windows ? `"${pid}"` : ' ') ? stdout.trim() : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
