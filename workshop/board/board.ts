import { watchBoard } from './watch-board.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { boardName } from '../../kit/database/sessions.ts'
import { readTarget } from '../../kit/database/target.ts'
import { serve } from './server.ts'

/** Where the page is, unless another port is asked for; the development container announces it. */
export const defaultPort = 15_430

/** `npm run board -- [--port N]`: the whole picture in a browser, live, until Ctrl-C. It only ever looks. */
export async function board(flags: { port?: string }): Promise<number> {
  // For every session of this process: who it is, and that it never queues for long behind somebody's lock.
  process.env['PGAPPNAME'] = boardName
  process.env['PGOPTIONS'] = '-c lock_timeout=1000'
  const watch = watchBoard({ root: projectRoot, target: readTarget }, sayOnce())
  const server = await serve(watch, portFrom(flags.port))
  console.log(
    `The board is at  ${server.url}  on this computer alone. It follows your files, DEV and PROD, and only looks.`,
  )
  console.log('Ctrl-C ends it.')
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  await server.close()
  return 0
}

function portFrom(word = String(defaultPort)): number {
  if (/^\d{1,5}$/.test(word) && Number(word) < 65_536) return Number(word)
  throw new Problem(`"${word}" is not a port.`, {
    why: 'A port is a number up to 65535; with 0, the system chooses one that is free.',
    next: 'npm run board',
  })
}

/** What the board cannot explain keeps its stack, and is said once, although the next look fails in the same way. */
function sayOnce(): (error: unknown) => void {
  let last = ''
  return (error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (text !== last) console.error(text)
    last = text
  }
}
