import { createLogUpdate } from 'log-update'
import { takeGuess } from './guess.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Seen } from './follow.ts'
import { firstMissing } from '../course/next-step.ts'
import { takeHint } from './take-hint.ts'
import { leastColumns, listLines, watchLines, type Asked } from './watch-lines.ts'

export interface Terminal {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
}

/** What a key asks for that is long: it is printed above the screen, where one can scroll back to it. */
export interface Texts {
  read(seen: Seen): Promise<string[]> | string[]
  check(seen: Seen): Promise<string[]> | string[]
}

export interface Screen {
  show(seen: Seen): void
  /** One line for what went wrong. */
  say(line: string): void
  /** Resolves when somebody quits. */
  left: Promise<void>
  /** Gives the terminal back as it was. */
  close(): void
}

/** One screen that is drawn anew only where it changes, and that obeys single keys. */
export function openScreen({ input, output }: Terminal, root: string, texts: Texts): Screen {
  const log = createLogUpdate(output, { showCursor: false })
  let seen: Seen | undefined
  let asked: Asked = {}
  let about = ''
  let quit = () => {}
  const left = new Promise<void>((resolve) => (quit = resolve))

  const draw = () => {
    const columns = output.columns || 80
    if (columns < leastColumns) log(`Too narrow: ${leastColumns} columns or more.`)
    else log(watchLines(seen, asked, columns).join('\n'))
  }
  /** The terminal has broken the old lines anew, so nobody knows how many they are now. */
  const resized = () => {
    log.clear()
    output.write('\u001B[2J\u001B[H')
    draw()
  }
  const above = async (lines: Promise<string[]> | string[]) => {
    const text = (await lines).join('\n')
    log.clear()
    output.write(`${text}\n`)
    draw()
  }

  const keys: Record<string, (now: Seen) => unknown> = {
    h({ where }) {
      asked = where ? { hint: takeHint(root, where.result, where.states) } : {}
    },
    p({ where, answers }) {
      const own = answers.filter(({ question }) => question.step === where?.result.state.step.number)
      const at = own.findIndex(({ question }) => question.id === asked.question)
      const next = own.slice(at + 1).find(({ guess, outcome }) => !guess && !outcome)
      asked = next ? { question: next.question.id } : { said: 'You have a guess for each question of this step.' }
    },
    r: (now) => above(texts.read(now)),
    l: (now) => above(listLines(now, Math.min(output.columns || 80, 100))),
    c: (now) => above(texts.check(now)),
    '\u001B': () => (asked = {}),
  }

  const guess = (now: Seen, letter: string) => {
    const questions = now.answers.flatMap(({ question }) => (question.id === asked.question ? [question] : []))
    try {
      const { id } = takeGuess(questions, letter, root)
      asked = { said: `Noted: ${letter} for ${id}. What happens is said here when it can be seen.` }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      asked = { ...asked, said: error.message }
    }
  }

  const typed = async (key: string) => {
    if (key === 'q' || key === '\u0003' || key === '\u0004') return quit()
    if (!seen) return
    if (asked.question && /^[a-d]$/.test(key)) guess(seen, key)
    else await keys[key]?.(seen)
    draw()
  }
  /** Keys that come fast come together; an arrow comes as one that begins with Escape. */
  const onKey = async (data: Buffer | string) => {
    const text = data.toString()
    for (const key of text.startsWith('\u001B') ? [text] : text) await typed(key)
  }

  input.setRawMode?.(true)
  input.on('data', onKey).resume()
  output.on('resize', resized)
  draw()
  return {
    show(now) {
      seen = now
      // A hint is about one thing: when that is done, it goes.
      const missing = JSON.stringify(now.where && firstMissing(now.where.result))
      if (missing !== about && asked.hint) asked = {}
      about = missing
      draw()
    },
    say(line) {
      if (asked.said === line) return
      asked = { ...asked, said: line }
      draw()
    },
    left,
    close() {
      input.off('data', onKey).pause()
      input.setRawMode?.(false)
      output.off('resize', resized)
      log.done()
    },
  }
}
