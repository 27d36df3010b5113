import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataIn, type LoadedStep } from '../course/read-steps.ts'
import { documentPath, readSections, twoDigits } from '../walkthrough/run-walkthrough.ts'
import { askedIn } from './asked.ts'
import type { ChoiceData, QuestionData, Questions } from './question.ts'

/** A question with its words: data from the step's folder, words from its section of the walkthrough. */
export interface Question extends Omit<QuestionData, 'choices'> {
  /** As in `08-query`. */
  id: string
  /** The step's number. */
  step: number
  words: string
  choices: Choice[]
}

export interface Choice extends ChoiceData {
  letter: string
  words: string
}

/** What the steps ask, in order. A question without words, or words without data, is left out: a test holds both together. */
export function readQuestions(steps: readonly LoadedStep[]): Question[] {
  const asking = steps.filter((step) => existsSync(fileOf(step)))
  if (asking.length === 0) return []
  const sections = readSections(documentPath, steps)
  return asking.flatMap((step) => {
    const asked = askedIn(sections.find(({ number }) => number === step.number)?.text ?? '')
    return questionsOf(step).flatMap(({ choices, ...data }, i) => {
      const found = asked[i]
      if (!found) return []
      const id = `${twoDigits(step.number)}-${data.name}`
      const worded = found.choices.flatMap((one) => (choices[one.letter] ? [{ ...one, ...choices[one.letter] }] : []))
      return [{ ...data, id, step: step.number, words: found.words, choices: worded }]
    })
  })
}

/** The data alone. */
export function questionsOf(step: LoadedStep): Questions {
  if (!existsSync(fileOf(step))) return []
  return dataIn<Questions>(readFileSync(fileOf(step), 'utf8'), 'Questions')
}

function fileOf({ folder }: LoadedStep): string {
  return join(folder, 'questions.ts')
}
