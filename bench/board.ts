/**
 * The board: from a change in psql to the changed picture in a browser; what one refresh of the picture takes; and what
 * an open page costs while nothing happens. Medians of five. Needs Chrome, Chromium or Edge.
 *
 *     npm run bench board
 */
import { readFileSync } from 'node:fs'
import { startBoard } from '../tests/support/board.ts'
import { openBrowser } from '../tests/support/browser.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { tsx } from '../kit/project/processes.ts'
import { keepFigures } from './shared/results.ts'

const rounds = Number(process.argv[2] ?? 5)
const workshop = scratchWorkshop()
const browser = await openBrowser()
/** Reads the whole picture again and again, as the board does; the first time replays the migrations, and does not count. */
const refreshing = `
  import { readFacts } from './workshop/board/facts.ts'
  import { readTarget } from './kit/database/target.ts'
  const times = []
  for (let round = 0; round <= ${rounds}; round++) {
    const since = performance.now()
    await readFacts({ root: process.cwd(), target: readTarget }, {})
    times.push((performance.now() - since) / 1000)
  }
  console.log(JSON.stringify(times.slice(1)))
`

try {
  await must(workshop.run('start'))
  for (const env of ['dev', 'prod']) {
    await must(workshop.run('migrate', 'deploy', '--env', env))
    await must(workshop.run('seed', 'c26', '--env', env))
  }
  const board = await startBoard(workshop)
  const page = await browser.newPage()
  await page.goto(board.url)
  await page.locator('.checks').waitFor()

  const changes: number[] = []
  for (let round = 0; round < rounds; round++) {
    await workshop.sql('dev', 'ALTER TABLE recruits ADD COLUMN chort TEXT')
    changes.push(await measured(() => page.locator('.columns .name', { hasText: 'chort' }).waitFor()))
    await workshop.sql('dev', 'ALTER TABLE recruits DROP COLUMN chort')
    changes.push(await measured(() => page.getByText('All five layers say the same.').waitFor()))
    // So that the changes come at no fixed distance from a look.
    await pause(1_000 + Math.random() * 500)
  }
  workshop.write('refreshing.ts', refreshing)
  const refresh = await workshop.exec([...tsx, 'refreshing.ts'])
  await keepFigures('board', {
    'board.change': Math.max(...changes) * 1000,
    'board.refresh': median(JSON.parse(refresh.output) as number[]) * 1000,
  })

  await pause(61_000)
  for (const [words, close] of [
    ['an idle minute with an open page', false],
    ['an idle minute without one', true],
  ] as const) {
    if (close) await page.close()
    await pause(2_000)
    const before = cpuOf(board.pid)
    await pause(20_000)
    console.log(`${words.padEnd(38)} ${((cpuOf(board.pid) - before) * 3).toFixed(2)} s of the board’s processor time`)
  }
  await board.stop()
} finally {
  await browser.close()
  await workshop.remove()
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Seconds of processor time that a process has used: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function cpuOf(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/\(.*\)/, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
