import type { Answer } from './document.ts'
import type { ShellSession } from './shell-session.ts'

/** What a command wrote, and how it ended. */
export interface Finished {
  screen: string[]
  code: number
}

/** A command that does not end. */
export class Stuck extends Error {
  readonly screen: string[]

  constructor(message: string, screen: string[]) {
    super(message)
    this.screen = screen
  }
}

/**
 * Types a command, answers its questions, and waits for its end. An answer that was given is taken out of `open`. Throws
 * `Stuck` when the time limit (ms) is over.
 */
export async function runCommand(
  shell: ShellSession,
  command: string,
  { open, limit }: { open: Answer[]; limit: number },
): Promise<Finished> {
  let read = 0
  shell.begin(command)
  await until(shell, limit, () => {
    const text = shell.screen().join('\n')
    const [next] = open
    const at = next ? text.indexOf(next.question, read) : -1
    if (next && at >= 0) {
      open.shift()
      read = at + next.question.length
      shell.type(`${next.answer}\r`)
    }
    return shell.exitCode() !== undefined
  })
  return { screen: shell.screen(), code: shell.exitCode()! }
}

/** A prompt that a command opens, in which lines are typed one after the other. */
export interface Prompt {
  command: string
  /** What the prompt looks like when it waits: for a new line, or for the rest of one. */
  waits: RegExp
  /** What is typed to leave. */
  leave: string
}

/** Opens the prompt, types the lines, leaves. Returns what was answered, without prompts and greetings. */
export async function typeAtPrompt(
  shell: ShellSession,
  { command, waits, leave }: Prompt,
  lines: readonly string[],
  limit: number,
): Promise<Finished> {
  const written: string[] = []
  let typedIn = -1
  const isReady = () => {
    const screen = shell.screen()
    return shell.exitCode() !== undefined || (screen.length - 1 > typedIn && waits.test(screen.at(-1)!))
  }
  shell.begin(command)
  await until(shell, limit, isReady)
  for (const line of lines) {
    if (shell.exitCode() !== undefined) return { screen: shell.screen(), code: shell.exitCode()! }
    typedIn = shell.screen().length - 1
    shell.type(`${line}\r`)
    await until(shell, limit, isReady)
    const end = shell.exitCode() === undefined ? -1 : undefined
    written.push(...shell.screen().slice(typedIn + 1, end))
  }
  shell.type(`${leave}\r`)
  await until(shell, limit, () => shell.exitCode() !== undefined)
  return { screen: written, code: shell.exitCode()! }
}

async function until(shell: ShellSession, limit: number, isDone: () => boolean): Promise<void> {
  const patience = Date.now() + limit
  while (!isDone()) {
    const screen = shell.screen()
    if (shell.hasEnded()) throw new Stuck('The shell itself has ended.', screen)
    if (Date.now() > patience) throw new Stuck(describeStuck(screen, limit), screen)
    await shell.news(patience - Date.now() + 10)
  }
}

/** A program that asks leaves the cursor behind its question; one that works has mostly ended its line. */
function describeStuck(screen: string[], limit: number): string {
  const last = screen.findLast((line) => line !== '')
  const isAsking = screen.at(-1) !== ''
  const what = isAsking ? 'It waits for an answer that the document does not give' : 'It did not end'
  return `${what} (time limit: ${limit / 1000} s). The last line on the screen: ${last ?? '(nothing)'}`
}
