import { createInterface } from 'node:readline/promises'
import { wrap } from './wrap.ts'

/** Puts a question to whoever sits at the terminal. */
export type Ask = (question: string) => Promise<string>

/** Undefined where nobody can be asked. Ctrl-C and Ctrl-D answer with nothing. */
export const ask: Ask | undefined = process.stdin.isTTY ? askAtTerminal : undefined

/** Whether the answer is yes: nothing else is. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim())
}

async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const left = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  try {
    const lines = question.split('\n').map((line) => wrap(line, process.stdout.columns))
    return (await Promise.race([terminal.question(`\n${lines.join('\n')} `), left])).trim()
  } finally {
    terminal.close()
  }
}
