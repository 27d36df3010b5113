import { note } from '../coach/progress.ts'
import { goTo } from '../course/go-to.ts'
import { findStep, nameOf } from '../course/read-steps.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { sayWhenCutOff } from '../../kit/project/say-when-cut-off.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { wrap } from '../../kit/terminal/wrap.ts'

/** `npm run goto 05 [-- --dry-run]`: files, dev and client as at the end of a step. Prod is never taken back. */
export async function goto(words: readonly string[], onlyPlan: boolean): Promise<number> {
  if (words.length === 0) {
    throw new Problem('Where to?', { why: 'A step is named by its number.', next: 'npm run goto 05' })
  }
  const say = (line: string) => console.log(wrap(line, process.stdout.columns))
  const step = findStep(words.join('-'))
  const cutOff = `the files and DEV may be of two steps. To finish it:  npm run goto ${words.join(' ')}`
  await (onlyPlan ? goTo(step, say, { onlyPlan }) : sayWhenCutOff(cutOff, () => goTo(step, say)))
  const [number] = nameOf(step).split('-')
  if (!onlyPlan) note(projectRoot, { kind: 'goto', what: 'went', words: nameOf(step), step: number! })
  say(`\nnext  ${onlyPlan ? `npm run goto ${words.join(' ')}` : 'npm run check'}`)
  return 0
}
