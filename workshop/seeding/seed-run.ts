import { setImmediate as aTurnForOthers, setTimeout as sleep } from 'node:timers/promises'
import type { Recruiter, Seedable } from './people.ts'
import { insertBatch, presentNames, recruitTable, type RecruitTable, type SeedClient } from './recruits-table.ts'

/** From here on createMany, at 7 to 9 times the cost of the batches, would be felt. */
export const manyRecruits = 1_000
const batchSize = 5_000

export interface SeedRun<Recruit> {
  name: string
  count: number
  recruit: Recruiter<Recruit>
  /** Asked at the edge of each batch. */
  isStopped: () => boolean
  /** Called once, when another run of the same seed is at work and this one waits for it. */
  waiting: () => void
  added: (recruit: Recruit) => void
  /** How many of `count` are in by now, these that were there before included. */
  progress: (done: number) => void
}

export interface SeedResult {
  added: number
  /** How many of the recruits asked for were there before. */
  present: number
  stopped: boolean
}

/** Adds the recruits that are missing. Batches commit on their own, so a run that was cut off can simply be repeated. */
export async function runSeed<Recruit extends Seedable>(
  client: SeedClient,
  run: SeedRun<Recruit>,
): Promise<SeedResult> {
  const table = recruitTable(client)
  // Prisma's own query first: when model and table differ, the learner reads Prisma's own words.
  await client.recruit!.findFirst()
  if (!(await lockSeed(client, run))) return { added: 0, present: 0, stopped: true }
  return run.count < manyRecruits ? addFew(client, run) : addMany(client, run, table)
}

async function addFew<Recruit extends Seedable>(client: SeedClient, run: SeedRun<Recruit>): Promise<SeedResult> {
  const recruits = Array.from({ length: run.count }, (_, i) => run.recruit(i + 1))
  const names = recruits.map((recruit) => recruit.githubName)
  const there = await client.recruit!.findMany({ where: { githubName: { in: names } }, select: { githubName: true } })
  const present = new Set(there.map((recruit) => recruit.githubName))
  const missing = recruits.filter((recruit) => !present.has(recruit.githubName))
  if (run.isStopped()) return { added: 0, present: present.size, stopped: true }
  if (missing.length > 0) await client.recruit!.createMany({ data: missing })
  missing.forEach(run.added)
  return { added: missing.length, present: present.size, stopped: false }
}

async function addMany<Recruit extends Seedable>(
  client: SeedClient,
  run: SeedRun<Recruit>,
  table: RecruitTable,
): Promise<SeedResult> {
  const names = await presentNames(client, table)
  const result = { added: 0, present: 0, stopped: false }
  const add = async (batch: Recruit[]) => {
    const missing = batch.filter((recruit) => !names.has(recruit.githubName))
    await insertBatch(client, table, missing)
    result.added += missing.length
    result.present += batch.length - missing.length
    run.progress(result.added + result.present)
  }

  // The server takes in one batch, the next waits on the connection, and we make the one after: nobody idles.
  const underWay: Promise<void>[] = []
  for (let first = 1; first <= run.count && !run.isStopped(); first += batchSize) {
    const batch = await makeBatch(run, first)
    if (underWay.length === 2) await underWay.shift()
    const adding = add(batch)
    adding.catch(() => {}) // It is awaited later; until then Node must not take a failure for a forgotten one.
    underWay.push(adding)
  }
  await Promise.all(underWay)
  return { ...result, stopped: result.added + result.present < run.count }
}

async function makeBatch<Recruit>(run: SeedRun<Recruit>, first: number): Promise<Recruit[]> {
  const recruits: Recruit[] = []
  for (let n = first; n < first + batchSize && n <= run.count; n++) {
    recruits.push(run.recruit(n))
    if (n % 200 === 0) await aTurnForOthers()
  }
  return recruits
}

/** A lock that lasts as long as the connection: two runs of one seed at once would add everything twice. */
async function lockSeed<Recruit>(client: SeedClient, run: SeedRun<Recruit>): Promise<boolean> {
  let warned = false
  while (!run.isStopped()) {
    const [lock] = await client.$queryRawUnsafe<{ taken: boolean }[]>(
      `SELECT pg_try_advisory_lock(hashtext('workshop seed'), hashtext($1)) AS taken`,
      run.name,
    )
    if (lock?.taken) return true
    if (!warned) run.waiting()
    warned = true
    await sleep(200)
  }
  return false
}
