import { checkStep, checkWhereYouAre, type StepResult } from '../course/check-step.ts'
import { stepStates, storyOf, type StepState } from '../course/step-databases.ts'
import { findStep, nameOf, readSteps } from '../course/read-steps.ts'
import { noteCheck } from '../coach/note-commands.ts'
import { newOutcomes } from '../coach/outcome.ts'
import { readProgress } from '../coach/progress.ts'
import { renderFoundOut } from '../coach/predict-lines.ts'
import { nextOf } from '../course/next-step.ts'
import { lastScreen } from '../course/last-screen.ts'
import { renderCheck } from '../course/check-lines.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { here } from '../../kit/database/target.ts'

/** `npm run check [05]`: the checks of a step on your files and both databases; without a word, of the step you are at. */
export async function check(words: readonly string[]): Promise<number> {
  const all = stepStates(readSteps())
  const [word] = words
  const wanted = word === undefined ? undefined : findStep(words.join('-'))
  const state = all.find(({ step }) => step.number === wanted?.number)
  const result = state ? await checkStep(state, all, here) : await checkWhereYouAre(all, here)
  const states = storyOf(result.state, all)
  const isEnd = result.isDone && result.state === states.at(-1)
  const more = all[all.indexOf(result.state) + 1]
  const end = isEnd ? await lastScreen(here.target('prod'), more && nameOf(more.step)) : []
  const { events } = readProgress(here.root)
  noteCheck(here.root, result)
  const found = renderFoundOut(await newOutcomes(here, events), Math.min(process.stdout.columns || 80, 100))
  for (const line of render(result, states, { end, found })) console.log(wrap(line, process.stdout.columns))
  return result.isDone ? 0 : 1
}

/** What stands below the checks: the end of the exercise, and predictions of which one knows now. */
interface Told {
  end: string[]
  found: string[]
}

function render(result: StepResult, states: readonly StepState[], told: Told): string[] {
  const { state, results, isDone, apart } = result
  if (apart) return ['', ...apart.lines, ...told.found, '', `next  ${apart.next}`]
  const passed = results.filter(({ found }) => found === undefined).length
  const after = states[states.indexOf(state) + 1]
  return [
    '',
    title(state),
    '',
    ...results.flatMap(renderCheck),
    '',
    ...(isDone
      ? whatNow(state, after, told.end)
      : [`${passed} of ${results.length} checks pass. What there is to do:`, ...todo(state)]),
    ...told.found,
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
