import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect } from '@jest/globals'
import { rootTest } from '../../support/conditions.ts'
import { begin, faults, randomFrom, settled, strike } from './faults.ts'
import { gitWorkshop, type GitWorkshop } from '../../support/git-workshop.ts'
import { valuesInProd } from '../../support/kept-rows.ts'
import { measured, must as mustEnd } from '../../support/measure.ts'
import { bringProdBack, keepProd, seededTemplate } from '../../support/seeded-workshop.ts'
import { rememberCrashes } from '../../support/server.ts'
import { copyTree } from '../../support/template.ts'

/** At night 200. */
const rounds = Number(process.env['WORKSHOP_FAULT_ROUNDS'] ?? 20)
const seed = Number(process.env['WORKSHOP_FAULT_SEED'] ?? Date.now() % 1_000_000)

/** What is at work when the fault comes, and the step at which PROD stands before. */
interface Work {
  from: 10 | 18
  words: string[]
  /** How long it takes when nothing happens. */
  seconds: number
}

const works: Record<string, Work> = {
  deploy: { from: 10, words: ['migrate', 'deploy', '--env', 'prod'], seconds: 0 },
  seed: { from: 18, words: ['seed', 'c28', '--env', 'prod', '--count', '3000'], seconds: 0 },
  snapshot: { from: 18, words: ['db', 'snapshots', '--take'], seconds: 0 },
  restore: { from: 18, words: ['db', 'restore', 'NAME'], seconds: 0 },
  goto: { from: 18, words: ['goto', '12'], seconds: 0 },
}

let workshop: GitWorkshop
const values = new Map<number, Set<string>>()

beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  workshop = gitWorkshop()
  // A disk of its own, which can be filled.
  mkdirSync(workshop.file('.workshop'))
  const disk = ['-t', 'tmpfs', '-o', 'size=600m,mode=755', 'tmpfs', workshop.file('.workshop')]
  expect(spawnSync('mount', disk, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  const seeded = await seededTemplate(10)
  for (const name of readdirSync(seeded)) copyTree(join(seeded, name), workshop.file(`.workshop/${name}`))
  rememberCrashes(workshop.file('.workshop/prod'))
  await must('db', 'up')
  await workshop.sql('prod', hundredRecruits)
  await must('goto', '18')
  await keep(10)
  await measure('deploy')
  await must('seed', 'c27', '--env', 'prod', '--count', '2000')
  works['restore']!.words[2] = /prod_\d{8}_\d{6}_\d{3}/.exec((await must('db', 'snapshots', '--take')).output)![0]
  await keep(18)
  for (const name of Object.keys(works).filter((one) => one !== 'deploy')) await measure(name)
}, 600_000)

const hundredRecruits = `
  INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address, cohort)
  SELECT 'A' || n, 'B' || n, 'c' || n, 'd' || n, 'e' || n, 'f' || n, 'C25 Data Eng' FROM generate_series(1, 100) AS n`

afterAll(async () => {
  if (!workshop) return
  await workshop.run('db', 'down')
  spawnSync('umount', ['-l', workshop.file('.workshop')])
  rmSync(workshop.folder, { recursive: true, force: true })
})

rootTest(
  `PROD keeps every value through ${rounds} faults at random moments, and "db up" makes it good (seed ${seed})`,
  async () => {
    const random = randomFrom(seed)
    let struck = 0
    const pairs = Object.keys(works).flatMap((name) => faults.map((fault) => ({ name, fault, order: random() })))
    for (let round = 0; round < rounds; round++) {
      // Each kind of work with each fault, in an order that is another each time.
      if (round % pairs.length === 0) pairs.sort((a, b) => a.order - b.order)
      const { name, fault } = pairs[round % pairs.length]!
      const work = works[name]!
      await setUp(work)
      const moment = random() * work.seconds
      const where = `round ${round + 1}, seed ${seed}: ${fault}, ${moment.toFixed(2)} s into ${work.words.join(' ')}`

      const { child, ended } = begin(workshop, work.words)
      await Promise.race([sleep(moment * 1000), ended])
      if (child.exitCode === null) struck++
      const undo = await strike(fault, workshop, child)
      const output = await ended
      await undo()
      await settled(workshop)

      const mended = await workshop.door('db', 'up')
      const status = await workshop.door('db', 'status')
      const isGood = mended.code === 0 && status.code === 0 && !/failed:|lost its guard/.test(status.output)
      const lost = await lostSince(work.from)
      if (!isGood || lost.length > 0)
        throw report({ where, output, mended: mended.output, status: status.output, lost })

      // What was cut off can be done again, by the same command.
      const again = await workshop.door(...(name === 'goto' ? ['goto', '18'] : work.words))
      const lostAgain = await lostSince(work.from)
      if (again.code !== 0 || lostAgain.length > 0)
        throw report({ where, output, mended: mended.output, again: again.output, lost: lostAgain })
    }
    expect(struck).toBeGreaterThan(0)
  },
  600_000 + rounds * 60_000,
)

/** All that was said, as it stood on the screen. */
function report(all: Record<string, string | string[]>): Error {
  return new Error(
    Object.entries(all)
      .map(([name, text]) => `--- ${name}\n${[text].flat().join('\n')}`)
      .join('\n'),
  )
}

async function must(...words: string[]) {
  const ran = await workshop.door(...words)
  expect({ words, ran }).toMatchObject({ ran: { code: 0 } })
  return ran
}

async function lostSince(step: number): Promise<string[]> {
  const now = await valuesInProd(workshop)
  return [...values.get(step)!].filter((value) => !now.has(value))
}

/** Keeps PROD as it is now, to begin a round with. */
async function keep(step: number): Promise<void> {
  values.set(step, await valuesInProd(workshop))
  await keepProd(workshop, keptAt(step))
}

const keptAt = (step: number) => `workshop_at_${step}`

/** How long the work takes as a process of its own, which is what is struck. */
async function measure(name: string): Promise<void> {
  const work = works[name]!
  await setUp(work)
  work.seconds = await measured(() => mustEnd(workshop.run(...work.words)))
}

async function setUp({ from }: Work): Promise<void> {
  await bringProdBack(workshop, keptAt(from))
  // The step's own rule ignores migrations, and goto leaves the branch of another step.
  if (workshop.git('branch', '--show-current') !== 'work/18-team-rules') await must('goto', '18')
}
