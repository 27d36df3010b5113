import { here } from '../../kit/database/target.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { takeHint } from '../coach/take-hint.ts'
import { checkStep, checkWhereYouAre } from '../course/check-step.ts'
import { findStep, nameOf, readSteps } from '../course/read-steps.ts'
import { stepStates } from '../course/step-databases.ts'

/** `npm run hint [05]`: about the first thing that is missing, a little more each time: where to look, what it is, what to type. */
export async function hint(words: readonly string[]): Promise<number> {
  const states = stepStates(readSteps())
  const wanted = words.length === 0 ? undefined : findStep(words.join('-'))
  const state = states.find(({ step }) => step.number === wanted?.number)
  const result = state ? await checkStep(state, states, here) : await checkWhereYouAre(states, here)
  const taken = takeHint(here.root, result, states)
  say(`\nStep ${nameOf(result.state.step)}${taken.title === '' ? '' : `   ${taken.title}`}\n`)
  if (taken.level > 0) say(`hint ${taken.level} of 3`)
  for (const line of taken.words) say(`  ${line}`)
  say(`\nnext  ${taken.next}`)
  return 0
}

function say(text: string): void {
  for (const line of text.split('\n')) console.log(wrap(line, process.stdout.columns))
}
