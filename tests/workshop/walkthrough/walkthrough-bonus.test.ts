import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import {
  countOf,
  readSections,
  runWalkthrough,
  type WalkthroughReport,
} from '../../../workshop/walkthrough/run-walkthrough.ts'
import { courseEnd } from '../../support/laid-steps.ts'
import { rightAnswers, writeGuessed } from './guessed-document.ts'

// The sections of the bonus steps, typed from top to bottom by somebody who has gone to the end of the course, and who
// guesses the first choice of each question.

const from = courseEnd + 1
const steps = readSteps().filter(({ number }) => number >= from)

let report: WalkthroughReport
const folder = mkdtempSync(join(tmpdir(), 'workshop-guessed-'))
const document = join(folder, 'WALKTHROUGH.md')

beforeAll(() => writeGuessed(document))
afterAll(() => rmSync(folder, { recursive: true }))

test('every command, output and edit of the bonus sections is executed and compared, and none is skipped', async () => {
  report = await runWalkthrough({ document, from }, () => {})
  const { failed, commands, outputs, edits, skipped } = report
  expect(
    failed && { section: failed.section.number, ...failed.failure, message: failed.failure.message },
  ).toBeUndefined()
  expect(skipped).toBe(0)
  expect({ commands, outputs, edits }).toEqual(countOf(readSections(document, steps, { from })))
}, 900_000)

test('what happened is seen of each question, and is what the course says', () => {
  const noted = report.seen.at(-1)!.got.flatMap((line) => {
    const [, id, letter] = / {2}outcome {2}(\S+) {2}(\S+)$/.exec(line) ?? []
    return id === undefined ? [] : [[id, letter]]
  })
  expect(noted).toEqual(rightAnswers('bonus'))
})
