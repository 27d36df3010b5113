import { expect, test } from '@jest/globals'
import { matchesOutput } from '../../../workshop/walkthrough/match-output.ts'
import {
  countOf,
  documentPath,
  readSections,
  runWalkthrough,
  type WalkthroughReport,
} from '../../../workshop/walkthrough/run-walkthrough.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'

// The document itself, from top to bottom, on two real databases: what a learner is told to type, and told will happen.

let report: WalkthroughReport

test('every command, output and edit of WALKTHROUGH.md is executed and compared, and none is skipped', async () => {
  report = await runWalkthrough({}, () => {})
  const { failed, commands, outputs, edits, skipped } = report
  expect(
    failed && { section: failed.section.number, ...failed.failure, message: failed.failure.message },
  ).toBeUndefined()
  expect(skipped).toBe(0)
  expect({ commands, outputs, edits }).toEqual(countOf(readSections(documentPath, readSteps())))
  expect(outputs).toBeGreaterThan(50)
}, 1_800_000)

test('each line of each output, when it is changed, is no longer what came', () => {
  const survivors = report.seen.flatMap(({ output, got }) =>
    output.lines.flatMap((line, i) =>
      mutants(line)
        .map((mutant) => ({ line: output.line + i, mutant, lines: output.lines.with(i, mutant) }))
        .filter(({ lines }) => matchesOutput(lines, got)),
    ),
  )
  expect(survivors.map(({ line, mutant }) => `${line}: ${mutant}`)).toEqual([])
})

/** The line with a word more, and with another word. A line that stands for any lines has none. */
function mutants(line: string): string[] {
  if (line.trim() === '…' || line.trim() === '') return []
  const longer = line.trimEnd().endsWith('…') ? `changed ${line}` : `${line.trimEnd()} changed`
  return [longer, line.replace(/[A-Za-z]{2,}/, 'q$&')].filter((mutant) => mutant !== line)
}
