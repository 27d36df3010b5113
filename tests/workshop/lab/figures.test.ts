import { expect, test } from '@jest/globals'
import { kindOf, mix, statement, type Kind } from '../../../workshop/lab/applications.ts'
import { experiments, ways } from '../../../workshop/lab/experiments.ts'
import { FiguresOf } from '../../../workshop/lab/figures.ts'
import { Latencies, Standstill } from '../../../workshop/lab/latencies.ts'
import {
  comparison,
  duration,
  overTime,
  secondLine,
  secondsHead,
  troubleLines,
} from '../../../workshop/lab/lab-lines.ts'
import { waitsIn } from '../../../workshop/lab/lock-log.ts'
import type { KeptRun } from '../../../workshop/lab/kept-runs.ts'

test('a thousand answers in 1 to 1000 ms: half within 500, 99 of 100 within 990, the slowest 1000', () => {
  const latencies = new Latencies()
  for (let ms = 1; ms <= 1000; ms++) latencies.add(ms)
  const { operations, p50, p99, worst } = latencies.read()
  expect(operations).toBe(1000)
  for (const [is, should] of [
    [p50, 500],
    [p99, 990],
    [worst, 1000],
  ] as const)
    expect(Math.abs(is - should)).toBeLessThan(2)
})

test('time in which two wait counts once, and who waits for a moment only does not count', () => {
  const standstill = new Standstill()
  standstill.add(1_000, 3_000)
  standstill.add(2_000, 4_000)
  standstill.add(6_000, 6_100)
  standstill.add(10_000, 10_500)
  standstill.add(3_900, 4_200)
  expect(standstill.seconds()).toBeCloseTo(3.7)
})

test('an operation counts from the moment for which it was planned, and one that still waits counts with the time so far', () => {
  const figures = new FiguresOf(0)
  figures.add({ version: 'old', planned: 10, answered: 12 })
  figures.beginChange(100)
  figures.add({ version: 'old', planned: 200, answered: 900 })
  figures.add({ version: 'new', planned: 300, answered: 305, failure: 'column "handle" does not exist' })
  const second = figures.endSecond(1_000, 'deploy', { count: 3, oldest: 400 })
  expect(second).toMatchObject({ at: 1, operations: 3, failed: { old: 0, new: 1 }, waiting: 3 })
  expect(second.worst).toBeGreaterThanOrEqual(700)
  expect(figures.endSecond(5_000, 'deploy', { count: 3, oldest: 400 })).toMatchObject({ operations: 0, worst: 4_600 })
  const { before, during, standstill, failed } = figures.read()
  expect([before.operations, during.operations, standstill]).toEqual([1, 2, 0.7])
  expect(failed.new).toEqual({ count: 1, said: ['column "handle" does not exist'] })
})

test('of a hundred operations each kind has its share', () => {
  const counted = Object.fromEntries(Object.keys(mix).map((kind) => [kind, 0])) as Record<Kind, number>
  for (let n = 0; n < 100; n++) counted[kindOf(n)]++
  expect(counted).toEqual(mix)
})

test('names in a statement become numbers, each once, and a cast stays', () => {
  const given = { id: 7, text: 'a', number: 3 }
  expect(statement('UPDATE t SET a = :text, b = :text || 1, c = :number::int WHERE id = :id', given)).toEqual({
    text: 'UPDATE t SET a = $1, b = $1 || 1, c = $2::int WHERE id = $3',
    values: ['a', 3, 7],
  })
})

test('the server’s log tells how long somebody waited for a lock, and how many did', () => {
  const log = [
    'LOG:  process 12 still waiting for AccessShareLock on relation 16400 of database 16390 after 50.120 ms',
    'DETAIL:  Process holding the lock: 9. Wait queue: 12, 13.',
    'LOG:  process 13 still waiting for RowExclusiveLock on relation 16400 of database 16390 after 50.003 ms',
    'LOG:  process 12 acquired AccessShareLock on relation 16400 of database 16390 after 4012.345 ms',
    'LOG:  checkpoint complete: wrote 10 buffers',
  ]
  expect(waitsIn(log.join('\n'))).toEqual({ count: 2, longest: 4012.345 })
  expect(waitsIn('')).toEqual({ count: 0, longest: 0 })
})

test('what failed, what was refused, and traffic that was late or had no connection is said, and not hidden in the figures', () => {
  const run = {
    failed: { old: { count: 3, said: ['column "chat_name" does not exist'] }, new: { count: 0, said: [] } },
    steps: [{ step: 'deploy x', seconds: 1, isChange: true, refused: 'Applying …\nError: P3018\n\nno' }],
    seconds: [{ waiting: 5 }, { waiting: 3_401 }],
    late: 900,
  } as unknown as KeptRun['run']
  expect(troubleLines({ run, connections: 16 })).toEqual([
    '✗ deploy x was refused:',
    '    Error: P3018',
    '    no',
    '✗ old version: column "chat_name" does not exist',
    '! Up to 3,401 operations waited at once, for 16 connections: those on other tables waited too.',
    '! The traffic itself began up to 900 ms late: this computer was busy, and the figures hold that too.',
  ])
  const calm = {
    ...run,
    failed: { old: { count: 0, said: [] }, new: { count: 0, said: [] } },
    steps: [],
    seconds: [],
    late: 3,
  }
  expect(troubleLines({ run: calm, connections: 16 })).toEqual([])
})

test.each([60, 80, 120])('at %i columns no line is longer', (columns) => {
  const latency = { operations: 1, p50: 12_345, p99: 23_456, worst: 65_432 }
  const second = { ...latency, at: 119, step: 'deploy', failed: { old: 200, new: 12 }, waiting: 12_345 }
  const all = Object.keys(experiments).flatMap((name) => {
    const runs = experiments[name as keyof typeof experiments].ways.map((way) => {
      const run = {
        way,
        title: ways[way].title,
        change: 123.4,
        steps: [],
        standstill: 120.1,
        before: latency,
        during: latency,
        failed: { old: { count: 12_345, said: [] }, new: { count: 0, said: [] } },
        late: 0,
        isWhole: true,
        locks: [{ table: 'recruits', mode: 'ShareRowExclusiveLock', held: 65_432 }],
        waits: { longest: 65_432, sessions: 3, logged: { count: 12_345, longest: 70_000 } },
        followed: { values: 1_012_345, lost: 0 },
        seconds: Array.from({ length: 130 }, () => second),
      }
      return { run } as unknown as KeptRun
    })
    return [...comparison(runs, columns), ...runs.map(({ run }) => overTime(run, columns - 22))]
  })
  const seconds = [secondsHead, secondLine({ ...second, lock: 'ShareRowExclusiveLock recruits' }, columns)]
  for (const line of [...all, ...seconds]) expect([line, line.length <= columns]).toEqual([line, true])
})

test.each([
  [0.4, '0.4 ms'],
  [12.3, '12 ms'],
  [999, '999 ms'],
  [1_449, '1.4 s'],
])('%d milliseconds are said as %s', (milliseconds, said) => expect(duration(milliseconds)).toBe(said))
