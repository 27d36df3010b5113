import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import lockfile from 'proper-lockfile'
import { startBoard } from '../../support/board.ts'
import { browserTest } from '../../support/conditions.ts'
import { keptLab, labLines } from './lab-lines.ts'
import {
  audit,
  cells,
  closePage,
  complaints,
  evil,
  headline,
  inSync,
  models,
  openPage,
  page,
  seriousFindings,
  startPageBed,
  stopPageBed,
  withField,
  workshop,
} from './page-bed.ts'

beforeAll(startPageBed)
beforeEach(openPage)
afterEach(closePage)
afterAll(stopPageBed)

browserTest('the first picture has everything, with no complaint and nothing from elsewhere', async () => {
  await inSync()
  expect(await page.title()).toBe('✓ All five layers say the same.')
  expect(await page.locator('.layer h3').allTextContents()).toEqual([
    'schema.prisma',
    'migrations',
    'DEV',
    'PROD',
    'client',
  ])
  expect(await page.locator('.layer.dev').textContent()).toMatch(
    /dev on 127\.0\.0\.1:\d+.*1 table · 7 columns · 5 recruits/s,
  )
  expect(await page.locator('.pill').allInnerTexts()).toEqual([
    '✓ in sync',
    '✓ in sync',
    '✓ the same',
    '✓ in sync',
    '✓ in sync',
  ])
  expect(await page.locator('.rails tbody tr').count()).toBe(7)
  expect(await page.locator('.rails td .words').allTextContents()).toEqual(Array(14).fill('applied'))
  expect(await page.locator('.cohorts tbody tr').allInnerTexts()).toEqual([
    expect.stringMatching(/^C26 Data Eng\s+5\s+5$/),
  ])
  expect(await page.locator('section', { hasText: 'PROD’s ledger' }).textContent()).toMatch(/\d\d:\d\d {2}deploy/)
  await page.locator('.step h2', { hasText: 'The rules of a team' }).waitFor()
  expect(await page.locator('.step').textContent()).toContain('npm run check 18')
  expect(await page.locator('.lab').count()).toBe(0)
  expect(complaints).toEqual([])
})

browserTest('what is typed in psql shows by itself, and what changed is said', async () => {
  await workshop.run('psql', '-c', 'ALTER TABLE recruits ADD COLUMN chort TEXT')
  await headline('DEV is not what its migrations made.')
  expect(await cells('chort')).toEqual([
    'not there either',
    'not there either',
    'extra',
    'not there either',
    'not there either',
  ])
  expect(await page.locator('#said').textContent()).toBe('DEV: column recruits.chort is extra: text, may be NULL.')
  await page.locator('a.pill', { hasText: '1 difference by hand' }).click()
  expect(await page.evaluate('document.activeElement.id')).toBe('migrations-dev')
  await page.getByText('SQL that makes DEV what it should be').click()
  expect(await page.locator('#migrations-dev').textContent()).toContain('ALTER TABLE "recruits" DROP COLUMN "chort";')
  await workshop.sql('dev', 'ALTER TABLE recruits DROP COLUMN chort')
  await inSync()
  expect(await page.locator('#said').textContent()).toContain('migrations → DEV is in sync again.')
  expect(complaints).toEqual([])
})

browserTest('values that look like HTML are text', async () => {
  await workshop.sql('dev', `UPDATE recruits SET cohort = '${evil}'`)
  await page.locator('.cohorts th', { hasText: evil }).waitFor()
  await workshop.sql('dev', `ALTER TABLE recruits ADD COLUMN "<b>${evil}" TEXT DEFAULT '<script>1</script>'`)
  await headline('DEV is not what')
  expect(await page.locator('.columns .name', { hasText: `<b>${evil}` }).count()).toBe(1)
  workshop.write('prisma/schema.prisma', withField(evil))
  await page.locator('.checks .open', { hasText: evil }).waitFor()
  for (const level of ['Hint 1 of 3', 'Hint 2 of 3']) {
    await page.locator('.ask').click()
    await page.locator('.hint', { hasText: level }).waitFor()
  }
  expect(await page.locator('.hint').textContent()).toContain(evil)
  expect(await page.locator('#board img, #board b:not(.checks b, .question b), #board script').count()).toBe(0)
  workshop.write('prisma/schema.prisma', models)
  await workshop.sql('dev', `ALTER TABLE recruits DROP COLUMN "<b>${evil}"`)
  await workshop.sql('dev', `UPDATE recruits SET cohort = 'C26 Data Eng'`)
  await inSync()
  expect(complaints).toEqual([])
})

