import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(() => {
  workshop = scratchWorkshop({ ports: false, isBuilt: true })
})
afterAll(() => workshop.remove())

test('every step of the course is whole: its start fails its check, its end passes, and prod keeps every value', async () => {
  const { code, output } = await workshop.run('steps', 'check')
  expect(output.match(/^✓ \d\d-\S+ /gm)).toHaveLength(readSteps().length)
  expect(output).not.toContain('✗')
  expect(output).toContain(': all are whole.')
  expect(code).toBe(0)
}, 900_000)
