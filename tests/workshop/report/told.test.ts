import { expect, test } from '@jest/globals'
import { parseProgress } from '../../../workshop/coach/progress-line.ts'
import { drawDrift, driftWords } from '../../../workshop/report/drift-picture.ts'
import { hardCodedIn, withoutPassword } from '../../../workshop/report/hard-coded.ts'
import { pageAsMarkdown } from '../../../workshop/report/page-markdown.ts'
import { tell } from '../../../workshop/report/told.ts'

const toldOf = (text: string) => {
  const { events, unread } = parseProgress(text)
  return tell(events, unread.length)
}

test('the hardest places are those with the most time and failures, a break not counted', () => {
  const { hardest } = toldOf(`
2026-11-26 05:00:00Z  05  check    missing  FILES: tried on rows
2026-11-26 05:01:00Z  05  check    missing  FILES: tried on rows
2026-11-26 05:02:00Z  05  check    missing  DEV: 5 recruits or more
2026-11-26 05:20:00Z  09  check    missing  DEV: the tables are those of this step
2026-11-26 09:00:00Z  09  check    done
2026-11-26 09:03:00Z  10  deploy   refused  PROD: H2
2026-11-26 09:04:00Z  12  check    done
2026-11-26 09:04:10Z  13  check    done`)
  expect(hardest).toEqual([
    { step: '05', minutes: 20, failures: 3, missing: 'FILES: tried on rows' },
    { step: '09', minutes: 3, failures: 1, missing: 'DEV: the tables are those of this step' },
    { step: '10', minutes: 1, failures: 1, missing: 'PROD: H2' },
  ])
})

test('drift is told from when a database left its migrations until it came back, in the order of the lines', () => {
  const told = toldOf(`
2026-11-26 05:00:00Z  08  drift    left  DEV: column chort is extra
2026-11-26 05:05:00Z  08  drift    left  DEV: another one
2026-11-26 04:59:00Z  09  drift    back
2026-11-26 05:30:00Z  11  drift    left  DEV: renamed`)
  expect(told.drifts.map(({ left, back }) => [left, back])).toEqual([
    ['2026-11-26 05:00:00Z', '2026-11-26 04:59:00Z'],
    ['2026-11-26 05:30:00Z', undefined],
  ])
  expect(told.clockWentBack).toBe(true)
  expect(driftWords(told.drifts)).toContain(
    'DEV left its migrations at 2026-11-26 05:30 UTC (renamed) and never came back.',
  )
})

test('the picture of the drift is an SVG that says the same in words, also where a clock went back', async () => {
  for (const back of ['05:20', '04:00']) {
    const told = toldOf(`
2026-11-26 05:00:00Z  08  drift    left  DEV: "<b>" is extra
2026-11-26 ${back}:00Z  09  drift    back
2026-11-26 05:25:00Z  10  deploy   applied  PROD: a`)
    const svg = await drawDrift(told)
    expect(svg).toMatch(/^<svg [^>]*role="img"/)
    expect(svg).toMatch(/<rect [^>]*width="[1-9]/)
    expect(svg).not.toMatch(/<b>|NaN|undefined/)
    expect(await drawDrift(told)).toBe(svg)
  }
  expect(await drawDrift(toldOf(''))).toBeUndefined()
})

test('the last guess of a question counts, beside what happened; hints are counted by step', () => {
  const { predictions, hints } = toldOf(`
2026-11-26 05:00:00Z  08  predict  shell  a
2026-11-26 05:01:00Z  08  predict  shell  b
2026-11-26 05:02:00Z  08  outcome  shell  b
2026-11-26 05:03:00Z  08  predict  migrate  c
2026-11-26 05:04:00Z  09  hint     1  x
2026-11-26 05:05:00Z  09  hint     3  x`)
  expect(predictions).toEqual([
    { step: '08', question: 'shell', guess: 'b', outcome: 'b' },
    { step: '08', question: 'migrate', guess: 'c', outcome: undefined },
  ])
  expect(hints).toEqual([{ step: '09', count: 2, deepest: '3' }])
})

test.each([
  ['url = "postgresql://a:b@h/d"', 'postgresql://a:****@h/d'],
  ["connect('postgres://u:p@127.0.0.1:5432/x')", 'postgres://u:****@127.0.0.1:5432/x'],
  ["new Client({ password: 'p' })", "password: '****'"],
  ['host: `localhost`,', 'host: `localhost`'],
  ["url: env('DATABASE_URL')", undefined],
  ['password: process.env.PASSWORD', undefined],
  ["password: ''", undefined],
])('%s names a database itself, or does not', (line, found) => {
  expect(hardCodedIn(new Map([['x.ts', `one\n${line}`]]))).toEqual(
    found === undefined ? [] : [{ file: 'x.ts', line: 2, words: withoutPassword(found) }],
  )
})

test('nothing that is quoted in Markdown is taken for HTML or Markdown', () => {
  const text = pageAsMarkdown({
    title: '# <script>',
    lead: ['- [a](javascript:b)'],
    blocks: [
      { kind: 'table', caption: 'A | b', heads: ['*h*'], rows: [['a|b\nc `d`']] },
      { kind: 'code', lang: 'sql', text: 'SELECT 1; -- ```\n```\nx' },
    ],
  })
  expect(text).not.toMatch(/<script>|(^|\n)- \[|(?<!\\)\]\(/)
  expect(text).toContain('| a\\|b c \\`d\\` |')
  expect(text).toContain('````sql\n')
})
