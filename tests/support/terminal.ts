import pty from '@lydell/node-pty'
import { stripVTControlCharacters } from 'node:util'
import type { Ran, Workshop } from './workshop.ts'

/** Runs a command in a terminal of its own, and types an answer each time its question appears. */
export function inTerminal(
  workshop: Workshop,
  argv: string[],
  answers: [question: RegExp, answer: string][],
): Promise<Ran> {
  const env = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|DATABASE_URL|NODE_OPTIONS|PRISMA_|JEST_|CI$)/.test(name),
  )
  const terminal = pty.spawn(argv[0]!, argv.slice(1), {
    cwd: workshop.folder,
    env: Object.fromEntries(env) as Record<string, string>,
    cols: 120,
    rows: 40,
  })
  const open = [...answers]
  let output = ''
  let answeredAt = 0
  terminal.onData((chunk) => {
    output += stripVTControlCharacters(chunk)
    if (open[0]?.[0].test(output.slice(answeredAt))) {
      answeredAt = output.length
      terminal.write(open.shift()![1])
    }
  })
  return new Promise((resolve) => terminal.onExit(({ exitCode }) => resolve({ code: exitCode, output })))
}
