import { Console } from 'node:console'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type * as Build from '../../kit/project/build.mjs'
import type { Ran } from './program.ts'

interface Door {
  main(args: string[]): Promise<number>
  file: string
}
const doors = new Map<string, Door>()

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
    const known = doors.get(folder)
    // A clone that was removed and made again has nothing compiled.
    const door = known && existsSync(known.file) ? known : await openDoor(folder)
    doors.set(folder, door)
    return { code: await door.main(args), output }
  } finally {
    globalThis.console = before.console
    process.stdout.write = before.stdout
    process.stderr.write = before.stderr
    streams.forEach((stream, i) => Object.assign(stream, terminal[i]))
  }
}

async function openDoor(folder: string): Promise<Door> {
  const { compiled } = (await import(pathToFileURL(join(folder, 'kit', 'project', 'build.mjs')).href)) as typeof Build
  const address = (await compiled('workshop/cli'))!
  return { ...((await import(address)) as Pick<Door, 'main'>), file: fileURLToPath(address) }
}
