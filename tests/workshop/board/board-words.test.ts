import { expect, test } from '@jest/globals'
import { whatChanged } from '../../../workshop/board/news.ts'
import { sectionBlocks } from '../../../workshop/board/section-view.ts'
import { timeLine } from '../../../workshop/board/timeline.ts'
import { viewOf, type BoardFacts } from '../../../workshop/board/view.ts'
import type { DriftReport, HistoryNote, LayerName, Link } from '../../../kit/drift/drift-report.ts'

const names: LayerName[] = ['schema', 'migrations', 'dev', 'prod', 'client']
const link = (from: LayerName, to: LayerName, history: HistoryNote[] = []): Link => ({
  from,
  to,
  differences: [],
  renames: [],
  history,
  obstacles: [],
  sql: [],
  next: [],
  isInSync: history.length === 0,
})
const note = (kind: HistoryNote['kind'], migration: string): HistoryNote => ({
  kind,
  migration,
  words: `migration ${migration} is ${kind}`,
})
const report = (...links: Link[]): DriftReport => ({
  layers: names.map((name) => ({ name, catalog: { tables: [], objects: [] } })),
  links,
  state: links.every(({ isInSync }) => isInSync) ? 'same' : 'differs',
})
const facts = (read: DriftReport, more: Partial<BoardFacts> = {}): BoardFacts => ({
  report: read,
  folder: [],
  ledger: undefined,
  hasLostGuard: false,
  cohorts: { dev: [], prod: [] },
  places: { schema: 'a', migrations: 'b', dev: 'c', prod: 'd', client: 'e' },
  ...more,
})

const first = '20250106090000_create_recruits'
const second = '20250113090000_add_cohort'

test('the time line has every migration that a folder or a database knows, with what became of it in each', () => {
  const links = [
    link('migrations', 'dev', [note('rolled back', second), note('pending', second)]),
    link('migrations', 'prod', [note('unknown', '20250107000000_elsewhere'), note('failed', second)]),
  ]
  expect(timeLine(report(...links), [first, second])).toEqual([
    { name: first, title: 'create recruits', at: '2025-01-06 09:00', dev: 'applied', prod: 'applied' },
    {
      name: '20250107000000_elsewhere',
      title: 'elsewhere',
      at: '2025-01-07 00:00',
      dev: 'not there',
      prod: 'unknown',
    },
    { name: second, title: 'add cohort', at: '2025-01-13 09:00', dev: 'rolled back', prod: 'failed' },
  ])
})

test('of a folder or a database that cannot be read nothing is claimed', () => {
  const read = report(link('migrations', 'dev', [note('unknown', first)]), link('migrations', 'prod'))
  expect(timeLine(read, undefined).map(({ dev, prod }) => [dev, prod])).toEqual([['not known', 'not known']])
})

test('what is new is told in sentences: what was applied, who came, what is over', () => {
  const before = viewOf(
    facts(report(link('migrations', 'dev', [note('pending', first)])), {
      folder: [first],
      cohorts: { dev: [{ cohort: 'C26', recruits: 5 }], prod: undefined },
    }),
  )
  const after = viewOf(
    facts(report(link('migrations', 'dev')), {
      folder: [first],
      cohorts: { dev: [{ cohort: 'C26', recruits: 8 }], prod: undefined },
    }),
  )
  expect(before.headline).toEqual(['DEV waits for 1 migration.'])
  expect(after.headline).toEqual(['All five layers say the same.'])
  expect(whatChanged(before, after)).toEqual([
    'DEV: create recruits is applied.',
    'migrations → DEV is in sync again.',
    'DEV: 8 recruits, 3 more than before.',
  ])
  expect(whatChanged(after, after)).toEqual([])
})

test('a guard that PROD has lost is a headline, and says what to type', () => {
  const view = viewOf(facts(report(link('migrations', 'prod')), { hasLostGuard: true }))
  expect(view.state).toBe('differs')
  expect(view.headline).toEqual(['PROD has lost its guard, or a part of it.'])
  expect(view.layers.find(({ name }) => name === 'prod')!.problem!.next).toBe('npm run db up')
})

test('a section becomes data: of HTML the fold alone is known, anything else stays text', () => {
  const text =
    '## 01 · A title\n\n**Bold** `<b>`\n\n<img src=x onerror=alert(1)>\n\na <script>b</script>\n\n<details><summary>What you see</summary>\n\n```output\n1\n```\n\n</details>\n'
  expect(sectionBlocks(text)).toEqual([
    {
      kind: 'paragraph',
      spans: [
        { kind: 'strong', text: 'Bold' },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: '<b>' },
      ],
    },
    { kind: 'paragraph', spans: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] },
    {
      kind: 'paragraph',
      spans: ['a ', '<script>', 'b', '</script>'].map((piece) => ({ kind: 'text', text: piece })),
    },
    {
      kind: 'fold',
      summary: 'What you see',
      blocks: [{ kind: 'code', language: 'output', isProd: false, lines: ['1'] }],
    },
  ])
})
