import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../support/until.ts'
import type { Workshop } from '../../support/workshop.ts'

/** What happens to a command while it is at work on PROD. */
export const faults = [
  'the server is killed',
  'Prisma is killed',
  'the command is killed',
  'the connection is cut',
  'the disk is full',
  'another deploy begins',
] as const
export type Fault = (typeof faults)[number]

/** Does the fault at once, and returns what ends it. Needs Linux: it finds processes in /proc. */
export async function strike(fault: Fault, workshop: Workshop, child: ChildProcess): Promise<() => Promise<unknown>> {
  const nothing = async () => {}
  switch (fault) {
    case 'the command is killed':
      child.kill('SIGKILL')
      return nothing
    case 'Prisma is killed':
      for (const pid of processesIn(workshop.folder, /prisma|schema-engine|seeds\//)) kill(pid)
      return nothing
    case 'the server is killed': {
      const postmaster = Number(readFileSync(workshop.file('.workshop/prod/postmaster.pid'), 'utf8').split('\n')[0])
      // Its children die with it only when they next look; a power cut waits for nobody.
      for (const pid of [postmaster, ...childrenOf(postmaster)]) kill(pid)
      return nothing
    }
    case 'the connection is cut':
      await workshop.asAdmin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        'postgres',
      )
      return nothing
    case 'the disk is full': {
      const filler = workshop.file('.workshop/filler')
      const { bavail, bsize } = statfsSync(workshop.file('.workshop'))
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 8192)))
      } catch (error) {
        // Others write too, and it is full before the end.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
      return async () => rmSync(filler)
    }
    case 'another deploy begins': {
      const second = begin(workshop, ['migrate', 'deploy', '--env', 'prod'])
      return () => second.ended
    }
  }
}

/** Starts a command of the workshop, for something to happen to it. */
export function begin(workshop: Workshop, words: readonly string[]) {
  const child = spawn(process.execPath, [join('workshop', 'run.mjs'), ...words], {
    cwd: workshop.folder,
    env: { ...process.env, NO_COLOR: '1', CI: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  // 'exit', not 'close': what a killed command leaves behind may hold its pipes.
  const ended = new Promise<string>((resolve) => child.once('exit', () => setTimeout(() => resolve(output), 50)))
  return { child, ended }
}

/** Waits until nothing is left, of the command or on PROD's server, that could still write there. */
export async function settled(workshop: Workshop): Promise<void> {
  const others = "SELECT FROM pg_stat_activity WHERE datname = 'prod' AND pid <> pg_backend_pid()"
  const sessions = () => workshop.asAdmin(others, 'postgres').catch(() => [])
  // A server works in its data folder: whatever works in the workshop's own is a command, or a part of one.
  const commands = () => processesIn(workshop.folder, /./)
  await until('nothing works on PROD', async () => commands().length + (await sessions()).length === 0)
}

/** Numbers that look random and are the same for the same seed, from 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = seed + 0x6d2b79f5
  return () => {
    state = Math.imul(state ^ (state >>> 15), state | 1)
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61)
    return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296
  }
}

function processesIn(folder: string, command: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => linkOf(`/proc/${pid}/cwd`) === folder && command.test(textOf(`/proc/${pid}/cmdline`)))
    .map(Number)
}

function childrenOf(parent: number): number[] {
  const parentOf = (pid: string) => Number(/^\d+ \(.*\) \S (\d+)/.exec(textOf(`/proc/${pid}/stat`))?.[1])
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
