import { describe, expect, test } from '@jest/globals'
import { chartsOf, mostPoints } from '../../../workshop/board/lab-chart.ts'
import { labNews, labView, type LabFacts, type LabView } from '../../../workshop/board/lab-view.ts'
import type { Second } from '../../../workshop/lab/figures.ts'
import type { KeptRun } from '../../../workshop/lab/kept-runs.ts'
import type { LiveLab } from '../../../workshop/lab/live-lab.ts'

const second = (at: number, more: Partial<Second> = {}): Second => ({
  at,
  step: 'deploy require_handle',
  operations: 200,
  p50: 2,
  p99: 10,
  worst: 100,
  waiting: 1,
  failed: { old: 0, new: 0 },
  ...more,
})

const at = '2026-01-05T08:00:00.000Z'
const now = new Date('2026-01-05T08:05:00.000Z')
const like = { scale: 0.1, rate: 200, connections: 16 }

const live = (more: Partial<LiveLab> = {}): LiveLab => ({
  begin: { at, experiment: 'column', ...like },
  ways: [
    {
      way: 'expand',
      title: 'expand and contract',
      steps: ['deploy add_handle', 'backfill handle', 'deploy handle_is_unique'],
      begun: [1, 2],
      seconds: [second(1), second(2), second(3, { failed: { old: 2, new: 0 }, lock: 'ShareLock recruits' })],
      share: 0.634,
    },
  ],
  ...more,
})

const kept = (way: string, title: string, more: Partial<KeptRun> = {}) =>
  ({
    version: 1,
    at,
    experiment: 'column',
    ...like,
    machine: '',
    server: '',
    run: {
      way,
      title,
      change: 12,
      standstill: 3.2,
      before: second(1),
      during: second(9, { worst: 3_300 }),
      failed: { old: { count: 4, said: [] }, new: { count: 0, said: [] } },
      locks: [],
      waits: { longest: 1, sessions: 1, logged: { count: 0, longest: 0 } },
      followed: { lost: 0, values: 500 },
      steps: [{ step: 'deploy require_handle', seconds: 3, isChange: true }],
      seconds: [second(1, { step: 'before' }), second(2), second(3, { worst: 3_300 })],
      late: 0,
      isWhole: true,
    },
    ...more,
  }) as unknown as KeptRun

const view = (facts: Partial<LabFacts>) => labView({ live: undefined, isRunning: false, runs: [], now, ...facts })

test('where no lab has ever run, there is nothing to show', () => {
  expect(view({})).toBeUndefined()
})

test('a lab that runs: which step it is at, how far the backfill is, what fails and what is locked', () => {
  const found = view({ live: live(), isRunning: true })!
  expect(found).toMatchObject({ state: 'running', isNews: true, status: 'It runs.', way: 'expand and contract' })
  expect(found.steps).toEqual([
    { words: 'deploy add_handle', state: 'done' },
    { words: 'backfill handle', state: 'now', share: 0.634 },
    { words: 'deploy handle_is_unique', state: 'later' },
  ])
  const figures = Object.fromEntries(found.figures.map(({ name, value }) => [name, value]))
  expect(figures).toMatchObject({
    second: '3',
    half: '2.0 ms',
    'failed, old version': '2',
    lock: 'Share on recruits',
  })
  expect(found.axis.marks.map(({ label }) => label)).toEqual(['1', '2'])
  expect(found.next).toBeUndefined()
})

test('a step that was cut off is not said to be done', () => {
  const states = (facts: Partial<LabFacts>) => view(facts)!.steps.map(({ state }) => state)
  expect(states({ live: live() })).toEqual(['done', 'cut', 'later'])
  expect(states({ live: live({ end: { at, how: 'done' } }) })).toEqual(['done', 'done', 'later'])
})

test('the rows of the portal are told while they are made', () => {
  const found = view({ live: live({ ways: [], rows: { done: 45, all: 100 } }), isRunning: true })
  expect(found).toMatchObject({
    status: 'It fills the portal: 45 % of the rows.',
    filled: 0.45,
    charts: expect.any(Array),
  })
})

test.each<[state: LabView['state'], facts: Partial<LabFacts>, status: string, next: string]>([
  ['lost', { live: live() }, 'ended without a result', 'npm run lab expand'],
  ['stopped', { live: live({ end: { at, how: 'stopped' } }) }, 'was stopped', 'npm run lab expand'],
  [
    'failed',
    { live: live({ end: { at, how: 'failed', words: 'Too little room.' } }) },
    'Too little',
    'npm run lab expand',
  ],
  [
    'done',
    { live: live({ end: { at, how: 'done' } }), runs: [kept('expand', 'expand and contract')] },
    'It has ended.',
    'npm run lab naive',
  ],
  ['kept', { runs: [kept('naive', 'one file')] }, 'The newest run that is kept.', 'npm run lab expand'],
])('%s: said in words, with what to type', (state, facts, status, next) => {
  expect(view(facts)).toMatchObject({ state, status: expect.stringContaining(status), next })
})

