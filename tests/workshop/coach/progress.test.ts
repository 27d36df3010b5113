import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beginProgress, note, readProgress } from '../../../workshop/coach/progress.ts'
import { firstLine, lineOf, parseProgress } from '../../../workshop/coach/progress-line.ts'
import { scratchFolder } from '../../support/server.ts'

let folder: string
beforeEach(() => {
  folder = scratchFolder()
  mkdirSync(join(folder, '.workshop'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (name = 'progress.txt') => join(folder, name)
const lines = (name?: string) => readFileSync(file(name), 'utf8').trimEnd().split('\n')
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 26, 5, 10, seconds))
const missing = (words: string, seconds: number, step = '05') =>
  note(folder, { kind: 'check', what: 'missing', words, step }, at(seconds))

test('an event is a line that a person can read, and the first line says that nothing is believed', () => {
  missing('DEV: the tables are those of this step', 33)
  note(folder, { kind: 'hint', what: '1', words: 'DEV: the tables are those of this step' }, at(40))
  note(folder, { kind: 'check', what: 'done' }, at(50))
  expect(lines()).toEqual([
    firstLine,
    '2026-11-26 05:10:33Z  05  check    missing  DEV: the tables are those of this step',
    '2026-11-26 05:10:40Z  05  hint     1  DEV: the tables are those of this step',
    '2026-11-26 05:10:50Z  05  check    done',
  ])
  expect(readProgress(folder).events.map(({ step, kind, what }) => [step, kind, what])).toEqual([
    ['05', 'check', 'missing'],
    ['05', 'hint', '1'],
    ['05', 'check', 'done'],
  ])
})

test('what is no news is not noted: the same thing missing again, a drift that is back and never left', () => {
  missing('FILES: a', 1)
  missing('FILES: a', 2)
  note(folder, { kind: 'drift', what: 'back' }, at(3))
  note(folder, { kind: 'predict', what: '08-query', words: 'a' }, at(4))
  note(folder, { kind: 'predict', what: '08-status', words: 'a' }, at(5))
  note(folder, { kind: 'predict', what: '08-query', words: 'a' }, at(6))
  missing('FILES: b', 7)
  missing('FILES: a', 8)
  expect(
    lines()
      .slice(1)
      .map((line) => line.slice(17, 19)),
  ).toEqual(['01', '04', '05', '07', '08'])
})

test('a deploy that is refused again in the same way is noted again where a guess waits for it', () => {
  const refused = (seconds: number) => note(folder, { kind: 'deploy', what: 'refused', words: 'DEV: 130' }, at(seconds))
  refused(1)
  refused(2)
  note(folder, { kind: 'predict', what: '09-dev', words: 'a', step: '09' }, at(3))
  refused(4)
  refused(5)
  expect(
    lines()
      .slice(1)
      .map((line) => line.slice(17, 19)),
  ).toEqual(['01', '03', '04'])
})

test('the order of the lines counts, also where the clock went back', () => {
  missing('FILES: a', 50)
  missing('FILES: b', 10)
  missing('FILES: a', 11)
  expect(readProgress(folder).events.map(({ words }) => words)).toEqual(['FILES: a', 'FILES: b', 'FILES: a'])
})

test('what would end a line, or colour a terminal, is a space', () => {
  missing('FILES: one\ntwo\u001B[31mthree\u2028four', 1)
  expect(readProgress(folder)).toMatchObject({ events: [{ words: 'FILES: one two [31mthree four' }], unread: [] })
})

describe('a damaged file', () => {
  const damages: [string, (text: string) => string | Buffer][] = [
    ['half a line at its end', (text) => `${text}2026-11-26 05:1`],
    ['a binary beginning', (text) => Buffer.concat([Buffer.from([0, 255, 254, 10]), Buffer.from(text)])],
    ['somebody’s own line in between', (text) => `${text}I was here\n`],
    ['a kind that nobody knows', (text) => `${text}2026-11-26 05:10:34Z  05  dance    well\n`],
  ]
  for (const [what, damage] of damages) {
    test(`${what} is kept aside under a dated name, and the readable lines stay`, () => {
      missing('FILES: a', 33)
      rmSync(file('.workshop/progress.txt'))
      const damaged = damage(readFileSync(file(), 'utf8'))
      writeFileSync(file(), damaged)
      expect(readProgress(folder)).toMatchObject({ events: [{ words: 'FILES: a' }], unread: [expect.anything()] })
      expect(missing('FILES: b', 40)).toBe(true)
      expect(readProgress(folder)).toMatchObject({ events: [{ words: 'FILES: a' }, { words: 'FILES: b' }], unread: [] })
      expect(readFileSync(file('progress-2026-11-26-051040.txt'))).toEqual(Buffer.from(damaged))
      missing('FILES: c', 41)
      expect(readdirSync(folder).filter((name) => name.startsWith('progress'))).toHaveLength(2)
    })
  }

  test('a last line without its end is a whole line, and line ends of Windows are none of ours', () => {
    missing('FILES: a', 33)
    writeFileSync(file(), readFileSync(file(), 'utf8').trimEnd().replaceAll('\n', '\r\n'))
    missing('FILES: b', 40)
    expect(readProgress(folder)).toMatchObject({ events: [{ words: 'FILES: a' }, { words: 'FILES: b' }], unread: [] })
  })
})

test('a place that cannot be written is in nobody’s way, and says no', () => {
  mkdirSync(file())
  expect(missing('FILES: a', 1)).toBe(false)
  expect(note(join(folder, 'nowhere'), { kind: 'check', what: 'done' })).toBe(false)
})

test('what a switch of branches took away comes back from its copy, older lines first', () => {
  missing('FILES: a', 1)
  const committed = readFileSync(file(), 'utf8')
  missing('FILES: b', 2)
  rmSync(file())
  expect(readProgress(folder).events).toHaveLength(2)
  missing('FILES: c', 3)
  expect(readProgress(folder).events.map(({ words }) => words)).toEqual(['FILES: a', 'FILES: b', 'FILES: c'])
  // And git brings back the one that was committed.
  writeFileSync(file(), committed)
  missing('FILES: d', 4)
  expect(
    lines()
      .slice(1)
      .map((line) => line.slice(-1)),
  ).toEqual(['a', 'b', 'c', 'd'])
})

test('a new one begins, and the old one keeps its lines under a dated name', () => {
  missing('FILES: a', 1)
  expect(beginProgress(folder, at(2))).toBe('progress-2026-11-26-051002.txt')
  expect(readProgress(folder).events).toEqual([])
  missing('FILES: b', 3)
  expect(readProgress(folder).events).toMatchObject([{ words: 'FILES: b' }])
  expect(lines('progress-2026-11-26-051002.txt').at(-1)).toContain('FILES: a')
})

test('what another command writes in between stays, and all lines are whole', () => {
  missing('FILES: begin', 0)
  const others = Array.from({ length: 40 }, (_, i) =>
    lineOf({ at: '2026-11-26 05:11:00Z', step: '05', kind: 'hint', what: '1', words: `other ${i}` }),
  )
  others.forEach((line, i) => {
    appendFileSync(file(), `${line}\n`)
    missing(`FILES: ${i}`, i)
  })
  const { events, unread } = parseProgress(readFileSync(file(), 'utf8'))
  expect({ n: events.length, unread }).toEqual({ n: 81, unread: [] })
})

test('four commands that see the same at the same moment note it once', async () => {
  // Each round begins for all of them together.
  const script = `
    import { readdirSync, writeFileSync } from 'node:fs'
    const { note } = await import(${JSON.stringify(pathToFileURL('workshop/coach/progress.ts').href)})
    const folder = ${JSON.stringify(folder)}
    for (let round = 0; round < 20; round++) {
      writeFileSync(folder + '/at-' + round + '-' + process.pid, '')
      while (readdirSync(folder).filter((name) => name.startsWith('at-' + round + '-')).length < 4);
      note(folder, { kind: 'check', what: 'missing', step: '05', words: 'FILES: ' + round })
    }`
  const run = () => promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script])
  await Promise.all([run(), run(), run(), run()])
  const rounds = lines()
    .slice(1)
    .map((line) => line.split('FILES: ')[1])
  expect(rounds).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`))
})

test('a new one begins when no other command is in the middle of a note', () => {
  missing('FILES: a', 1)
  mkdirSync(file('progress.txt.lock'))
  const since = Date.now()
  expect(beginProgress(folder, at(2))).toBe('progress-2026-11-26-051002.txt')
  // It has waited until the hold counted as left.
  expect(Date.now() - since).toBeGreaterThan(1500)
})

test('a command that was killed while it wrote holds nobody up for long, and a folder at the place of the lock neither', () => {
  mkdirSync(file('progress.txt.lock'))
  const since = Date.now()
  expect(missing('FILES: a', 1)).toBe(true)
  expect(Date.now() - since).toBeLessThan(5000)
  writeFileSync(file('progress.txt.lock'), '')
  expect(missing('FILES: b', 2)).toBe(true)
  expect(lines()).toHaveLength(3)
})

test('git does not offer it, so a tree with it is clean', () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
  git('init', '--quiet')
  writeFileSync(file('.gitignore'), readFileSync('.gitignore'))
  missing('FILES: a', 1)
  beginProgress(folder, at(2))
  missing('FILES: b', 3)
  expect(git('status', '--porcelain')).toBe('?? .gitignore\n')
})

test('noting costs a command less than three milliseconds', () => {
  for (let i = 0; i < 300; i++) missing(`FILES: ${i}`, i % 60)
  const costs = Array.from({ length: 20 }, (_, i) => {
    const since = performance.now()
    missing(`FILES: more ${i}`, i)
    return performance.now() - since
  })
  expect(Math.min(...costs)).toBeLessThan(3)
})
