import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Target } from '../database/target.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { fillBatch, lastOfBatch, type KeyedTable } from './batch-sql.ts'
import { gotNoLock, kindOf, rowFails, tableChanged, tooSlow } from './failures.ts'
import { nextSize, waitAfter } from './pace.ts'
import type { Place } from './places.ts'
import type { BackfillPlan } from './plan.ts'

/** One that is committed. */
export interface Batch {
  /** How many rows it looked at, how many of them it wrote, and how many of those have a value now. */
  rows: number
  written: number
  filled: number
  /** In milliseconds. */
  ms: number
}

interface Work {
  client: pg.ClientBase
  target: Target
  table: KeyedTable
  plan: BackfillPlan
  place: Place
  signal: AbortSignal | undefined
  say: (line: string) => void
  /** Who was in the way the last time. */
  inTheWay: () => string | undefined
  /** How long it waits for a lock, in milliseconds. */
  patience: number
}

/** How long a batch may take. */
const longest = '30s'

const firstSize = 500

/**
 * Goes through the table along its key from `place` on, and fills what is empty. Yields each batch once it is committed.
 * One that fails leaves nothing behind, and is tried again with fewer rows: so it ends at the one row that is in the way.
 */
export async function* batches(work: Work): AsyncGenerator<Batch & { lookedAt: number }> {
  const { client, table, plan } = work
  const isStopped = () => work.signal?.aborted === true
  let { key, lookedAt } = work.place
  let size = firstSize
  let failures = 0
  await client.query(`SET statement_timeout = '${longest}'`)
  try {
    while (!isStopped()) {
      const last = await nextLast(client, table, size, key)
      if (!last) return
      const since = performance.now()
      try {
        const parameters = [last.n, last.key, ...last.key, ...(key ?? [])]
        const { rows } = await client.query<{ written: number; filled: number }>(
          fillBatch(table, plan, key && '>'),
          parameters,
        )
        const ms = performance.now() - since
        lookedAt += last.n
        key = last.key
        failures = 0
        size = nextSize(size, ms)
        yield { ...rows[0]!, rows: last.n, ms, lookedAt }
      } catch (error) {
        if (!isDatabaseError(error)) throw error
        size = await smaller(work, error, last, failures++)
      }
    }
  } finally {
    await client.query('SET statement_timeout = 0').catch(() => {})
  }
}

interface Last {
  key: string[]
  n: number
}

async function nextLast(
  client: pg.ClientBase,
  table: KeyedTable,
  size: number,
  key: readonly string[] | undefined,
): Promise<Last | undefined> {
  return (await client.query<Last>(lastOfBatch(table, key && '>'), [size, ...(key ?? [])])).rows[0]
}

/** How many rows to try again with. Throws a Problem where trying again would not help. */
async function smaller(work: Work, error: pg.DatabaseError, { key, n }: Last, failures: number): Promise<number> {
  const { target, table, plan, signal, say, inTheWay, patience } = work
  const kind = kindOf(error)
  if (kind === 'row') {
    if (n === 1) throw rowFails(target, table, plan, key, error)
    return Math.ceil(n / 2)
  }
  if (kind === 'slow') {
    if (n === 1) throw tooSlow(target, table, plan, key, longest)
    say(`A batch of ${n} rows took longer than ${longest}, and was rolled back: it goes on with fewer.`)
    return Math.ceil(n / 4)
  }
  if (kind === 'changed') throw tableChanged(target, plan, error)
  if (kind !== 'lock') throw error
  const wait = waitAfter(failures, patience)
  const who = inTheWay()
  if (wait === undefined) throw gotNoLock(target, plan, who, error)
  const held = who ? `, held by ${who}` : ''
  say(
    `A batch got no lock within ${patience / 1000} s${held}, and was rolled back. It tries again in ${wait / 1000} s.`,
  )
  await sleep(wait, undefined, { signal }).catch(() => {})
  return Math.ceil(n / 2)
}
