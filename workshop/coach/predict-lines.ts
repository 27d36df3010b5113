import pc from 'picocolors'
import { renderMarkdown } from '../../kit/terminal/markdown.ts'
import type { Answered } from './outcome.ts'
import type { Question } from './read-questions.ts'

/** What is shown of a question: those of the lab have no step. */
export interface Shown extends Pick<Answered, 'guess' | 'outcome'> {
  question: Pick<Question, 'id' | 'words' | 'choices'>
}

/** A question as a learner sees it: its choices, the guess, and what happened, as far as each is known. */
export function renderQuestion(answered: Shown, width: number): string[] {
  const { question, guess, outcome } = answered
  const choices = question.choices.flatMap(({ letter, words }) => {
    const mark = letter === outcome ? pc.green('✓') : letter === guess ? '›' : ' '
    return hanging(`  ${mark} ${letter}  `, words, width, 7)
  })
  return [
    pc.bold(question.id),
    ...hanging('  ', question.words, width, 2),
    ...choices,
    ...(guess ? renderOutcome(answered, width) : []),
    '',
  ]
}

/** What somebody thought, and what happened; of a wrong guess, why it is so easily made. */
export function renderOutcome({ question, guess, outcome }: Shown, width: number): string[] {
  if (!guess) return []
  if (!outcome) return [`  ${pc.dim(`you think ${guess}; what happens is said when it can be seen`)}`]
  if (guess === outcome) return [`  ${pc.green('✓')} you thought ${guess}, and so it is`]
  const why = question.choices.find(({ letter }) => letter === guess)?.why
  return [
    `  ${pc.yellow('≠')} you thought ${guess}, and it is ${outcome}`,
    ...(why ? hanging('    ', why, width, 4) : []),
  ]
}

/** The outcomes that came to light, for a command that has found them beside its work. */
export function renderFoundOut(found: readonly Answered[], width: number): string[] {
  return found.flatMap((answered) => {
    const { question, outcome } = answered
    const happened = question.choices.find(({ letter }) => letter === outcome)
    return [
      '',
      pc.bold('Your prediction'),
      ...hanging('  ', question.words, width, 2),
      ...hanging(`  ${pc.green('✓')} ${outcome}  `, happened?.words ?? '', width, 7),
      ...renderOutcome(answered, width),
    ]
  })
}

function hanging(mark: string, markdown: string, width: number, indent: number): string[] {
  const lines = renderMarkdown(markdown, Math.max(20, width - indent)).filter((line) => line !== '')
  return lines.map((line, i) => `${i === 0 ? mark : ' '.repeat(indent)}${line}`)
}
