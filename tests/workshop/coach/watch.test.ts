import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { spawn } from '@lydell/node-pty'
import { renderScreen } from '../../../kit/terminal/screen.ts'
import { must } from '../../support/measure.ts'
import { until } from '../../support/until.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await madeWorkshop()
  workshop.layStep(1)
  await must(workshop.door('db', 'up'))
})
afterAll(async () => {
  for (const screen of screens) screen.kill()
  await workshop?.remove()
})

const screens = new Set<ReturnType<typeof open>>()

/** `npm run watch` at a real terminal. */
function open(columns = 80) {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, NO_COLOR: '1', TERM: 'xterm' }).filter(
      ([name]) => !/^(npm_|DATABASE_URL|NODE_OPTIONS|JEST_|CI$)/.test(name),
    ),
  ) as Record<string, string>
  const pty = spawn(process.execPath, ['workshop/run.mjs', 'watch'], {
    cwd: workshop.folder,
    env,
    cols: columns,
    rows: 50,
  })
  let raw = ''
  let code: number | undefined
  pty.onData((text) => (raw += text))
  pty.onExit(({ exitCode }) => (code = exitCode))
  const has = (text: string) => renderScreen(raw, columns).some((line) => line.includes(text))
  const one = {
    raw: () => raw,
    lines: () => renderScreen(raw, columns),
    see: (text: string) => until(`${text} is on the screen`, () => has(text)),
    miss: (text: string) => until(`${text} is on no screen`, () => !has(text)),
    type: (keys: string) => pty.write(keys),
    left: () => until('it has ended', () => code !== undefined).then(() => code),
    kill: () => pty.kill(),
  }
  screens.add(one)
  return one
}

const noted = () => readFileSync(workshop.file('progress.txt'), 'utf8')

test('two screens follow what is done beside them, and neither disturbs the other', async () => {
  const [first, second] = [open(), open(60)]
  await Promise.all([first, second].map((screen) => screen.see('Step 02-first-migration')))
  await first.see('✗ FILES  prisma/migrations, replayed from empty')

  first.type('h')
  await first.see('hint 1 of 3')
  first.type('p')
  await first.see('How does dev know tomorrow')
  first.type('a')
  await first.see('Noted: a for 02-notes')
  first.type('l')
  await first.see('› 02  The first migration')
  expect(noted()).toMatch(/02 {2}hint {5}1 {2}FILES: .*\n.*02 {2}predict {2}02-notes {2}a\n$/)

  await must(workshop.run('migrate', 'dev', '--name', 'create_recruits'))
  await Promise.all([first, second].map((screen) => screen.see('Step 03-c25-recruits')))
  expect(noted()).toMatch(/02 {2}outcome {2}02-notes {2}[bc]\n/)
  // Both saw the same, and it is noted once.
  expect(noted().match(/03 {2}check/g)).toHaveLength(1)

  await must(workshop.door('db', 'down', '--env', 'prod'))
  await first.see('✗ PROD is not there.')
  await must(workshop.door('db', 'up'))
  await first.miss('PROD is not there.')

  first.type('q')
  second.type('\x03')
  expect([await first.left(), await second.left()]).toEqual([0, 0])
  // The cursor is shown again.
  for (const screen of [first, second])
    expect(screen.raw().lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.raw().lastIndexOf('\x1b[?25l'))
})

test('what was noted is believed by nobody: a file that says all is done changes nothing', async () => {
  const lies = Array.from(
    { length: 19 },
    (_, i) => `2026-11-26 05:10:33Z  ${String(i).padStart(2, '0')}  check    done\n`,
  )
  writeFileSync(workshop.file('progress.txt'), lies.join(''))
  const screen = open()
  await screen.see('3 of 19 steps')
  screen.type('q')
  expect(await screen.left()).toBe(0)
})

test('without a terminal, and in one that is too narrow, it says once what it sees, and what to type', async () => {
  const ran = await workshop.door('watch')
  expect(ran.code).toBe(1)
  expect(ran.output).toContain('Step 03-c25-recruits')
  expect(ran.output).toContain('There is no terminal here')
  expect(ran.output).toContain('npm run check')
  const narrow = open(40)
  expect(await narrow.left()).toBe(1)
  expect(narrow.lines().join(' ')).toContain('This terminal has 40 columns')
})
