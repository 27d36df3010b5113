import type { CheckResult } from '../course/check-lines.ts'
import { sectionBlocks, type Block } from './section-view.ts'
import type { LayerProblem } from '../../kit/drift/drift-report.ts'

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
      problem?: never
    }
  | { problem: LayerProblem }

/** `text` is the section of the walkthrough, as Markdown. */
export function stepView(
  step: { number: number; title: string; todo: readonly string[] },
  { results, isDone }: { results: readonly CheckResult[]; isDone: boolean },
  text: string,
): BoardStep {
  const { title, todo } = step
  return { number: String(step.number).padStart(2, '0'), title, todo, results, isDone, section: sectionBlocks(text) }
}
