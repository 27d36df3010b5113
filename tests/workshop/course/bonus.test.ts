import { describe, expect, test } from '@jest/globals'
import { baseChecks } from '../../../workshop/course/base-checks.ts'
import { nextOf } from '../../../workshop/course/next-step.ts'
import { columnsOfModel } from '../../../workshop/course/made-recruits.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { courseOf, stepStates, storyOf } from '../../../workshop/course/step-databases.ts'
import { soughtElsewhere } from '../../../workshop/course/judge-values.ts'
import { courseEnd } from '../../support/laid-steps.ts'

const states = stepStates(readSteps())
const course = courseOf(states)
const done = (number: number) => ({ state: states[number]!, results: [], isDone: true })

describe('whoever does none of the bonus steps', () => {
  test('is at the end with the last step of the course, and is judged by the course alone', () => {
    expect(course.at(-1)!.step.number).toBe(courseEnd)
    expect(states.length).toBeGreaterThan(course.length)
    expect(storyOf(states[courseEnd]!, states)).toEqual(course)
    expect(nextOf(done(courseEnd), states)).toBe('npm run db ledger')
  })
})

describe('whoever does them', () => {
  test('goes on from one to the next, and is at the end with the last of them', () => {
    for (const state of states.slice(courseEnd + 1)) expect(storyOf(state, states)).toBe(states)
    expect(nextOf(done(states.length - 1), states)).toBe('npm run db ledger')
    for (const { step } of states.slice(courseEnd + 1, -1))
      expect(nextOf(done(step.number), states)).toBe(`npm run check ${step.number + 1}`)
  })

  test('is asked at every later step what an earlier one asked of each row', () => {
    const rowsAsked = (state: (typeof states)[number]) =>
      baseChecks(state, states).flatMap((check) => (check.kind === 'each' && check.always ? [check.table] : []))
    expect(states.slice(courseEnd).map(rowsAsked)).toEqual([
      [],
      [],
      [],
      ['reviews'],
      ['reviews', 'offers'],
      ['reviews', 'offers'],
    ])
  })

  test('has relations in the model, and none of them is taken for a column', () => {
    const schema = String(states[courseEnd + 1]!.files.get('prisma/schema.prisma'))
    const columns = [...columnsOfModel(schema)!.values()].map(({ column }) => column)
    expect(columns.slice(-3)).toEqual(['cohort', 'coach_id', 'buddy_id'])
  })
})

test('50,000 rows around the recruits are asked about those alone of whom a value left the row', () => {
  const recruits = new Map([
    ['1', { id: '1', surname: 'Moosa', cohort: 'C25' }],
    ['2', { id: '2', surname: 'Dlamini', cohort: 'Portal 1' }],
  ])
  const known = new Map([
    ['1', [{ id: '1', surname: 'Moosa', id_number: '0101' }]],
    ['2', [{ id: '2', surname: 'another', cohort: 'Portal 1' }]],
    ['3', [{ id: '3', surname: 'gone' }]],
  ])
  expect(soughtElsewhere(known, recruits, new Map())).toEqual(['1'])
})
