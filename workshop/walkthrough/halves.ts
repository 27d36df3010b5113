import { availableParallelism } from 'node:os'
import { readSteps } from '../course/read-steps.ts'
import {
  countOf,
  documentPath,
  readSections,
  runWalkthrough,
  type SectionReport,
  type WalkthroughOptions,
  type WalkthroughReport,
} from './run-walkthrough.ts'

/**
 * As `runWalkthrough`; a long way is walked in two halves at a time where there are two processors, the second one in a copy
 * that begins at the end of the first. Sections are reported in the document's order.
 */
export async function runInHalves(
  options: WalkthroughOptions,
  report: (section: SectionReport) => void,
): Promise<WalkthroughReport> {
  const middle = options.isRecording || availableParallelism() < 2 ? undefined : middleOf(options)
  if (middle === undefined) return runWalkthrough(options, report)
  const waiting: SectionReport[] = []
  let isFirstDone = false
  const first = runWalkthrough({ ...options, to: middle }, report).finally(() => {
    isFirstDone = true
    waiting.forEach(report)
  })
  const second = runWalkthrough({ ...options, from: middle + 1 }, (section) =>
    isFirstDone ? report(section) : waiting.push(section),
  )
  const [a, b] = await Promise.all([first, second])
  const failed = a.failed ?? b.failed
  return {
    commands: a.commands + b.commands,
    outputs: a.outputs + b.outputs,
    edits: a.edits + b.edits,
    skipped: a.skipped + b.skipped,
    seen: [...a.seen, ...b.seen],
    ...(failed && { failed }),
  }
}

/** The last step of the first half, by the number of commands; undefined for a way that is not worth two copies. */
function middleOf({ document = documentPath, from = 0, to = Number.POSITIVE_INFINITY }: WalkthroughOptions) {
  const steps = readSteps().filter(({ number }) => from <= number && number <= to)
  const counts = readSections(document, steps, { from, to }).map((section) => countOf([section]).commands)
  const all = sum(counts)
  if (all < 60) return undefined
  return steps[counts.findIndex((_, i) => sum(counts.slice(0, i + 1)) >= all / 2)]!.number
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}