test('ten minutes after its end a lab stands below all else', () => {
  const live10 = live({ end: { at, how: 'done' } })
  expect(view({ live: live10 })!.isNews).toBe(true)
  expect(view({ live: live10, now: new Date('2026-01-05T08:11:00.000Z') })!.isNews).toBe(false)
})

test('beside a way that runs stands the other one, as it was under the same conditions', () => {
  const runs = [
    kept('naive', 'one file'),
    kept('naive', 'one file', { scale: 1 }),
    kept('expand', 'expand and contract'),
    kept('rename-plain', 'RENAME COLUMN', { experiment: 'rename' }),
  ]
  const { compared, kept: rows } = view({ live: live(), isRunning: true, runs })!
  expect(compared!.heads).toEqual([{ title: 'one file', look: 'old' }])
  expect(compared!.rows).toContainEqual({ what: 'standstill', cells: ['3.2 s'] })
  expect(compared!.chart.words).toBe('one file: at most 3.3 s. Up to 10 s.')
  expect(rows.map(({ way }) => way)).toEqual(['RENAME COLUMN', 'expand and contract', 'one file', 'one file'])
  expect(view({ live: live({ end: { at, how: 'done' } }), runs })!.compared!.heads).toHaveLength(2)
})

test('a guess stands there from the beginning, and what it was once that way has been run', () => {
  const predicted = 'b: For less than a second.'
  const ended = live({ begin: { at, experiment: 'column', ...like, predicted }, end: { at, how: 'done' } })
  ended.ways[0]!.way = 'naive'
  expect(view({ live: ended })!.guess).toEqual({ words: predicted })
  const older = kept('naive', 'one file', { predicted, at: '2026-01-05T07:00:00.000Z' })
  expect(view({ live: ended, runs: [older] })!.guess).toEqual({ words: predicted })
  const was = { words: predicted, was: 'c: For 3.2 s somebody waited' }
  expect(view({ live: ended, runs: [kept('naive', 'one file', { predicted })] })!.guess).toEqual(was)
  expect(view({ runs: [kept('naive', 'one file', { predicted })] })!.guess).toEqual(was)
})

test('a run of an experiment that there is no more is shown by its name', () => {
  const runs = [kept('lost-way', 'a way', { experiment: 'toString' })]
  expect(view({ runs })).toMatchObject({ title: 'toString', way: 'a way' })
})

test('a beginning and an end are news, and nothing between them', () => {
  const running = view({ live: live(), isRunning: true })
  const ended = view({ live: live({ end: { at, how: 'done' } }) })
  expect(labNews(undefined, running)).toEqual([expect.stringMatching(/^The lab runs: a required, unique column/)])
  expect(labNews(running, running)).toEqual([])
  expect(labNews(running, ended)).toEqual(['The lab: It has ended.'])
  expect(labNews(undefined, ended)).toEqual([])
})

describe('the charts', () => {
  test('a run of twenty minutes is drawn by at most 240 points, and its slowest answer is among them', () => {
    const long = Array.from({ length: 1_200 }, (_, i) => second(i + 1, i === 777 ? { worst: 10_000 } : {}))
    const { charts, axis } = chartsOf(long, [])
    const [latency] = charts
    const points = latency!.curves[0]!.d.match(/[ML]/g)!
    expect(points.length).toBeLessThanOrEqual(mostPoints)
    expect(latency!.title).toBe('time to an answer, the worst of each 5 s')
    expect(latency!.curves[0]!.d).toMatch(/ 0(?=L)/)
    expect(axis.ticks.map(({ label }) => label)).toEqual(['5 min', '10 min', '15 min'])
    expect(JSON.stringify(charts).length).toBeLessThan(40_000)
  })

  test('a line is broken where nobody gets an answer; the time that the slowest waits goes on', () => {
    const still = second(2, { operations: 0, p50: 0, p99: 0, worst: 1_000 })
    const [latency] = chartsOf([second(1), still, second(3)], []).charts
    expect(latency!.curves.map(({ look, d }) => [look, d])).toEqual([
      ['worst', 'M50 33.3h0L100 0L150 33.3'],
      ['most', 'M50 66.7h0M150 66.7h0'],
      ['half', 'M50 90h0M150 90h0'],
    ])
    expect(latency!.rules).toContainEqual({ y: 20.1, label: '250 ms', isLimit: true })
  })

  test('what failed stands by version, and a lock by the share of the time in which it was held', () => {
    const seconds = [second(1, { failed: { old: 4, new: 1 } }), second(2, { locks: { held: 500, waited: 7 } })]
    const found = chartsOf(seconds, []).charts
    const [, failed, , held, waited] = found
    expect(failed).toMatchObject({ title: 'failed a second', words: 'at most 4' })
    expect(failed!.curves.map(({ look, d }) => [look, d])).toEqual([
      ['old', 'M0 100V0H50V100Z'],
      ['new', 'M0 100V75H50V100Z'],
    ])
    expect([held!.words, waited!.words]).toEqual(['at most 50 % of the time', 'at most 7'])
    expect(chartsOf([second(1)], []).charts[1]!.words).toBe('none')
  })
})
