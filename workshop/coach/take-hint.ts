import type { StepResult } from '../course/check-step.ts'
import { firstMissing, nextOf } from '../course/next-step.ts'
import type { StepState } from '../course/step-databases.ts'
import { missingOf, numberOf } from './note-commands.ts'
import { inWords, nudges } from './nudges.ts'
import type { ProgressEvent } from './progress-line.ts'
import { note, readProgress } from './progress.ts'

export interface Hint {
  /** Nothing is missing: then there is no hint. */
  level: 0 | 1 | 2 | 3
  /** What is missing, and where. */
  title: string
  words: string[]
  next: string
}

/** Takes the next hint about what is missing first, and notes it. For something else, it begins at the first one. */
export function takeHint(root: string, result: StepResult, states: readonly StepState[]): Hint {
  const about = aboutOf(result)
  const next = nextOf(result, states)
  if (about === undefined) return { level: 0, title: '', words: ['Nothing is missing here.'], next }
  const step = numberOf(result)
  const level = nextLevel(readProgress(root).events, about, step)
  note(root, { kind: 'hint', what: `${level}`, words: about, step })
  return hintOf(result, states, level)
}

/** The same words again, without taking anything. */
export function hintOf(result: StepResult, states: readonly StepState[], level: 1 | 2 | 3): Hint {
  const next = nextOf(result, states)
  const more = level < 3 ? 'npm run hint    (says more)' : next
  const title = missingOf(result) ?? ''
  return { level, title, words: wordsOf(result, level, next), next: more }
}

/** One more than the last hint, if that was about the same thing at the same step. */
export function nextLevel(events: readonly ProgressEvent[], about: string, step: string): 1 | 2 | 3 {
  const last = events.findLast(({ kind }) => kind === 'hint')
  if (last === undefined || last.words !== about || last.step !== step) return 1
  return last.what === '1' ? 2 : 3
}

/** What is missing, with what was found instead: where that is another thing, the hints begin anew. */
function aboutOf(result: StepResult): string | undefined {
  const title = missingOf(result)
  const found = result.apart ? undefined : firstMissing(result)?.found
  // As a line of progress.txt will have it.
  return title && `${title}${found ? `; found ${found}` : ''}`.replaceAll(/\s+/g, ' ').slice(0, 200).trim()
}

function wordsOf(result: StepResult, level: 1 | 2 | 3, next: string): string[] {
  const { apart, state } = result
  if (apart) {
    const looks = 'Where do your files stand, and where do the databases? They are of different times.'
    return level === 1 ? [looks] : level === 2 ? [...apart.lines] : [`Type  ${apart.next}`]
  }
  const missing = firstMissing(result)!
  const check = { where: missing.where, what: missing.what, found: missing.found! }
  const nudge = nudges[missing.kind].find(({ found }) => found === undefined || found.test(check.found))!
  if (level === 1) return [inWords(nudge.look, check)]
  if (level === 2) return [inWords(nudge.thing, check)]
  const asks = missing.next ?? ''
  if (/^(np[mx]|git) /.test(asks)) return [`Type  ${asks}`]
  return [
    asks,
    'The step says:',
    ...state.step.step.todo.map((line) => `· ${line}`),
    ...(next === asks ? [] : [`Then  ${next}`]),
  ]
}
