import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { isKept, promises, shareOf, type Promised } from '../../bench/shared/promises.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { scratchWorkshop } from '../support/workshop.ts'

test('each promise is measured by the script that it names, and each figure that a script keeps is promised', () => {
  const scripts = new Set(Object.values(promises).map(({ script }) => script))
  for (const script of scripts) {
    const text = readFileSync(join(projectRoot, 'bench', `${script}.ts`), 'utf8')
    const kept = [...text.matchAll(/'([a-z]+(?:\.[a-z0-9-]+)+)':/g)].map((match) => match[1])
    const promised = Object.entries(promises).flatMap(([name, one]) => (one.script === script ? [name] : []))
    expect([script, kept.toSorted()]).toEqual([script, promised.toSorted()])
  }
})

test('a figure at its border is kept, one beyond it is not, and its share says by how much', () => {
  const most: Promised = { script: 'lab', what: '', unit: 'times', most: 2.5 }
  const least: Promised = { script: 'goto', what: '', unit: 'times', least: 4 }
  const none: Promised = { script: 'lab', what: '', unit: 'values', most: 0 }
  expect([isKept(most, 2.5), isKept(most, 2.51), isKept(least, 4), isKept(least, 3.9)]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([shareOf(most, 5), shareOf(least, 2), shareOf(none, 0)]).toEqual([2, 2, 0])
  expect([isKept(none, 0), isKept(none, 1), shareOf(none, 1) > 1]).toEqual([true, false, true])
})

test('the check ends with 1 where a ratio falls behind, and not for seconds of this computer', async () => {
  const workshop = scratchWorkshop({ ports: false, isBuilt: true })
  const keep = (figures: object) =>
    workshop.write(
      'bench/results.json',
      JSON.stringify({ lab: { script: 'lab', on: '2026-01-01', machine: 'a computer', how: '', figures } }),
    )
  try {
    keep({ 'lab.expand.change': 2.6, 'lab.rename.lost': 0 })
    const behind = await workshop.run('bench', '--check')
    expect([behind.code, behind.output]).toEqual([1, expect.stringContaining('1 behind')])
    expect(behind.output).toMatch(/✗ expand and contract beside the one file +2\.6 times +\(at most 2\.5 times\)/)
    keep({ 'lab.expand.change': 2.4, 'lab.fill': 500 })
    const kept = await workshop.run('bench', '--check')
    expect([kept.code, kept.output]).toEqual([0, expect.stringContaining('0 behind')])
    expect(kept.output).toMatch(/! a million recruits/)
  } finally {
    await workshop.remove()
  }
})
