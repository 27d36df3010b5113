import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { IPty } from '@lydell/node-pty'
import { Problem } from '../../kit/terminal/problem.ts'
import { renderScreen } from '../../kit/terminal/screen.ts'

/** A bash at a pseudo-terminal, in which commands are typed one after the other. */
export interface ShellSession {
  /** Types one command line. */
  begin(command: string): void
  /** What stands on the screen since then. */
  screen(): string[]
  /** The command's exit code, once the shell is ready for the next one. */
  exitCode(): number | undefined
  type(keys: string): void
  /** Resolves when the terminal shows something new, the shell ends, or the time is over. */
  news(milliseconds: number): Promise<void>
  /** Whether the shell itself is gone. */
  hasEnded(): boolean
  /** Ends the shell and whatever runs in it. */
  close(): Promise<void>
}

export const columns = 120

/** Throws a Problem where there is no pseudo-terminal, or no bash. */
export async function openShell(folder: string, env: Record<string, string>): Promise<ShellSession> {
  const pty = await loadPty()
  assertBash(env)
  const sign = randomBytes(8).toString('hex')
  // The exit code is printed when the shell asks for the next command, so what a command reads is never ours. It stands
  // in the environment, because what is typed while a shell starts can be lost.
  const print = `_c=$?; stty -echo; printf "<%s %s %s>" ${sign} "$_n" "$_c"`
  const shell = pty.spawn('bash', ['--noprofile', '--norc', '--noediting'], {
    cwd: folder,
    env: { ...env, PS1: '', PS2: '', PROMPT_COMMAND: print },
    cols: columns,
    rows: 50,
  })
  const terminal = listen(shell)
  let number = 0
  let start = 0
  /** The sign stands before the command, and again behind it. */
  const written = () => {
    const parts = terminal
      .text()
      .slice(start)
      .split(new RegExp(`<${sign} ${number} (\\d+)>`))
    return { text: parts[2] ?? '', code: parts[3] === undefined ? undefined : Number(parts[3]) }
  }
  const session: ShellSession = {
    begin(command) {
      number++
      start = terminal.text().length
      // An Enter that a program has left unread ends here. A program's own questions are answered with an echo.
      shell.write(`\r_n=${number}\rstty echo; ${command}\r`)
    },
    screen: () => renderScreen(written().text, columns),
    exitCode: () => written().code,
    type: (keys) => shell.write(keys),
    news: terminal.news,
    hasEnded: terminal.hasEnded,
    close: () => close(shell, terminal),
  }
  while (!terminal.text().includes(`<${sign} `) && !session.hasEnded()) await session.news(10_000)
  return session
}

interface Listening {
  text(): string
  news(milliseconds: number): Promise<void>
  hasEnded(): boolean
}

function listen(shell: IPty): Listening {
  let text = ''
  let hasEnded = false
  let wake = () => {}
  shell.onData((chunk) => {
    text += chunk
    wake()
  })
  shell.onExit(() => {
    hasEnded = true
    wake()
  })
  return {
    text: () => text,
    hasEnded: () => hasEnded,
    news: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        if (hasEnded) wake()
      }),
  }
}

/** A hang-up ends what runs in the terminal; what does not care about it gets no second word. */
async function close(shell: IPty, { hasEnded, news }: Listening): Promise<void> {
  const patience = Date.now() + 5_000
  if (!hasEnded()) shell.write('\x03')
  if (!hasEnded()) shell.kill()
  while (!hasEnded() && Date.now() < patience) await news(500)
  if (!hasEnded() && process.platform !== 'win32') shell.kill('SIGKILL')
}

async function loadPty(): Promise<typeof import('@lydell/node-pty')> {
  try {
    return await import('@lydell/node-pty')
  } catch (cause) {
    throw new Problem('There is no pseudo-terminal here.', {
      why: 'The package @lydell/node-pty, which brings one, is not installed or does not run on this system.',
      next: 'npm ci',
      cause,
    })
  }
}

function assertBash(env: Record<string, string>): void {
  if (spawnSync('bash', ['--version'], { stdio: 'ignore', env }).status === 0) return
  throw new Problem('There is no bash here.', {
    why: 'The walkthrough’s commands are typed into one.',
    next: 'Install bash (on Windows: Git for Windows brings it), open a new terminal, and type the same command again.',
  })
}
