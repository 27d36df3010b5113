import { afterEach, describe, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stepStates } from '../../../workshop/course/step-databases.ts'
import { findStep, layFiles, nameOf, readSteps } from '../../../workshop/course/read-steps.ts'
import { stepText, toySteps, type ToySteps } from './toy-steps.ts'

describe('the steps of this workshop', () => {
  const steps = readSteps()

  const course = steps.filter(({ step }) => !step.bonus)

  test('are numbered without a gap, from the two databases to the rules of a team; bonus steps follow', () => {
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, i) => i))
    expect(course.map(({ number }) => number)).toEqual(Array.from({ length: 19 }, (_, i) => i))
    expect([course[0]!.tag, course.at(-1)!.tag]).toEqual(['step-00-two-databases', 'step-18-team-rules'])
  })

  test('change a file or a database, each of them, and have a check that does not hold always, unless they leave nothing', () => {
    for (const { step, folder } of steps) {
      const changes = existsSync(join(folder, 'files')) || step.removes || step.dev || step.prod
      expect({ title: step.title, changes: Boolean(changes) }).toEqual({ title: step.title, changes: true })
      expect(step.checks.some(({ always }) => !always)).toBe(!step.leavesNothing)
    }
  })

  test('run seeds only when they are there, and reset DEV alone', () => {
    for (const { step, files } of stepStates(steps)) {
      const seeds = [...(step.step.dev?.seeds ?? []), ...(step.step.prod?.seeds ?? [])]
      expect(seeds.filter((seed) => !files.has(`seeds/${seed}.ts`))).toEqual([])
      expect(Object.keys(step.step.prod ?? {}).filter((key) => !['deploy', 'seeds'].includes(key))).toEqual([])
    }
  })

  test('know what was run in each database: what was typed is gone after a reset', () => {
    const dev = stepStates(steps).map((state) => state.dev.some((sql) => sql.includes('chort')))
    expect(dev.indexOf(true)).toBe(8)
    expect(dev.lastIndexOf(true)).toBe(8)
    expect(stepStates(course).at(-1)!.prod).toHaveLength(7)
  })
})

describe('a step is found', () => {
  test.each(['5', '05', '005', 'email-backfill', '05-email-backfill', 'step-05-email-backfill', 'backfill'])(
    'by %s',
    (word) => expect(nameOf(findStep(word))).toBe('05-email-backfill'),
  )

  test('and the slug of one beats a part of another', () => {
    const course = toySteps()
    course.step('00-email')
    course.step('01-email-again')
    expect(findStep('email', course.root).number).toBe(0)
    course.remove()
  })

  test('or told to be unknown, with a list of those that there are', () => {
    for (const word of ['99', 'cohorts', '', '-', '../05']) {
      const find = () => findStep(word)
      expect(find).toThrow(expect.objectContaining({ name: 'Problem', why: expect.stringContaining('07-prod') }))
    }
  })

  test('or told to be ambiguous, with those that it may be', () => {
    expect(() => findStep('renamed')).toThrow('"renamed" may be any of 2 steps.')
    expect(() => findStep('renamed')).toThrow(
      expect.objectContaining({ why: 'They are: 11-renamed-column-drift, 12-renamed-column-model.' }),
    )
  })
})

describe('steps that are not whole', () => {
  let course: ToySteps
  afterEach(() => course.remove())

  test('a folder without a step.ts is named', () => {
    course = toySteps()
    course.step('00-first')
    course.write('steps/01-second/files/seeds/a.ts', '')
    expect(() => readSteps(course.root)).toThrow('The step 01-second has no step.ts.')
  })

  test('a folder without a number is named', () => {
    course = toySteps()
    course.step('draft')
    expect(() => readSteps(course.root)).toThrow('steps/draft is no step: its name has no number.')
  })

  test('two steps with one number are named, however the number is written', () => {
    course = toySteps()
    course.step('05-one')
    course.step('5-two')
    expect(() => readSteps(course.root)).toThrow(/Two steps have the number 5: (05-one and 5-two|5-two and 05-one)\./)
  })

  test('a removal of a file that is not there is named; one of a file that is there takes it away', () => {
    course = toySteps()
    course.step('00-first', {}, { 'seeds/a.ts': 'a', 'seeds/b.ts': 'b' })
    course.step('01-second', { removes: ['seeds/a.ts'] })
    expect([...layFiles(1, course.root).keys()]).toEqual(['seeds/b.ts'])
    course.step('02-third', { removes: ['seeds/a.ts'] })
    expect(() => layFiles(2, course.root)).toThrow('The step 02-third removes seeds/a.ts, which is not there.')
    expect([...layFiles(1, course.root).keys()]).toEqual(['seeds/b.ts'])
  })

  test.each([
    ['no title', stepText("{ title: '', todo: ['x'], checks: [{ kind: 'schema' }] }")],
    ['no check', stepText("{ title: 'x', todo: ['x'], checks: [] }")],
    ['code in place of data', stepText("{ title: process.cwd(), todo: ['x'], checks: [{ kind: 'schema' }] }")],
    ['half of it', "export default { title: 'x', todo: ["],
    ['nothing', ''],
  ])('a step.ts with %s is named', (_, text) => {
    course = toySteps()
    course.write('steps/00-first/step.ts', text)
    expect(() => readSteps(course.root)).toThrow('steps/00-first/step.ts cannot be read.')
  })

  test('a step that was edited is read anew', () => {
    course = toySteps()
    course.step('00-first', { title: 'before' })
    expect(readSteps(course.root)[0]!.step.title).toBe('before')
    course.step('00-first', { title: 'after' })
    expect(readSteps(course.root)[0]!.step.title).toBe('after')
  })
})
