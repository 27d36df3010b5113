import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { startBoard, type RunningBoard } from '../../support/board.ts'
import { openBrowser } from '../../support/browser.ts'
import { browserTest } from '../../support/conditions.ts'
import { laid, migrationsOf } from '../../support/laid-steps.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

// The three situations of the exercise, one after the other, on one page that is never loaded again.

let workshop: Workshop
let board: RunningBoard
let browser: Browser
let page: Page
const complaints: string[] = []
beforeAll(async () => {
  browser = await openBrowser()
  workshop = await madeWorkshop()
  workshop.layStep(7)
  await done('start')
  await applyMigrations(workshop.url('dev'), workshop.file('prisma/migrations'))
  await done('migrate', 'deploy', '--env', 'prod')
  for (const env of ['dev', 'prod'] as const) await workshop.sql(env, recruits(''))
  board = await startBoard(workshop)
  page = await browser.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(board.url)
  await sees('All five layers say the same.')
})
afterAll(async () => {
  await browser?.close()
  await board?.stop()
  await workshop?.remove()
})

async function done(...words: string[]): Promise<void> {
  expect(await workshop.run(...words)).toMatchObject({ code: 0 })
}
const sees = (words: string) => page.locator('.headline > p', { hasText: words }).waitFor()
const said = () => page.locator('#migrations-dev').innerText()
const rail = (title: string, env: 'DEV' | 'PROD') =>
  page
    .locator('.rails tbody tr', { hasText: title })
    .locator('.words')
    .nth(env === 'DEV' ? 0 : 1)
    .textContent()

/** Lays the files of a step with its client, and sees them arrive: a migration that waits in both databases. */
async function lay(step: number): Promise<string> {
  workshop.layStep(step)
  await done('start')
  await sees('PROD waits for 1 migration.')
  return migrationsOf(laid(step)).at(-1)!
}

browserTest(
  'a new column is extra on DEV, then in a migration, then everywhere; a renamed one is seen as a rename, with its evidence; a dropped one is missing on DEV, and in the end kept in PROD’s archive',
  async () => {
    await seesANewColumn()
    await seesARename()
    await seesADrop()
    expect(complaints).toEqual([])
  },
  240_000,
)

async function seesANewColumn(): Promise<void> {
  await workshop.sql('dev', 'ALTER TABLE recruits ADD COLUMN chort TEXT')
  await sees('DEV is not what its migrations made.')
  expect(await said()).toContain('column recruits.chort is extra: text, may be NULL')
  await page.locator('.step h2', { hasText: 'Situation 1' }).waitFor()
  await lay(9)
  expect([await rail('add cohort', 'DEV'), await rail('add cohort', 'PROD')]).toEqual(['pending', 'pending'])
  await done('db', 'reset')
  await done('migrate', 'deploy', '--env', 'prod')
  await sees('All five layers say the same.')
  expect([await rail('add cohort', 'DEV'), await rail('add cohort', 'PROD')]).toEqual(['applied', 'applied'])
}

async function seesARename(): Promise<void> {
  // The reset has emptied DEV.
  await workshop.sql('dev', recruits('cohort'))
  await workshop.sql('dev', 'ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user')
  await sees('DEV is not what its migrations made.')
  expect(await said()).toContain('recruits.chatname looks renamed to rocketchat_user')
  expect(await said()).toContain('5 of 5 rows hold the same value as chatname on PROD')
  await page.locator('.step h2', { hasText: 'Situation 2' }).waitFor()
  const name = await lay(12)
  await done('migrate', 'resolve', '--applied', name)
  await done('migrate', 'deploy', '--env', 'prod')
  await sees('All five layers say the same.')
}

async function seesADrop(): Promise<void> {
  await workshop.sql('dev', 'ALTER TABLE recruits DROP COLUMN id_number')
  await sees('DEV is not what its migrations made.')
  expect(await said()).toContain('column recruits.id_number is missing: text, required')
  await page.locator('.step h2', { hasText: 'Situation 3' }).waitFor()
  await lay(15)
  await done('db', 'reset')
  await done('migrate', 'deploy', '--env', 'prod')
  await sees('All five layers say the same.')
  // The deploy writes it after the migration, when it has looked at every value.
  await page.locator('section[aria-labelledby="ledger"]', { hasText: 'drop_id_number' }).waitFor()
}

/** The same five everywhere, as the seed makes them. */
function recruits(cohort: '' | 'cohort'): string {
  return `INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address${cohort && ', cohort'})
    SELECT 'First ' || n, 'Last ' || n, 'chat' || n, 'git' || n, '99' || n, n || '@example.com'${cohort && ", 'C25 Data Eng'"}
    FROM generate_series(1, 5) AS n`
}
