import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { readLabQuestions } from '../../../workshop/lab/asked-first.ts'
import type { KeptRun } from '../../../workshop/lab/kept-runs.ts'
import { labQuestions } from '../../../workshop/lab/lab-questions.ts'
import { followLive } from '../../../workshop/lab/live-file.ts'
import { closeTerminals, enter, openTerminal } from '../../support/terminal.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

// Each way deploys up to six times, and a computer may be busy.
jest.setTimeout(300_000)

let workshop: Workshop
beforeAll(() => {
  process.env['WORKSHOP_LAB_PACE'] = '0.4'
  workshop = scratchWorkshop({ ports: false, isBuilt: true })
})
afterAll(async () => {
  closeTerminals()
  delete process.env['WORKSHOP_LAB_PACE']
  await workshop?.door('lab', 'remove')
  await workshop?.remove()
})

const small = ['--scale', '0.005', '--rate', '60', '--connections', '8', '--yes']
const lab = (...words: string[]) => workshop.door('lab', ...words, ...small)

/** What the lab has kept of a way, the newest. */
function runOf(way: string): KeptRun {
  const folder = workshop.file('.workshop/lab/runs')
  const name = readdirSync(folder)
    .filter((one) => one.endsWith(`-${way}.json`))
    .toSorted()
    .at(-1)
  return JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as KeptRun
}

test('naive: somebody guesses at a terminal, the old version fails, and the guess is held against what was measured', async () => {
  const words = ['lab', 'naive', ...small.filter((word) => word !== '--yes')]
  const terminal = openTerminal([process.execPath, 'workshop/run.mjs', ...words], workshop.folder)
  await terminal.see('For how long will nobody be able to log in?')
  await terminal.see('Your guess, a, b, c (Enter: none)?')
  terminal.type(`x${enter}`)
  await terminal.see('There is no choice "x".')
  terminal.type(`c${enter}`)
  await terminal.see('✗ old version: null value in column "handle"')
  await terminal.see('You guessed c, and ')
  await terminal.see('ADD COLUMN takes the strongest lock')
  await terminal.see('next  npm run lab expand')
  expect(await terminal.left).toBe(0)
  const { run, predicted } = runOf('naive')
  const right = labQuestions.naive.outcome(run)
  expect([predicted, run.failed.old.count > 0, run.failed.new.count]).toEqual(['c: For a second or longer.', true, 0])
  expect(readFileSync(workshop.file('progress.txt'), 'utf8')).toMatch(
    new RegExp(`  predict  lab-naive  c\n.*  outcome  lab-naive  ${right}\n`),
  )
  // Whoever followed it has seen the same.
  const { lab: followed } = followLive(workshop.file('.workshop/lab/now.jsonl'))()
  expect(followed).toMatchObject({ begin: { experiment: 'column', predicted }, end: { how: 'done' } })
  expect(followed!.ways).toEqual([
    expect.objectContaining({ way: 'naive', seconds: run.seconds, steps: run.steps.map(({ step }) => step) }),
  ])
  expect(followed!.ways[0]!.begun).toHaveLength(run.steps.length)
  expect(run.locks[0]).toMatchObject({ table: 'recruits', mode: 'AccessExclusiveLock' })
  expect(run.followed.lost).toBe(0)
})

test('docs/lab.md asks a question for each word, with three choices, and each outcome is one of them', () => {
  const asked = readLabQuestions()
  const waits = (longest: number) => ({ longest, logged: { longest: 0 } })
  const second = (old: number) => ({ failed: { old, new: 0 } })
  const runs = [
    { standstill: 0, waits: waits(9), failed: { old: { count: 0 } }, seconds: [second(0)] },
    { standstill: 0.7, waits: waits(700), failed: { old: { count: 0 } }, seconds: [second(3)] },
    { standstill: 9, waits: waits(9_000), failed: { old: { count: 7 } }, seconds: [second(3), second(4)] },
  ] as unknown as KeptRun['run'][]
  for (const [word, { outcome, because }] of Object.entries(labQuestions)) {
    const { words, choices } = asked[word as keyof typeof asked]
    expect([word, words.endsWith('?'), choices.map(({ letter }) => letter).join('')]).toEqual([word, true, 'abc'])
    expect([word, runs.map(outcome).toSorted()]).toEqual([word, ['a', 'b', 'c']])
    expect(because).toMatch(/\.$/)
  }
})

test('expand with duplicates: the unique index is refused, nobody notices, and after mending it goes on', async () => {
  const { code, output } = await lab('expand', '--trouble', 'duplicates')
  expect([code, output]).toEqual([0, expect.stringContaining('✗ deploy handle_is_unique was refused')])
  expect(output).toMatch(/could not create unique index/)
  const { run } = runOf('expand-duplicates')
  expect([run.failed.old.count, run.failed.new.count, run.followed.lost]).toEqual([0, 0, 0])
})

test('rename: the old version fails after a plain RENAME; with both columns for a while nobody fails and no value is lost; compare shows the two, and names a file that cannot be read', async () => {
  expect((await lab('rename')).code).toBe(0)
  const [plain, twice] = [runOf('rename-plain').run, runOf('rename-twice').run]
  expect(plain.failed.old.count).toBeGreaterThan(0)
  expect(plain.failed.old.said.join()).toContain('chat_name')
  expect([twice.failed.old.count, twice.failed.new.count]).toEqual([0, 0])
  expect([plain.followed.lost, twice.followed.lost]).toEqual([0, 0])
  expect(twice.followed.values).toBeGreaterThanOrEqual(500)

  writeFileSync(workshop.file('.workshop/lab/runs/2026-01-01T000000-naive.json'), '{ "version": 1, ')
  const { code, output } = await workshop.door('lab', 'compare')
  expect(code).toBe(0)
  expect(output).toContain('! 2026-01-01T000000-naive.json')
  expect(output).toMatch(/RENAME COLUMN +two columns for a while/)
})

test('queue: behind a change that waits for a report everybody waits; with lock_timeout for no longer than that', async () => {
  const { output } = await lab('queue')
  expect(output).toContain('next  npm run lab index')
  const [endless, timeout] = [runOf('queue-endless').run, runOf('queue-timeout').run]
  expect(endless.waits.longest).toBeGreaterThan(400)
  expect(timeout.waits.longest).toBeLessThan(400)
  expect([timeout.failed.old.count, timeout.failed.new.count]).toEqual([0, 0])
})

test('open: statements from a pipe are answered on a fresh portal, which is gone afterwards', async () => {
  const words = ['lab', 'open', '--scale', '0.005']
  const input = 'DELETE FROM offers;\nSELECT count(*) AS recruits FROM recruits;\n'
  const once = () => workshop.exec([process.execPath, 'workshop/run.mjs', ...words], { input })
  const [first, second] = [await once(), await once()]
  expect([first.code, first.output]).toEqual([0, expect.stringMatching(/DELETE 500\n recruits \n-+\n +5000\n/)])
  // How much is free is another program's matter.
  const said = ({ output }: { output: string }) => output.replace(/\d+ [GM]B and \d+ [GM]B are free/, '')
  expect(said(second)).toBe(said(first))
})
