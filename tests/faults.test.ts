import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect } from '@jest/globals'
import { rootTest } from './support/conditions.ts'
import { begin, faults, randomFrom, settled, strike } from './support/faults.ts'
import { gitWorkshop, type GitWorkshop } from './support/git-workshop.ts'
import { valuesInProd } from './support/kept-rows.ts'

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
  await must('start')
  await must('goto', '10')
  await must('migrate', 'deploy', '--env', 'prod')
  for (const cohort of ['c25', 'c26']) await must('seed', cohort, '--env', 'prod')
  await must('goto', '18')
  await keepProd(10)
  await must(...works['deploy']!.words)
  await must('seed', 'c27', '--env', 'prod', '--count', '2000')
  works['restore']!.words[2] = /prod_\d{8}_\d{6}_\d{3}/.exec((await must('db', 'snapshots', '--take')).output)![0]
  await keepProd(18)
  for (const work of Object.values(works)) {
    await setUp(work)
    const since = Date.now()
    await must(...work.words)
    work.seconds = (Date.now() - since) / 1000
  }
}, 600_000)

afterAll(async () => {
  if (!workshop) return
  await workshop.run('db', 'down')
  spawnSync('umount', ['-l', workshop.file('.workshop')])
  await workshop.remove()
})

rootTest(
  `PROD keeps every value through ${rounds} faults at random moments, and "db up" makes it good (seed ${seed})`,
  async () => {
    const random = randomFrom(seed)
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
      const undo = await strike(fault, workshop, child)
      const output = await ended
      await undo()
      await settled(workshop)

      const mended = await workshop.run('db', 'up')
      const status = await workshop.run('db', 'status')
      const isGood = mended.code === 0 && status.code === 0 && !/failed:|lost its guard/.test(status.output)
      const lost = await lostSince(work.from)
      if (!isGood || lost.length > 0)
        throw report({ where, output, mended: mended.output, status: status.output, lost })

      // What was cut off can be done again, by the same command.
      const again = await workshop.run(...(name === 'goto' ? ['goto', '18'] : work.words))
      const lostAgain = await lostSince(work.from)
      if (again.code !== 0 || lostAgain.length > 0)
        throw report({ where, output, mended: mended.output, again: again.output, lost: lostAgain })
    }
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
  const ran = await workshop.run(...words)
  expect({ words, ran }).toMatchObject({ ran: { code: 0 } })
  return ran
}

async function lostSince(step: number): Promise<string[]> {
  const now = await valuesInProd(workshop)
  return [...values.get(step)!].filter((value) => !now.has(value))
}

/** Keeps PROD as it is now, to begin a round with. */
async function keepProd(step: number): Promise<void> {
  values.set(step, await valuesInProd(workshop))
  await workshop.asAdmin(`CREATE DATABASE workshop_at_${step} TEMPLATE prod`, 'postgres')
}

async function setUp({ from }: Work): Promise<void> {
  const aside = await workshop.asAdmin<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname = 'prod' OR datname ~ '^(prod_archive_|workshop_restoring)'",
    'postgres',
  )
  for (const { datname } of aside) await workshop.asAdmin(`DROP DATABASE ${datname} WITH (FORCE)`, 'postgres')
  // Copied as files: with PostgreSQL's other way, a sequence goes back when the server is killed soon after.
  await workshop.asAdmin(`CREATE DATABASE prod TEMPLATE workshop_at_${from} STRATEGY file_copy`, 'postgres')
  await workshop.asAdmin('GRANT CONNECT, TEMPORARY, CREATE ON DATABASE prod TO prod', 'postgres')
  // The step's own rule ignores migrations, and goto leaves the branch of another step.
  if (workshop.git('branch', '--show-current') !== 'work/18-team-rules') await must('goto', '18')
}
