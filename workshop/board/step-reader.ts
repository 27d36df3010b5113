import { stepView, type BoardStep } from './step-view.ts'
import type { Problem } from '../../kit/terminal/problem.ts'
import { openSchemas } from '../../kit/catalog/schemas.ts'
import { attempt } from '../../kit/drift/layers.ts'
import { checkWhereYouAre } from '../course/check-step.ts'
import type { Place } from '../../kit/database/target.ts'
import { stepStates } from '../course/step-databases.ts'
import { readSteps } from '../course/read-steps.ts'
import { documentPath, readSections } from '../walkthrough/run-walkthrough.ts'

/** Gives the step that the learner is at, again and again. Between two answers no connection is held. */
export function stepReader(place: Place): (problem: Problem | undefined) => Promise<BoardStep> {
  const known = new Map<string, Promise<string>>()
  const read = async (): Promise<BoardStep> => {
    const steps = readSteps()
    const schemas = openSchemas(undefined, known)
    const { state, ...found } = await checkWhereYouAre(stepStates(steps), place, schemas).finally(() => schemas.close())
    const { apart } = found
    if (apart) return { problem: { message: apart.lines[0]!, why: apart.lines.slice(1).join(' '), next: apart.next } }
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
