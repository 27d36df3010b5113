import { stripVTControlCharacters } from 'node:util'
import { spawn, type IPty } from '@lydell/node-pty'

/** A program at a real terminal, with somebody who reads and types. */
export interface Terminal {
  /** Waits until the text stands on the screen, broken into lines or not, behind what was waited for before. */
  see(text: string): Promise<void>
  type(keys: string): void
  /** Resolves with the exit code. */
  left: Promise<number>
}

export const [enter, ctrlC, ctrlD, arrowUp] = ['\r', '\x03', '\x04', '\x1b[A'] as const

export function openTerminal(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Terminal {
  const passedOn = Object.entries({ ...process.env, ...env, NO_COLOR: '1', TERM: 'xterm' }).filter(
    ([name]) => !/^(npm_|DATABASE_URL|NODE_OPTIONS|PRISMA_|JEST_|CI$)/.test(name),
  )
  const pty = spawn(argv[0]!, argv.slice(1), {
    cwd,
    env: Object.fromEntries(passedOn) as Record<string, string>,
    cols: 120,
    rows: 40,
  })
  open.add(pty)
  let raw = ''
  let read = 0
  pty.onData((text) => (raw += text))
  const screen = () => stripVTControlCharacters(raw).replaceAll('\r', '')
  return {
    async see(text) {
      const patience = Date.now() + 60_000
      const wanted = new RegExp(text.replaceAll(/[^\w\s]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`), 'g')
      for (wanted.lastIndex = read; !wanted.test(screen()); wanted.lastIndex = read) {
        if (Date.now() > patience) throw new Error(`No ${JSON.stringify(text)} here:\n${screen().slice(read)}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      read = wanted.lastIndex
    },
    type: (keys) => pty.write(keys),
    left: new Promise((resolve) => {
      pty.onExit(({ exitCode }) => {
        open.delete(pty)
        resolve(exitCode)
      })
    }),
  }
}

const open = new Set<IPty>()

/** Ends what a failed test has left running: a program at a terminal would keep the test run alive. */
export function closeTerminals(): void {
  for (const pty of open) pty.kill()
}
