/**
 * Takes the pictures of the board anew: in sync, and a moment after a column was renamed by hand, for the README; and the lab
 * at the end of a run, with the other way beside it, for docs/lab.md. Needs Chrome, Chromium or Edge.
 *
 *     npm run bench board-pictures
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startBoard } from '../tests/support/board.ts'
import { openBrowser } from '../tests/support/browser.ts'
import { must } from '../tests/support/measure.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { projectRoot } from '../kit/project/project.ts'

const folder = join(projectRoot, 'docs')
const workshop = scratchWorkshop()
const browser = await openBrowser()

try {
  workshop.layStep(10)
  await must(workshop.run('start'))
  for (const env of ['dev', 'prod']) {
    await must(workshop.run('migrate', 'deploy', '--env', env))
    for (const seed of ['c25', 'c26']) await must(workshop.run('seed', seed, '--env', env))
  }
  const board = await startBoard(workshop)
  const page = await browser.newPage({ viewport: { width: 1280, height: 940 }, colorScheme: 'light' })
  mkdirSync(folder, { recursive: true })
  const take = async (name: string, words: string) => {
    await page.getByText(words).first().waitFor()
    await page.locator('.checks').waitFor()
    await page.screenshot({ path: join(folder, name) })
    console.log(`docs/${name}`)
  }
  await page.goto(board.url)
  await take('board-in-sync.png', 'All five layers say the same.')
  await page.emulateMedia({ colorScheme: 'dark' })
  await workshop.sql('dev', 'ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user')
  await take('board-renamed.png', 'DEV is not what its migrations made.')
  await page.emulateMedia({ colorScheme: 'light' })
  for (const way of ['naive', 'expand']) await must(workshop.run('lab', way, '--scale', '0.05', '--yes'))
  await page.locator('.lab.done .compared th', { hasText: 'expand and contract' }).waitFor()
  await page.locator('.lab').screenshot({ path: join(folder, 'board-lab.png') })
  console.log('docs/board-lab.png')
  await board.stop()
} finally {
  await browser.close()
  await workshop.remove()
}
