import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { matchesOutput } from '../../../workshop/walkthrough/match-output.ts'
import {
  countOf,
  readSections,
  runWalkthrough,
  type WalkthroughReport,
} from '../../../workshop/walkthrough/run-walkthrough.ts'
import { askedIn, rightAnswers, writeGuessed } from './guessed-document.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { courseEnd } from '../../support/laid-steps.ts'

// The document itself, from top to bottom, on two real databases: what a learner is told to type, and told will happen.
// Whoever types it here guesses the first choice of each question, takes hints, and has a report made at the end.

/** The bonus steps have a test of their own. */
const course = readSteps().filter(({ number }) => number <= courseEnd)

let report: WalkthroughReport
const folder = mkdtempSync(join(tmpdir(), 'workshop-guessed-'))
const document = join(folder, 'WALKTHROUGH.md')

beforeAll(() => writeGuessed(document))
afterAll(() => rmSync(folder, { recursive: true }))

test('every command, output and edit of WALKTHROUGH.md is executed and compared, and none is skipped', async () => {
  report = await runWalkthrough({ document, to: courseEnd }, () => {})
  const { failed, commands, outputs, edits, skipped } = report
  expect(
    failed && { section: failed.section.number, ...failed.failure, message: failed.failure.message },
  ).toBeUndefined()
  expect(skipped).toBe(0)
  expect({ commands, outputs, edits }).toEqual(countOf(readSections(document, course, { to: courseEnd })))
  expect(outputs).toBeGreaterThan(50)
}, 1_800_000)

test('the report says of each question what was guessed and what happened, and of the hints how many were taken', () => {
  const page = report.seen.at(-1)!.got
  const rows = page.filter((line) => /^\| \d\d /.test(line)).map((line) => line.split('|').map((cell) => cell.trim()))
  const predictions = rows.filter((cells) => /^\d\d-\w+$/.test(cells[2]!))
  expect(predictions.map(([, , id, guess, outcome]) => [id, guess, outcome])).toEqual(
    rightAnswers().map(([id, letter]) => [id, 'a', `· ${letter}`]),
  )
  const hints = rows.filter((cells) => cells.length === 5 && /^\d$/.test(cells[2]!) && /^\d$/.test(cells[3]!))
  expect(hints.map((cells) => cells.slice(1, 4))).toEqual(['03', ...askedIn].map((step) => [step, '1', '1']))
})

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
