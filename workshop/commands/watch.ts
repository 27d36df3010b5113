import { boardName } from '../../kit/database/sessions.ts'
import { here } from '../../kit/database/target.ts'
import { renderMarkdown } from '../../kit/terminal/markdown.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { follow, type Seen } from '../coach/follow.ts'
import { leastColumns, watchLines } from '../coach/watch-lines.ts'
import { openScreen } from '../coach/watch-screen.ts'
import { renderCheck } from '../course/check-lines.ts'
import { nextOf } from '../course/next-step.ts'
import { readSection } from '../walkthrough/section-text.ts'
import { twoDigits } from '../walkthrough/run-walkthrough.ts'

/** `npm run watch`: where you are, what is missing, and what you think will happen, live, until q or Ctrl-C. */
export async function watch(): Promise<number> {
  // For every session of this process: who it is, and that it never queues for long behind somebody's lock.
  process.env['PGAPPNAME'] = boardName
  process.env['PGOPTIONS'] = '-c lock_timeout=1000'
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY) throw await once('There is no terminal here, so this was said once.')
  if (stdout.columns < leastColumns) {
    throw await once(`This terminal has ${stdout.columns} columns, so this was said once.`)
  }
  const ended = new AbortController()
  const screen = openScreen({ input: stdin, output: stdout }, here.root, { read: sectionOf, check: checkOf })
  const stop = () => ended.abort()
  process.once('SIGTERM', stop).once('SIGHUP', stop)
  void screen.left.then(stop)
  let last: unknown
  const mishap = (error: unknown) => {
    // What nobody can mend here keeps its stack, for the end.
    if (!(error instanceof Problem)) last = error
    screen.say(`✗ ${(error as Error).message.split('\n')[0]}  It is tried again.`)
  }
  await follow(here, { tell: screen.show, mishap, ended: ended.signal }).finally(screen.close)
  if (last !== undefined) console.error(last)
  return 0
}

/** Prints what the screen would show, without its keys, and says what to type for more. */
async function once(message: string): Promise<Problem> {
  const ended = new AbortController()
  const columns = process.stdout.columns || 80
  await follow(here, {
    tell(seen) {
      // Narrow lines are broken where they end; without a terminal nobody can press a key.
      for (const line of watchLines(seen, {}, columns).slice(0, -1)) console.log(line)
      ended.abort()
    },
    mishap(error) {
      throw error
    },
    ended: ended.signal,
  })
  return new Problem(message, {
    why: `The screen needs a terminal of ${leastColumns} columns or more, to draw in and to read keys from.`,
    next: ['npm run check', 'In a wider window:  npm run watch'],
  })
}

async function sectionOf({ where }: Seen): Promise<string[]> {
  if (!where) return []
  const { text } = await readSection(twoDigits(where.result.state.step.number))
  return renderMarkdown(text, Math.min(process.stdout.columns || 80, 100))
}

function checkOf({ where }: Seen): string[] {
  if (!where) return []
  const { result, states } = where
  return ['', ...result.results.flatMap(renderCheck), '', `next  ${nextOf(result, states)}`, '']
}
