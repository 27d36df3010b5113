import { describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { Problem } from '../../../kit/terminal/problem.ts'
import type { Seen } from '../../../workshop/coach/follow.ts'
import { listLines, watchLines } from '../../../workshop/coach/watch-lines.ts'
import { hintOf } from '../../../workshop/coach/take-hint.ts'
import { readQuestions } from '../../../workshop/coach/read-questions.ts'
import type { CheckResult } from '../../../workshop/course/check-lines.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { courseOf, stepStates } from '../../../workshop/course/step-databases.ts'

const states = courseOf(stepStates(readSteps()))
const questions = readQuestions(readSteps())
const missing: CheckResult = {
  kind: 'schema',
  where: 'FILES',
  what: 'prisma/schema.prisma says what this step says',
  found: 'recruits: missing: column cohort; and a name that goes on and on without any blank: ' + 'x'.repeat(150),
  next: 'Edit prisma/schema.prisma. One way to write it:  steps/09-new-column-model/files/prisma/schema.prisma',
}
const at = (number: number, results: CheckResult[]): Seen => ({
  where: {
    states,
    result: { state: states[number]!, results, isDone: results.every(({ found }) => found === undefined) },
  },
  git: { branch: 'my-work', changed: 2 },
  answers: questions.map((question) => ({
    question,
    ...(question.id === '09-prod' && { guess: 'a' }),
  })),
  away: {},
})
const plain = (lines: string[]) => lines.map((line) => stripVTControlCharacters(line))

describe.each([60, 80, 120])('at %p columns', (columns) => {
  const screens: [string, Seen | undefined, Parameters<typeof watchLines>[1]][] = [
    ['before the first look', undefined, {}],
    ['with something missing', at(9, [missing]), {}],
    ['with a hint', at(9, [missing]), { hint: hintOf(at(9, [missing]).where!.result, states, 3) }],
    ['with a question', at(9, [missing]), { question: '09-half' }],
    [
      'with PROD away',
      {
        ...at(9, [missing]),
        away: {
          prod: new Problem('PROD is not there.', { why: 'Nobody answers at 127.0.0.1:15432.', next: 'npm run db up' }),
        },
      },
      {},
    ],
    ['at the end', at(18, [{ ...missing, found: undefined! }]), { said: 'Noted.' }],
  ]
  test.each(screens)('no line is too long, and the keys stand last: %s', (_, seen, asked) => {
    const lines = plain(watchLines(seen, asked, columns))
    expect(lines.filter((line) => line.length > columns)).toEqual([])
    expect(lines.slice(-2).join(' ')).toMatch(/h hint {3}p predict {3}r read {3}l list .*q quit$/)
  })
})

test('the screen says where one is, what is missing first, how far it is, and what is open', () => {
  const text = plain(watchLines(at(9, [missing]), {}, 80)).join('\n')
  expect(text).toContain('Step 09-new-column-model')
  expect(text).toContain('9 of 19 steps')
  expect(text).toContain('my-work, 2 not committed')
  expect(text).toContain('✗ FILES  prisma/schema.prisma says what this step says')
  expect(text).toContain('predictions  1 of 3 made, p for the next one')
  expect(text).toContain('you think a; what happens is said when it can be seen')
})

test('a database that is away is said with what to type, and what was seen last stays', () => {
  const prod = new Problem('PROD is not there.', { why: 'Nobody answers.', next: 'npm run db up' })
  const text = plain(watchLines({ ...at(9, [missing]), away: { prod } }, {}, 80)).join('\n')
  expect(text).toContain('✗ PROD is not there.')
  expect(text).toContain('next  npm run db up')
  expect(text).toContain('Step 09-new-column-model')
})

test('nobody is finished before the last check passes, and the list opens again what no longer holds', () => {
  const { found: _, ...passed } = missing
  const done = plain(watchLines(at(18, [passed]), {}, 80)).join('\n')
  expect(done).toContain('19 of 19 steps')
  expect(done).toContain('The exercise is done')
  const open = plain(watchLines(at(18, [passed, missing]), {}, 80)).join('\n')
  expect(open).toContain('18 of 19 steps')
  expect(open).not.toContain('The exercise is done')
  expect(plain(listLines(at(18, [passed]), 80)).at(-2)).toMatch(/^✓ 18/)
  expect(plain(listLines(at(18, [missing]), 80)).at(-2)).toMatch(/^› 18/)
  expect(plain(listLines(at(9, [missing]), 80)).filter((line) => line.startsWith('✓'))).toHaveLength(9)
})

test('without git, too', () => {
  const { git: _, ...seen } = at(9, [missing])
  expect(plain(watchLines(seen, {}, 80))).toContain('no git')
})
