/**
 * How much a seed costs: 100,000 recruits by the way that `npm run seed:c26 -- --count 100000` takes, against
 * generating the same recruits and sending them in one COPY. Medians of 5, in turns, on a server of its own.
 *
 *     npm run bench seeding [ROWS]
 */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { scratchServer } from '../tests/support/server.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { recruiter, type Person, type Recruiter } from '../workshop/seeding/people.ts'
import { runSeed } from '../workshop/seeding/seed-run.ts'
import type { SeedClient } from '../workshop/seeding/recruits-table.ts'
import { prisma } from '../kit/project/processes.ts'
import { keepFigures } from './shared/results.ts'

const rows = Number(process.argv[2] ?? 100_000)
const rounds = 5
/** From the model's names to the table's, in the order in which COPY sends them. */
const columns = {
  firstName: 'first_name',
  surname: 'surname',
  rocketchatUser: 'rocketchat_user',
  githubName: 'github_name',
  personalEmailAddress: 'personal_email_address',
  cohort: 'cohort',
}
type Recruit = Record<keyof typeof columns, string>
type ClientClass = new (options: { adapter: PrismaPg }) => SeedClient

const workshop = scratchWorkshop({ ports: false })
const server = await scratchServer()
try {
  await workshop.exec([...prisma, 'generate'], { env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath } })
  const { PrismaClient } = (await import(pathOf('prisma/generated/client.ts'))) as { PrismaClient: ClientClass }
  const { makeRecruit } = (await import(pathOf('seeds/recruits.ts'))) as {
    makeRecruit: (person: Person, cohort: string) => Recruit
  }
  const newRecruiter = () => recruiter('c26', false, (person) => makeRecruit(person, 'C26 Data Eng'))
  const database = new pg.Client(server.adminUrl)
  await database.connect()
  await migrate(database)

  const ways = {
    seed: () => bySeed(PrismaClient, newRecruiter()),
    copy: () => byCopy(database, newRecruiter()),
    generate: async () => generate(newRecruiter()),
  }
  // One round that does not count: it loads Prisma's query compiler and warms the code up.
  for (const way of Object.values(ways)) await measured(database, way)
  const times: Record<string, number[]> = { seed: [], copy: [], generate: [] }
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) times[name]!.push(await measured(database, way))
  }
  await database.end()
  await report(times)
} finally {
  await server.stop()
  await workshop.remove()
}

async function report(times: Record<string, number[]>): Promise<void> {
  const [seed, copy, alone] = [median(times['seed']!), median(times['copy']!), median(times['generate']!)]
  console.log(`${rows.toLocaleString('en-US')} recruits, medians of ${rounds}`)
  console.log(`  the seed              ${inSeconds(seed)}   (${times['seed']!.map(inSeconds).join(', ')})`)
  console.log(`  generate + one COPY   ${inSeconds(copy)}   (${times['copy']!.map(inSeconds).join(', ')})`)
  console.log(`  generate alone        ${inSeconds(alone)}`)
  await keepFigures('seeding', { 'seeding.copy': seed / copy })
}

async function bySeed(PrismaClient: ClientClass, recruit: Recruiter<Recruit>): Promise<void> {
  const adapter = new PrismaPg({ connectionString: server.adminUrl, max: 1, idleTimeoutMillis: 0 })
  const client = new PrismaClient({ adapter })
  const nothing = () => {}
  const hooks = { isStopped: () => false, waiting: nothing, added: nothing, progress: nothing }
  await runSeed(client, { name: 'c26', count: rows, recruit, ...hooks })
  await client.$disconnect()
}

/** Sends while it generates, as the seed does: the fastest way there is. */
async function byCopy(database: pg.Client, recruit: Recruiter<Recruit>): Promise<void> {
  const stream = database.query(copyFrom(`COPY recruits (${Object.values(columns).join(', ')}) FROM STDIN`))
  const fields = Object.keys(columns) as (keyof Recruit)[]
  let text = ''
  for (let n = 1; n <= rows; n++) {
    const made = recruit(n)
    text += `${fields.map((field) => made[field]).join('\t')}\n`
    if (text.length < 65_536) continue
    if (!stream.write(text)) await once(stream, 'drain')
    text = ''
  }
  stream.end(text)
  await once(stream, 'finish')
}

function generate(recruit: Recruiter<Recruit>): void {
  for (let n = 1; n <= rows; n++) recruit(n)
}

async function measured(database: pg.Client, work: () => Promise<void>): Promise<number> {
  await database.query('TRUNCATE recruits')
  await database.query('CHECKPOINT')
  const since = performance.now()
  await work()
  return performance.now() - since
}

async function migrate(database: pg.Client): Promise<void> {
  const names = readdirSync(workshop.file('prisma/migrations')).filter((name) => /^\d/.test(name))
  for (const name of names.sort()) {
    await database.query(readFileSync(workshop.file(`prisma/migrations/${name}/migration.sql`), 'utf8'))
  }
}

function pathOf(file: string): string {
  return pathToFileURL(workshop.file(file)).href
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}
