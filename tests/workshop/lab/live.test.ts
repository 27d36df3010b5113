import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Second } from '../../../workshop/lab/figures.ts'
import { followLive } from '../../../workshop/lab/live-file.ts'
import type { LiveLine } from '../../../workshop/lab/live-lab.ts'

let folder: string
let file: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workshop test '))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  file = join(folder, 'now.jsonl')
  rmSync(file, { force: true })
})

const at = '2026-01-05T08:00:00.000Z'
const begin = (time = at): LiveLine => ({
  kind: 'begin',
  at: time,
  experiment: 'column',
  scale: 0.1,
  rate: 200,
  connections: 16,
})
const way: LiveLine = { kind: 'way', way: 'naive', title: 'one file', steps: ['deploy', 'old and new versions run'] }
const second = (n: number): LiveLine => ({ kind: 'second', second: { ...quiet, at: n } })
const quiet: Second = {
  at: 1,
  step: 'before',
  operations: 200,
  p50: 1,
  p99: 4,
  worst: 9,
  waiting: 0,
  failed: { old: 0, new: 0 },
}
const text = (...lines: LiveLine[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

test('a lab is followed line by line: its ways, when each step began, its seconds, and its end', () => {
  const follow = followLive(file)
  expect(follow()).toEqual({ lab: undefined, isNews: false })
  writeFileSync(file, text(begin(), { kind: 'rows', done: 3, all: 4 }, way, second(1), { kind: 'step' }, second(2)))
  expect(follow()).toMatchObject({ isNews: true, lab: { rows: { done: 3, all: 4 }, ways: [{ begun: [1] }] } })
  expect(follow().isNews).toBe(false)
  appendFileSync(
    file,
    text({ kind: 'step' }, { ...second(3), share: 0.5 } as LiveLine, { kind: 'end', at, how: 'done' }),
  )
  const { lab } = follow()
  expect(lab!.ways).toMatchObject([{ way: 'naive', begun: [1, 2], share: 0.5 }])
  expect(lab!.ways[0]!.seconds.map((one) => one.at)).toEqual([1, 2, 3])
  expect(lab!.end).toEqual({ at, how: 'done' })
})

test('a line that is only half there waits until it is whole, and one that nobody can read is left out', () => {
  const follow = followLive(file)
  const line = JSON.stringify(second(1))
  writeFileSync(file, `${text(begin(), way)}${line.slice(0, 30)}`)
  expect(follow().lab!.ways[0]!.seconds).toEqual([])
  appendFileSync(file, line.slice(30))
  expect(follow()).toMatchObject({ isNews: false })
  appendFileSync(file, '\n{"kind":"second","second":{"at":"x"}}\n{"kind":"thing"}\nnull\nno JSON\n{"kind":"second"}\n')
  appendFileSync(file, text(second(2)))
  expect(follow().lab!.ways[0]!.seconds.map((one) => one.at)).toEqual([1, 2])
})

test('the next lab begins anew, also where it has said more already than the one before', () => {
  const follow = followLive(file)
  writeFileSync(file, text(begin(), way, second(1)))
  expect(follow().lab!.ways).toHaveLength(1)
  const later = '2026-01-05T09:00:00.000Z'
  writeFileSync(file, text(begin(later), way, second(1), second(2), second(3), { ...way, way: 'expand' }))
  expect(follow()).toMatchObject({ lab: { begin: { at: later }, ways: [{ way: 'naive' }, { way: 'expand' }] } })
  writeFileSync(file, text(begin()))
  expect(follow().lab).toMatchObject({ begin: { at }, ways: [] })
  rmSync(file)
  expect(follow()).toEqual({ lab: undefined, isNews: true })
})
