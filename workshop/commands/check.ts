import { checkStep, checkWhereYouAre, type StepResult } from '../course/check-step.ts'
import { stepStates, type StepState } from '../course/step-databases.ts'
import { findStep, nameOf, readSteps } from '../course/read-steps.ts'
import { noteCheck } from '../coach/note-commands.ts'
import { nextOf } from '../course/next-step.ts'
import { lastScreen } from '../course/last-screen.ts'
import { renderCheck } from '../course/check-lines.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { here } from '../../kit/database/target.ts'

/** `npm run check [05]`: the checks of a step on your files and both databases; without a word, of the step you are at. */
export async function check(words: readonly string[]): Promise<number> {
  const states = stepStates(readSteps())
  const [word] = words
  const wanted = word === undefined ? undefined : findStep(words.join('-'))
  const state = states.find(({ step }) => step.number === wanted?.number)
  const result = state ? await checkStep(state, states, here) : await checkWhereYouAre(states, here)
  const isEnd = result.isDone && result.state === states.at(-1)
  const end = isEnd ? await lastScreen(here.target('prod')) : []
  for (const line of render(result, states, end)) console.log(wrap(line, process.stdout.columns))
  noteCheck(here.root, result)
  return result.isDone ? 0 : 1
}

function render(result: StepResult, states: readonly StepState[], end: string[]): string[] {
  const { state, results, isDone, apart } = result
  if (apart) return ['', ...apart.lines, '', `next  ${apart.next}`]
  const passed = results.filter(({ found }) => found === undefined).length
  const after = states[states.indexOf(state) + 1]
  return [
    '',
    title(state),
    '',
    ...results.flatMap(renderCheck),
    '',
    ...(isDone
      ? whatNow(state, after, end)
      : [`${passed} of ${results.length} checks pass. What there is to do:`, ...todo(state)]),
    '',
    `next  ${nextOf(result, states)}`,
  ]
}

function whatNow(state: StepState, after: StepState | undefined, end: string[]): string[] {
  if (state.step.step.leavesNothing && after) {
    return [
      'All checks pass. This step leaves everything as it was, so only you know whether it is done:',
      ...todo(state),
      '',
      'After it comes:',
      '',
      title(after),
    ]
  }
  return after ? ['All checks pass. Now comes:', '', title(after), '', ...todo(after)] : end
}

function title({ step }: StepState): string {
  return `Step ${nameOf(step)}   ${step.step.title}`
}

function todo({ step }: StepState): string[] {
  return step.step.todo.map((line) => `  · ${line}`)
}
