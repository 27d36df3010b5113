import { Problem } from '../../kit/terminal/problem.ts'
import { nearest } from '../../kit/terminal/nearest.ts'
import type { Place } from '../../kit/database/target.ts'
import { checkWhereYouAre } from '../course/check-step.ts'
import { findStep, readSteps } from '../course/read-steps.ts'
import { stepStates } from '../course/step-databases.ts'
import { answersFor, lookForOutcomes, stepOf, type Answered } from './outcome.ts'
import { note, readProgress } from './progress.ts'
import { readQuestions, type Question } from './read-questions.ts'

/** The questions that are meant: of the step one is at, of `09`, or the one that is called `09-prod`. Throws a Problem. */
export async function findQuestions(word: string | undefined, place: Place): Promise<Question[]> {
  const steps = readSteps()
  const all = readQuestions(steps)
  const named = all.filter(({ id }) => id === word)
  if (named.length > 0) return named
  const { state } = word === undefined ? await checkWhereYouAre(stepStates(steps), place) : { state: undefined }
  const number = state?.step.number ?? findStep(word!).number
  const found = all.filter(({ step }) => step === number)
  if (found.length > 0) return found
  throw new Problem('This step has no question.', {
    why: 'Its section in WALKTHROUGH.md asks none.',
    next: 'npm run predict 08',
  })
}

/** These questions with guesses and outcomes, after a look at what has happened since. */
export async function readAnswers(questions: readonly Question[], place: Place): Promise<Answered[]> {
  await lookForOutcomes(place)
  return answersFor(questions, readProgress(place.root).events)
}

/** Notes a guess, before anything has happened. Throws a Problem where it cannot be noted, or comes too late. */
export function takeGuess(questions: readonly Question[], letter: string, root: string): Question {
  const answers = answersFor(questions, readProgress(root).events)
  // Of several questions, the first without a guess.
  const meant = answers.find(({ guess }) => !guess) ?? (answers.length === 1 ? answers[0] : undefined)
  if (!meant) {
    const names = questions.map(({ id }) => id)
    throw new Problem('Which question? Each of this step has your guess already: nothing was noted.', {
      why: `They are called ${names.join(', ')}.`,
      next: `npm run predict ${names[0]} ${letter}`,
    })
  }
  const { question, outcome } = meant
  const letters = question.choices.map((choice) => choice.letter)
  if (!letters.includes(letter)) {
    throw new Problem(`${question.id} has no choice "${letter}": nothing was noted.`, {
      why: `Its choices are ${letters.join(', ')}.`,
      next: `npm run predict ${question.id} ${nearest(letter, letters) ?? letters[0]}`,
    })
  }
  if (outcome) {
    throw new Problem(`What happened is known already, in ${question.id}: nothing was noted.`, {
      why: 'A guess comes before, and yours stays as it was.',
      next: `npm run predict ${stepOf(question)}`,
    })
  }
  if (!note(root, { kind: 'predict', what: question.id, words: letter, step: stepOf(question) })) {
    throw new Problem('Your guess could not be noted.', {
      why: 'progress.txt, in the top folder of the workshop, cannot be written.',
      next: 'Make room for that file, or allow writing it; then type the same command again.',
    })
  }
  return question
}
