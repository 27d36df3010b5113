import type { Place } from '../../kit/database/target.ts'
import { onScene } from '../course/check-step.ts'
import type { Scene } from '../course/check-scene.ts'
import { readSteps } from '../course/read-steps.ts'
import { stepStates, type StepState } from '../course/step-databases.ts'
import type { Schemas } from '../../kit/catalog/schemas.ts'
import { hold } from './probes.ts'
import type { ProgressEvent } from './progress-line.ts'
import { note, readProgress } from './progress.ts'
import { readQuestions, type Question } from './read-questions.ts'

/** A question, what the learner thinks, and what happened, as far as each is known. */
export interface Answered {
  question: Question
  guess?: string
  outcome?: string
}

/** Questions with the guesses and outcomes that are noted; no database is asked. */
export function answersFor(questions: readonly Question[], events: readonly ProgressEvent[]): Answered[] {
  return questions.map((question) => {
    const isKnown = ({ words }: ProgressEvent) => question.choices.some(({ letter }) => letter === words)
    const last = (kind: string) =>
      events.findLast((one) => one.kind === kind && one.what === question.id && isKnown(one))?.words
    const [guess, outcome] = [last('predict'), last('outcome')]
    return { question, ...(guess && { guess }), ...(outcome && { outcome }) }
  })
}

/** Those with a guess and no outcome yet. Costs no connection, so a command may ask it each time. */
export function openPredictions(root: string): Answered[] {
  const { events } = readProgress(root)
  const told = new Set(events.flatMap(({ kind, what }) => (kind === 'outcome' ? [what] : [])))
  // The walkthrough is read only where something waits.
  if (events.every(({ kind, what }) => kind !== 'predict' || told.has(what))) return []
  return answersFor(readQuestions(readSteps()), events).filter(({ guess, outcome }) => guess && !outcome)
}

/**
 * Looks what has happened where there is a guess and no outcome, notes it, and returns those of which it is known now.
 * What happened is what databases and files show; a word of anybody's, or a line of progress.txt, may only say when.
 */
export async function lookForOutcomes(place: Place, schemas?: Schemas): Promise<Answered[]> {
  const open = openPredictions(place.root)
  if (open.length === 0) return []
  const { events } = readProgress(place.root)
  const states = stepStates(readSteps())
  return onScene(
    place,
    async (scene) => {
      const seen: Answered[] = []
      for (const one of open) {
        const outcome = await outcomeOf(one.question, { scene, states, events })
        if (outcome === undefined) continue
        note(place.root, { kind: 'outcome', what: one.question.id, words: outcome, step: stepOf(one.question) })
        seen.push({ ...one, outcome })
      }
      return seen
    },
    schemas,
  )
}

/**
 * As `lookForOutcomes`, and those that another command has found since the last check had something new to say: `events`
 * are those of before this check.
 */
export async function newOutcomes(place: Place, events: readonly ProgressEvent[]): Promise<Answered[]> {
  const since = events.findLastIndex(({ kind }) => kind === 'check') + 1
  const noted = events.slice(since).filter(({ kind }) => kind === 'outcome')
  const found = await lookForOutcomes(place)
  if (noted.length === 0) return found
  const before = answersFor(readQuestions(readSteps()), events)
  return [...before.filter(({ question }) => noted.some(({ what }) => what === question.id)), ...found]
}

/** The letter of the first choice that is what is seen; undefined before it can be said, and where a database is away. */
export async function outcomeOf(
  question: Question,
  { scene, states, events }: { scene: Scene; states: readonly StepState[]; events: readonly ProgressEvent[] },
): Promise<string | undefined> {
  const step = stepOf(question)
  const ground = { scene, states, step: question.step, events: events.filter((one) => one.step === step) }
  try {
    if (!(await hold(question.when, ground))) return undefined
    for (const { letter, seen } of question.choices) {
      if (seen && (await hold(seen, ground))) return letter
    }
    return undefined
  } catch {
    // A schema.prisma with a mistake, a server that goes away: the command beside which this is looked for says what it is.
    return undefined
  }
}

export function stepOf({ id }: Question): string {
  return id.split('-')[0]!
}
