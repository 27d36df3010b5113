import { Console } from 'node:console'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import type * as Build from '../../kit/project/build.mjs'
import type { Ran } from './program.ts'

type Main = (args: string[]) => Promise<number>
const doors = new Map<string, Promise<Main>>()

/** Calls what run.mjs calls. Compiled in the workshop's own folder, it works there, whatever process it is in. */
export async function callDoor(folder: string, args: string[]): Promise<Ran> {
  let output = ''
  const sink = new Writable({ write: (chunk, _encoding, done) => ((output += chunk), done()) })
  const before = { console: globalThis.console, stdout: process.stdout.write, stderr: process.stderr.write }
  const write = (chunk: string | Uint8Array) => ((output += chunk), true)
  // Jest runs a file that is alone in the process that has the terminal; a command that is started here has none.
  const streams = [process.stdin, process.stdout, process.stderr] as { isTTY?: boolean; columns?: number }[]
  const terminal = streams.map(({ isTTY, columns }) => ({ isTTY, columns }))
  for (const stream of streams) Object.assign(stream, { isTTY: false, columns: undefined })
  Object.assign(process.env, { NO_COLOR: '1' })
  globalThis.console = new Console(sink)
  process.stdout.write = write
  process.stderr.write = write
  try {
    if (!doors.has(folder)) doors.set(folder, openDoor(folder))
    const main = await doors.get(folder)!
    return { code: await main(args), output }
  } finally {
    globalThis.console = before.console
    process.stdout.write = before.stdout
    process.stderr.write = before.stderr
    streams.forEach((stream, i) => Object.assign(stream, terminal[i]))
  }
}

async function openDoor(folder: string): Promise<Main> {
  const { compiled } = (await import(pathToFileURL(join(folder, 'kit', 'project', 'build.mjs')).href)) as typeof Build
  return ((await import((await compiled('workshop/cli'))!)) as { main: Main }).main
}
