import type { CheckResult } from '../course/check-lines.ts'
import { sectionBlocks, type Block, type Span } from './section-view.ts'
import type { LayerProblem } from '../../kit/drift/drift-report.ts'
import type { Answered } from '../coach/outcome.ts'

/** The step that the learner is at, or why that cannot be said. */
export type BoardStep =
  | {
      /** As in `08`. */
      number: string
      title: string
      todo: readonly string[]
      results: readonly CheckResult[]
      isDone: boolean
      section: Block[]
      questions: QuestionView[]
      problem?: never
    }
  | { problem: LayerProblem }

/** A question to click an answer to. */
export interface QuestionView {
  id: string
  words: Span[]
  choices: { letter: string; words: Span[] }[]
  guess?: string
  outcome?: string
  /** Of a wrong guess: why people think so. */
  why?: Span[]
}

/** `text` is the section of the walkthrough, as Markdown. */
export function stepView(
  step: { number: number; title: string; todo: readonly string[] },
  { results, isDone }: { results: readonly CheckResult[]; isDone: boolean },
  { text, answers }: { text: string; answers: readonly Answered[] },
): BoardStep {
  const { title, todo } = step
  const number = String(step.number).padStart(2, '0')
  return { number, title, todo, results, isDone, section: sectionBlocks(text), questions: answers.map(questionView) }
}

export function questionView({ question, guess, outcome }: Answered): QuestionView {
  const why = guess !== outcome && question.choices.find(({ letter }) => letter === guess)?.why
  return {
    id: question.id,
    words: spansOf(question.words),
    choices: question.choices.map(({ letter, words }) => ({ letter, words: spansOf(words) })),
    ...(guess && { guess }),
    // What happened is told to those who have said before what they think.
    ...(guess && outcome && { outcome }),
    ...(guess && outcome && why && { why: spansOf(why) }),
  }
}

function spansOf(markdown: string): Span[] {
  return sectionBlocks(markdown).flatMap((block) => ('spans' in block ? block.spans : []))
}