browserTest('a guess is clicked, its outcome told, and a hint given to whoever asks', async () => {
  await page.locator('.question', { hasText: 'Who makes it, when no branch does?' }).waitFor()
  const choice = (words: string) => page.locator('.question button', { hasText: words })
  await choice('Prisma, when it deploys.').click()
  await page.locator('.told', { hasText: /You thought [a-c], and it is [a-c]\..*writes none/s }).waitFor()
  expect(await choice('Whoever deploys main').getAttribute('class')).toBe('outcome')
  expect(await choice('Prisma, when it deploys.').isDisabled()).toBe(true)
  const noted = readFileSync(workshop.file('progress.txt'), 'utf8')
  expect(noted).toMatch(/18 {2}predict {2}18-who {2}[a-c]\n.*18 {2}outcome {2}18-who {2}[a-c]\n/)

  workshop.write('prisma/schema.prisma', withField('chort'))
  await page.locator('.checks .open', { hasText: 'chort' }).waitFor()
  await page.locator('.ask').click()
  await page.locator('.hint', { hasText: 'Hint 1 of 3' }).waitFor()
  await page.locator('.ask').click()
  await page.locator('.hint', { hasText: 'chort' }).waitFor()
  // What is mended needs no hint.
  workshop.write('prisma/schema.prisma', models)
  await page.locator('.hint').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

browserTest('a schema with a syntax error says so with its line, and recovers', async () => {
  for (const broken of ['', models.replace('model Recruit {', 'model Recruit {\n  oops')]) {
    workshop.write('prisma/schema.prisma', broken)
    await page.locator('.layer.schema.error, .link.schema-client.differs').first().waitFor()
  }
  await page.locator('.layer.schema .trouble', { hasText: /cannot be read: line \d+\./ }).waitFor()
  expect(await page.locator('.link.migrations-dev .pill').innerText()).toBe('✓ in sync')
  workshop.write('prisma/schema.prisma', models)
  await inSync()
  expect(complaints).toEqual([])
})

browserTest('a server that stops is shown as gone, and comes back by itself', async () => {
  expect(await workshop.door('db', 'down', '--env', 'prod')).toMatchObject({ code: 0 })
  await headline('PROD is not there.')
  expect(await page.locator('.layer.prod.error').innerText()).toContain('npm run db up')
  expect(await page.locator('.link.migrations-dev .pill').innerText()).toBe('✓ in sync')
  // The line of a link that nobody knows is broken, and one line.
  const sides = `(() => { const { borderLeftStyle, borderRightStyle } = getComputedStyle(document.querySelector('.link.dev-prod.error'), '::before'); return [borderLeftStyle, borderRightStyle] })()`
  expect(await page.evaluate(sides)).toEqual(['dashed', 'none'])
  // What was said about the step stays.
  expect(await page.locator('.step h2').textContent()).toBe('The rules of a team')
  expect(await workshop.door('db', 'up')).toMatchObject({ code: 0 })
  await inSync()
  await page.locator('#said', { hasText: 'PROD is there again.' }).waitFor({ state: 'attached' })
  expect(complaints).toEqual([])
})

browserTest('a board that has ended is said to have ended, and is followed again when it is back', async () => {
  const other = await startBoard(workshop)
  const { port } = new URL(other.url)
  await page.goto(other.url)
  await inSync()
  await other.stop()
  await page.getByText('The board has ended.').waitFor()
  const again = await startBoard(workshop, port)
  await page.getByText('The board has ended.').waitFor({ state: 'detached' })
  await again.stop()
})

browserTest('a lab is drawn while it runs; one that was killed ended without a result', async () => {
  const file = workshop.file('.workshop/lab/now.jsonl')
  const state = (name: string) => page.locator(`.lab.${name}`)
  const newest = (second: string) => page.locator('.lab dl div:first-child dd', { hasText: second })
  mkdirSync(workshop.file('.workshop/lab/runs'), { recursive: true })
  writeFileSync(workshop.file('.workshop/lab/runs/2026-01-05T080000-naive.json'), JSON.stringify(keptLab()))
  await state('kept').waitFor()
  const isRunning = { realpath: false, stale: 15_000 }
  const release = await lockfile.lock(workshop.file('.workshop/lab-running'), isRunning)
  const lines = labLines({ seconds: 34 })
  writeFileSync(file, lines.slice(0, 20).join(''))
  await state('running').waitFor()
  await page.locator('#said', { hasText: 'The lab runs: a required, unique column' }).waitFor({ state: 'attached' })
  // It stands above the five layers, beside the run that is kept.
  const sections = `[...document.querySelectorAll('main > section')].map((one) => one.className)`
  expect(await page.evaluate(sections)).toEqual(['headline same', 'lab running', ''])
  appendFileSync(file, lines.slice(20).join(''))
  await newest('34').waitFor()
  expect(await page.locator('.stages .now').innerText()).toMatch(/backfill handle\s+63 %/)
  expect(await page.locator('.guessed').innerText()).toBe('You guessed b: Nobody.')
  const answers = page.locator('.drawn .tall svg[role=img]').first()
  expect(await answers.getAttribute('aria-label')).toMatch(/^time to an answer: Now: half 1[\d.]* ms, 99 of 100 /)
  expect(await page.locator('.compared thead th').allInnerTexts()).toEqual([expect.any(String), 'one file'])
  for (const [theme, width] of [
    ['light', 360],
    ['dark', 1280],
  ] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 800 })
    const seen = [await page.evaluate('document.documentElement.scrollWidth'), await seriousFindings('.lab')]
    expect([theme, ...seen]).toEqual([theme, width, []])
  }
  await release()
  await state('lost').waitFor()
  expect(await page.locator('.lab').innerText()).toContain('It ended without a result')
  expect(await page.locator('.lab .next').innerText()).toContain('npm run lab expand')
  // The next one begins anew.
  writeFileSync(file, labLines({ seconds: 2, end: 'done' }).join(''))
  await state('done').waitFor()
  await newest('2').waitFor()
  expect(complaints).toEqual([])
})

describe('axe finds nothing serious, and nothing scrolls sideways, on a phone and on a wide screen, light and dark,', () => {
  browserTest('where all is in sync', async () => {
    await inSync()
    await audit()
  })

  browserTest('where something differs, its name is long, and all folds are open', async () => {
    const long = 'a_surname_with_a_very_long_name_of_sixty_letters'
    await workshop.sql('dev', `ALTER TABLE recruits RENAME COLUMN surname TO ${long}`)
    try {
      await headline('DEV is not what its migrations made.')
      for (const fold of await page.locator('summary').all()) await fold.click()
      await audit()
    } finally {
      await workshop.sql('dev', `ALTER TABLE recruits RENAME COLUMN ${long} TO surname`)
    }
  })
})

browserTest('the keyboard reaches everything that can be opened, and the focus can be seen', async () => {
  const reached = new Set<unknown>()
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const [name, outline] = (await page.evaluate(
      `[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]`,
    )) as string[]
    if (name === 'BODY') break
    reached.add(name)
    expect(outline).toBe('solid')
  }
  expect([...reached]).toEqual(expect.arrayContaining(['SUMMARY', 'PRE']))
})
