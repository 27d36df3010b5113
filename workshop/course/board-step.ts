import { stepView, type BoardStep } from '../plain/board-step.ts'
import type { Problem } from '../plain/problem.ts'
import { openSchemas } from '../world/schemas.ts'
import { attempt } from './drift-layers.ts'
import { checkWhereYouAre } from './check.ts'
import type { Place } from './check-scene.ts'
import { stepStates } from './step-databases.ts'
import { readSteps } from './steps.ts'
import { documentPath, readSections } from './walkthrough.ts'

/** Gives the step that the learner is at, again and again. Between two answers no connection is held. */
export function stepReader(place: Place): (problem: Problem | undefined) => Promise<BoardStep> {
  const known = new Map<string, Promise<string>>()
  const read = async () => {
    const steps = readSteps()
    const schemas = openSchemas(undefined, known)
    const { state, ...found } = await checkWhereYouAre(stepStates(steps), place, schemas).finally(() => schemas.close())
    const { number, step } = state.step
    const section = readSections(documentPath, steps).find((one) => one.number === number)!
    return stepView({ number, ...step }, found, section.text)
  }
  return async (problem) => {
    if (problem) return { problem: { message: `Which step? ${problem.message}`, why, next: problem.next[0] ?? '' } }
    const { value, problem: unread } = await attempt(read)
    return value ?? { problem: unread! }
  }
}

const why = 'Your files and both databases tell which step you are at.'
