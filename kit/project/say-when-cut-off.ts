import process from 'node:process'
import { wrap } from '../terminal/wrap.ts'

/** Does the work; a Ctrl-C in its middle is answered with `line`: what may be half done, and what finishes it. */
export async function sayWhenCutOff<Result>(line: string, work: () => Promise<Result>): Promise<Result> {
  const cutOff = () => {
    process.off('SIGINT', cutOff)
    process.stderr.write(`\nCut off: ${wrap(line, process.stderr.columns)}\n`)
    // Once more, for whoever else listens: what holds the signal for a moment ends this process afterwards.
    process.kill(process.pid, 'SIGINT')
  }
  process.on('SIGINT', cutOff)
  try {
    return await work()
  } finally {
    process.off('SIGINT', cutOff)
  }
}
