import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { grouped } from '../../kit/terminal/numbers.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { renderProblem } from '../../kit/terminal/render-problem.ts'
import { explained, noAddress, otherDatabase, type SeedPlace } from './seed-errors.ts'
import { readSeedFlags, type SeedFlags } from './seed-flags.ts'
import { recruiter, type Person, type Seedable } from './people.ts'
import { rowsPerSecond, startProgress } from './progress-bar.ts'
import { newestPending } from './pending-migrations.ts'
import { manyRecruits, runSeed, type SeedResult } from './seed-run.ts'
import { stopOnSignal } from './stop-signal.ts'
import type { SeedClient } from './recruits-table.ts'

export type { Person } from './people.ts'

/** The class PrismaClient as `npx prisma generate` writes it. */
type ClientClass = new (options: { adapter: PrismaPg }) => object

/**
 * A whole seed script: reads `--count N` and `--random`, adds the recruits that are missing to the database at
 * DATABASE_URL, prints what it did, and sets the exit code (130 after Ctrl-C).
 */
export async function seed<Recruit extends Seedable>(
  name: string,
  PrismaClient: ClientClass,
  makeRecruit: (person: Person) => Recruit,
): Promise<void> {
  const env = process.env['WORKSHOP_ENV'] ?? 'dev'
  const place = { label: env.toUpperCase(), env, command: `npm run seed:${name} -- --env ${env}` }
  try {
    const flags = readSeedFlags(process.argv.slice(2), place.command)
    await withClient(PrismaClient, place, (client) =>
      seedInto(client, name, flags, withFlags(place, flags), makeRecruit),
    )
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    process.stderr.write(`${renderProblem(error, process.stderr.columns)}\n`)
    process.exitCode = error.exitCode
  }
}

async function seedInto<Recruit extends Seedable>(
  client: SeedClient,
  name: string,
  flags: SeedFlags,
  place: SeedPlace,
  makeRecruit: (person: Person) => Recruit,
): Promise<void> {
  const label = place.label.padEnd(4)
  const isMany = flags.count >= manyRecruits
  const since = performance.now()
  const progress = isMany ? startProgress(label, flags.count, say) : undefined
  try {
    const result = await runSeed(client, {
      name,
      count: flags.count,
      recruit: recruiter(name, flags.random, makeRecruit),
      isStopped: stopOnSignal(),
      waiting: () => say(`${label}  Another seed:${name} is at work on this database. Waiting for it …`),
      added: (recruit) => say(`${label}  + ${recruit.githubName}`),
      progress: (done) => progress?.update(done),
    })
    progress?.end()
    const rate = isMany ? `, ${rowsPerSecond(result.added + result.present, since)}` : ''
    const total = await totalNow(client, recruiter(name, false, makeRecruit)(1))
    say(`${label}  ${summary(result)}${rate}. ${total}`)
    if (result.stopped) sayHowToGoOn(result, flags, place)
  } catch (error) {
    progress?.end()
    throw explained(error, { ...place, pending: await newestPending(client) })
  }
}

function summary({ added, present }: SeedResult): string {
  if (added === 0 && present > 0) return `${recruits(present)} there already, none added`
  return `${recruits(added)} added${present > 0 ? `, ${grouped(present)} there already` : ''}`
}

async function totalNow(client: SeedClient, sample: object): Promise<string> {
  const cohort = 'cohort' in sample ? sample.cohort : undefined
  const total = await client.recruit!.count(cohort === undefined ? {} : { where: { cohort } })
  return cohort === undefined ? `${grouped(total)} in the table.` : `${grouped(total)} in ${cohort}.`
}

function sayHowToGoOn(result: SeedResult, flags: SeedFlags, place: SeedPlace): void {
  process.exitCode = 130
  const done = `${grouped(result.added + result.present)} of ${grouped(flags.count)} are in`
  const repeat = flags.random ? 'The same command adds new ones' : 'The same command adds the rest'
  say(`${place.label.padEnd(4)}  Stopped: ${done}. ${repeat}:\n      ${place.command}`)
}

async function withClient(
  PrismaClient: ClientClass,
  place: SeedPlace,
  work: (client: SeedClient) => Promise<void>,
): Promise<void> {
  const connectionString = process.env['DATABASE_URL']
  if (!connectionString) throw noAddress(place)
  // One connection, kept: the lock that a seed takes lasts as long as its connection. A second one would go on without.
  const pool = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 0 })
  const end = async () => {
    if (!pool.ending) await pool.end()
  }
  pool.on('error', () => {}) // Cut off between two batches: the next one reports it.
  pool.on('remove', () => void end())
  const client = new PrismaClient({ adapter: new PrismaPg(pool) }) as SeedClient
  try {
    await assertMarked(client, place)
    await work(client)
  } finally {
    await client.$disconnect()
    await end()
  }
}

async function assertMarked(client: SeedClient, place: SeedPlace): Promise<void> {
  const marked = "SELECT to_regclass('workshop.marker') IS NOT NULL AS found"
  const [there] = await client.$queryRawUnsafe<{ found: boolean }[]>(marked).catch(() => [])
  if (!there?.found) return
  const read = 'SELECT environment FROM workshop.marker'
  const [marker] = await client.$queryRawUnsafe<{ environment: string }[]>(read)
  if (marker && marker.environment !== place.env) throw otherDatabase(place, marker.environment)
}

function withFlags(place: SeedPlace, { count, random }: SeedFlags): SeedPlace {
  const flags = `${count === 5 ? '' : ` --count ${count}`}${random ? ' --random' : ''}`
  return { ...place, command: place.command + flags }
}

function recruits(n: number): string {
  return n === 1 ? '1 recruit' : `${grouped(n)} recruits`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
