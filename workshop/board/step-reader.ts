import { stepView, type BoardStep } from './step-view.ts'
import type { Problem } from '../../kit/terminal/problem.ts'
import { attempt } from '../../kit/drift/layers.ts'
import type { Place } from '../../kit/database/target.ts'
import { noteCheck } from '../coach/note-commands.ts'
import { answersFor, lookForOutcomes, type Answered } from '../coach/outcome.ts'
import { readProgress } from '../coach/progress.ts'
import { readQuestions } from '../coach/read-questions.ts'
import { whereReader, type Where } from '../coach/where-reader.ts'
import { readSteps } from '../course/read-steps.ts'
import { documentPath, readSections } from '../walkthrough/run-walkthrough.ts'

export interface StepReader {
  /** The step that the learner is at, again and again. Between two answers no connection is held. */
  read(problem: Problem | undefined): Promise<BoardStep>
  /** Where that was, the last time it could be said. */
  where(): Where | undefined
}

export function stepReader(place: Place): StepReader {
  const readWhere = whereReader(place)
  let where: Where | undefined
  const read = async (): Promise<BoardStep> => {
    const found = await readWhere()
    noteCheck(place.root, found.result)
    await lookForOutcomes(place)
    where = found
    const { state, apart, ...checked } = found.result
    if (apart) return { problem: { message: apart.lines[0]!, why: apart.lines.slice(1).join(' '), next: apart.next } }
    const { number, step } = state.step
    const section = readSections(documentPath, readSteps()).find((one) => one.number === number)!
    return stepView({ number, ...step }, checked, { text: section.text, answers: answersOf(number, place.root) })
  }
  return {
    async read(problem) {
      if (problem) return { problem: { message: `Which step? ${problem.message}`, why, next: problem.next[0] ?? '' } }
      const { value, problem: unread } = await attempt(read)
      return value ?? { problem: unread! }
    },
    where: () => where,
  }
}

/** What a step asks, with guesses and outcomes as they are noted. */
export function answersOf(number: number, root: string): Answered[] {
  const questions = readQuestions(readSteps()).filter(({ step }) => step === number)
  return answersFor(questions, readProgress(root).events)
}

const why = 'Your files and both databases tell which step you are at.'
