import { ask } from '../../kit/terminal/ask.ts'
import { here } from '../../kit/database/target.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { envs } from '../../kit/database/target.ts'
import { readStatus } from '../course/status.ts'
import { answersFor, stepOf, type Answered } from '../coach/outcome.ts'
import { findQuestions, readAnswers, takeGuess } from '../coach/guess.ts'
import { renderQuestion } from '../coach/predict-lines.ts'
import { readProgress } from '../coach/progress.ts'

/** `npm run predict [09 [b]]`: what a step asks, your guess, and what happened, as databases and files show it. */
export async function predict(words: readonly string[]): Promise<number> {
  const [word, letter, ...more] = words
  const questions = await findQuestions(more.length > 0 ? words.join('-') : word, here)
  if (letter !== undefined) {
    const question = takeGuess(questions, letter.toLowerCase(), here.root)
    say(['', ...answersFor([question], readProgress(here.root).events).flatMap(inLines)])
    return next(`npm run read ${stepOf(question)}    (do it, and then:  npm run predict ${stepOf(question)})`)
  }
  let answers = await readAnswers(questions, here)
  for (const { question, guess, outcome } of ask ? answers : []) {
    if (guess || outcome) continue
    say(['', ...inLines({ question })])
    const typed = await ask!('Your guess (Enter leaves it for later)?')
    if (typed !== '') takeGuess([question], typed.toLowerCase(), here.root)
  }
  answers = answersFor(questions, readProgress(here.root).events)
  say(['', ...answers.flatMap(inLines)])
  await sayWhoIsAway(answers)
  const open = answers.find(({ guess }) => !guess)?.question
  const step = stepOf(questions[0]!)
  return next(open ? `npm run predict ${open.id} a    (or another letter)` : `npm run read ${step}`)
}

/** What happened is read from both databases. */
async function sayWhoIsAway(answers: readonly Answered[]): Promise<void> {
  if (answers.every(({ guess, outcome }) => !guess || outcome)) return
  for (const env of envs) {
    const { problem } = await readStatus(here.target(env))
    if (problem) say([`What happened cannot be read: ${problem.message}  ${problem.next[0] ?? ''}`, ''])
  }
}

function inLines(answered: Answered): string[] {
  return renderQuestion(answered, Math.min(process.stdout.columns || 80, 100))
}

function say(lines: readonly string[]): void {
  for (const line of lines) console.log(line)
}

function next(line: string): number {
  console.log(wrap(`next  ${line}`, process.stdout.columns))
  return 0
}
