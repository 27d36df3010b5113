import { readFileSync, writeFileSync } from 'node:fs'
import { readQuestions } from '../../../workshop/coach/read-questions.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { documentPath } from '../../../workshop/walkthrough/run-walkthrough.ts'

/** Sections in which somebody asks for help, besides the one that has a hint of its own. */
export const askedIn = ['04', '09', '15']

const course = readSteps().filter(({ step }) => !step.bonus)
const bonus = readSteps().filter(({ step }) => step.bonus)

/**
 * Writes the walkthrough as somebody types it who answers every question with its first choice, takes some hints, and has
 * a report made at the end of the course. At the end of the bonus steps they look into progress.txt.
 */
export function writeGuessed(path: string): void {
  const questions = readQuestions(readSteps())
  const guesses = new Map<string, string[]>()
  for (const { id } of questions) {
    const step = id.slice(0, 2)
    guesses.set(step, [...(guesses.get(step) ?? []), id])
  }
  const [preface, ...sections] = readFileSync(documentPath, 'utf8').split(/^(?=## \d\d )/m)
  const typed = sections.map((section) => {
    const step = section.slice(3, 5)
    const asked = [...(guesses.get(step) ?? [])]
    // Its own text has these already.
    if (step === '03') return section
    // Before the first start there is nothing that could answer.
    if (step === '00') return section.replace('Now try to do harm.', `${block(guess(asked[0]!))}Now try to do harm.`)
    const guessed = section.replaceAll(/^\*\*Predict\.\*\*[^]*?\n\n- [^]*?\n\n/gm, (question) => {
      const hint = askedIn.includes(step) && asked.length === guesses.get(step)!.length ? '\nnpm run hint' : ''
      return question + block(guess(asked.shift()!) + hint)
    })
    if (asked.length > 0) throw new Error(`${asked.join(', ')}: no such question in section ${step}`)
    return guessed
  })
  const end = `${block('npm run report')}${block('cat report/report.md', '…\n## Predictions and hints (only told)\n…')}`
  typed[course.length - 1] += end
  const last = typed.pop()!.replace('## Every instruction', `${block('cat progress.txt', '…')}## Every instruction`)
  writeFileSync(path, [preface, ...typed, last].join(''))
}

/** Each question, and the choice that is what happens on the course's own way. */
export function rightAnswers(of: 'course' | 'bonus' = 'course'): [id: string, letter: string][] {
  const numbers = (of === 'course' ? course : bonus).map(({ number }) => number)
  return readQuestions(readSteps())
    .filter(({ step }) => numbers.includes(step))
    .map(({ id, choices }) => [id, choices.find(({ why }) => why === undefined)!.letter])
}

function guess(id: string): string {
  return `npm run predict ${id} a`
}

function block(commands: string, output?: string): string {
  const shown = output === undefined ? '' : `\`\`\`output\n${output}\n\`\`\`\n\n`
  return `\`\`\`sh\n${commands}\n\`\`\`\n\n${shown}`
}
