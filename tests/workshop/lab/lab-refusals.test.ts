import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import pg from 'pg'
import { findCluster, runningPort, stopCluster } from '../../../workshop/databases/cluster.ts'
import { followLive } from '../../../workshop/lab/live-file.ts'
import { assertRoom, roomNeeded } from '../../../workshop/lab/lab-room.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'
import { until } from '../../support/until.ts'

jest.setTimeout(300_000)

let workshop: Workshop
beforeAll(() => {
  process.env['WORKSHOP_LAB_PACE'] = '0.4'
  workshop = scratchWorkshop({ ports: false, isBuilt: true })
})
afterAll(async () => {
  delete process.env['WORKSHOP_LAB_PACE']
  await workshop?.door('lab', 'remove')
  await workshop?.remove()
})

const tiny = ['--scale', '0.0005', '--rate', '60', '--yes']
const lab = (...words: string[]) => workshop.door('lab', ...words)
const server = () => findCluster('lab-server', workshop.file('.workshop'))
const typed = (...words: string[]) => [process.execPath, 'workshop/run.mjs', 'lab', ...words, ...tiny]

/** The last lab, as somebody sees it who follows it. */
const followed = () => followLive(workshop.file('.workshop/lab/now.jsonl'))().lab

test.each([
  ['no word', [], 'Which experiment?', 'npm run lab naive'],
  ['a word that is nearly right', ['expnd'], 'does not know "expnd"', 'npm run lab expand'],
  ['two words', ['naive', 'expand'], 'does not know "naive expand"', 'npm run lab'],
  ['a scale that is no number', ['naive', '--scale', 'big'], '"big" is none that it can take', '--scale 0.1'],
  ['a scale below all recruits', ['naive', '--scale', '0'], '"0" is none', 'from 0.0002 to 1000'],
  ['a rate that is no number', ['naive', '--rate', '1e3'], '"1e3" is none', '--rate 200'],
  ['a trouble that there is not', ['expand', '--trouble', 'fire'], 'no such trouble', 'duplicates or nulls'],
  ['a trouble of another way', ['queue', '--trouble', 'nulls'], 'no such trouble', '--trouble goes with expand'],
])('%s: nothing is begun, and the answer says what to type', async (_, words, what, next) => {
  const { code, output } = await lab(...words)
  expect([code, output.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringContaining(what)])
  expect(output.replaceAll(/\s+/g, ' ')).toContain(next)
  expect(existsSync(workshop.file('.workshop/lab-server'))).toBe(false)
})

test('too little disk is said before anything is begun, with the numbers', async () => {
  const { code, output } = await lab('naive', '--scale', '1000', '--yes')
  expect([code, output]).toEqual([1, expect.stringContaining('too little room for scale 1000: nothing was begun')])
  expect(output).toMatch(/\d+ GB are needed on the disk, and \d+ [GM]B are free/)
  expect(existsSync(workshop.file('.workshop/lab-server'))).toBe(false)
})

test('too little memory is said with the numbers', () => {
  const needed = roomNeeded(1, 16)
  expect(() => assertRoom(needed, { ...needed, memory: 512 }, 1)).toThrow('too little room')
  expect(() => assertRoom(needed, needed, 1)).not.toThrow()
})

test('traffic that this computer does not keep up with: said before anything is changed, with what it can do', async () => {
  const { code, output } = await lab('naive', '--scale', '0.0005', '--rate', '50000', '--yes')
  expect([code, output]).toEqual([1, expect.stringContaining('The traffic does not keep up: nothing was changed yet')])
  expect(output).toMatch(/50,000 operations a second .* were planned; this computer answered [\d,]+ a second/)
  expect(output).toMatch(/--rate \d+/)
  expect(output).toMatch(
    /scale 0\.0005 needs \d+ MB on the disk and \d+ MB of memory; \d+ [GM]B and \d+ [GM]B are free/,
  )
  expect(followed()!.end).toMatchObject({
    how: 'failed',
    words: expect.stringContaining('The traffic does not keep up'),
  })
  expect(runningPort(await server())).toBeUndefined()
})

test('Ctrl-C in the middle of a deploy: the server is stopped, no run is kept, and the next one begins anew', async () => {
  const { code } = await workshop.interrupt(typed('naive'), /· deploy/)
  expect(code).toBe(130)
  expect(runningPort(await server())).toBeUndefined()
  const { output } = await lab('compare')
  expect(output).toContain('No run is kept yet.')
  expect(followed()).toMatchObject({ end: { how: 'stopped' }, ways: [{ way: 'naive' }] })
})

test('Ctrl-C while the portal is filled: half a portal is never taken for a whole one', async () => {
  const other = ['lab', 'index', '--scale', '0.02', '--rate', '60', '--yes']
  const { code } = await workshop.interrupt([process.execPath, 'workshop/run.mjs', ...other], /LAB {3}rows/)
  expect(code).toBe(130)
  expect(runningPort(await server())).toBeUndefined()
})

test('a second lab at once is told so, and begins nothing; one that was killed leaves nothing that is in the way', async () => {
  const killed = workshop.interrupt(
    typed('naive'),
    async () => {
      const lock = workshop.file('.workshop/lab-running.lock')
      if (!existsSync(lock) || runningPort(await server()) === undefined) return false
      const { code, output } = await lab('queue', ...tiny)
      expect([code, output]).toEqual([1, expect.stringContaining('Another lab is running here: nothing was begun.')])
      return true
    },
    'SIGKILL',
  )
  await killed
  await until('the lock of the one that was killed is stale', async () => (await lab('remove')).code === 0)
  expect(existsSync(workshop.file('.workshop/lab-server'))).toBe(false)
})

test('the server goes away in the middle: said in words, and what to type', async () => {
  const ending = until('the application is at work', async () => {
    const port = runningPort(await server())
    return port !== undefined && (await isAtWork(port)) && stopCluster(await server())
  })
  const { code, output } = await lab('naive', ...tiny)
  await ending
  expect([code, output]).toEqual([1, expect.stringContaining('The lab’s server went away in the middle.')])
  expect(output).toContain('DEV and PROD were not touched.')
  expect(
    existsSync(workshop.file('.workshop/lab/runs')) ? readdirSync(workshop.file('.workshop/lab/runs')) : [],
  ).toEqual([])
})

/** Whether the lab's application has sessions there. */
async function isAtWork(port: number): Promise<boolean> {
  const password = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  const client = new pg.Client(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`)
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query("SELECT FROM pg_stat_activity WHERE application_name = 'portal'")
    return rows.length > 0
  } catch {
    // It is not there yet.
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
