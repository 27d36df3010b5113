import { expect, test } from '@jest/globals'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { countOf, documentPath, readSections, runWalkthrough } from '../../../workshop/walkthrough/run-walkthrough.ts'
import { courseEnd } from '../../support/laid-steps.ts'

// The sections of the bonus steps, typed from top to bottom by somebody who has gone to the end of the course.

const from = courseEnd + 1
const steps = readSteps().filter(({ number }) => number >= from)

test('every command, output and edit of the bonus sections is executed and compared, and none is skipped', async () => {
  const { failed, commands, outputs, edits, skipped } = await runWalkthrough({ from }, () => {})
  expect(
    failed && { section: failed.section.number, ...failed.failure, message: failed.failure.message },
  ).toBeUndefined()
  expect(skipped).toBe(0)
  expect({ commands, outputs, edits }).toEqual(countOf(readSections(documentPath, steps, { from })))
}, 900_000)
