import { goTo } from '../course/go-to.ts'
import { findStep } from '../course/read-steps.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { wrap } from '../../kit/terminal/wrap.ts'

/** `npm run goto 05 [-- --dry-run]`: files, dev and client as at the end of a step. Prod is never taken back. */
export async function goto(words: readonly string[], onlyPlan: boolean): Promise<number> {
  if (words.length === 0) {
    throw new Problem('Where to?', { why: 'A step is named by its number.', next: 'npm run goto 05' })
  }
  const say = (line: string) => console.log(wrap(line, process.stdout.columns))
  const step = findStep(words.join('-'))
  const isOver = onlyPlan ? () => {} : sayWhenCutOff(words)
  await goTo(step, say, { onlyPlan }).finally(isOver)
  say(`\nnext  ${onlyPlan ? `npm run goto ${words.join(' ')}` : 'npm run check'}`)
  return 0
}

/** A Ctrl-C leaves the files at the new step and DEV at the old one, or both: that is said, and what finishes it. */
function sayWhenCutOff(words: readonly string[]): () => void {
  const cutOff = () => {
    process.off('SIGINT', cutOff)
    const line = `Cut off: the files and DEV may be of two steps. To finish it:  npm run goto ${words.join(' ')}`
    console.error(`\n${wrap(line, process.stderr.columns)}`)
    // Once more, for whoever else listens: what holds the signal for a moment ends this process afterwards.
    process.kill(process.pid, 'SIGINT')
  }
  process.on('SIGINT', cutOff)
  return () => void process.off('SIGINT', cutOff)
}
