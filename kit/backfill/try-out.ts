import type pg from 'pg'
import type { Target } from '../database/target.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { fillSample, firstEmpty, lastOfBatch, type KeyedTable } from './batch-sql.ts'
import { sampleFails } from './failures.ts'
import { wantedTime } from './pace.ts'
import type { BackfillPlan } from './plan.ts'

/** What a batch that was rolled back says of all the others. */
export interface Tried {
  /** Rows that it wrote, and how long that took, in milliseconds. */
  rows: number
  ms: number
  /** What the whole is likely to take, pauses included. */
  batches: number
  seconds: number
}

const sample = 2_000

/** Fills some rows, and takes that back. The column is as it was then; for that moment, these rows are locked. */
export async function tryOut(
  client: pg.ClientBase,
  target: Target,
  table: KeyedTable,
  plan: BackfillPlan,
  empty: number,
): Promise<Tried> {
  await client.query("BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s'")
  try {
    const [first] = (await client.query<{ key: string[] }>(firstEmpty(table, plan))).rows
    const from = first?.key ?? []
    const [last] = (await client.query<{ key: string[] }>(lastOfBatch(table, '>='), [sample, ...from])).rows
    const since = performance.now()
    const parameters = [...last!.key, ...from]
    const { rows } = await client.query<{ written: number }>(fillSample(table, plan), parameters)
    const ms = performance.now() - since
    const { written } = rows[0]!
    const whole = (ms * empty) / Math.max(1, written)
    const share = (plan.share ?? 50) / 100
    return { rows: written, ms, batches: Math.ceil(whole / wantedTime), seconds: whole / share / 1000 }
  } catch (error) {
    throw isDatabaseError(error) ? sampleFails(target, plan, error) : error
  } finally {
    await client.query('ROLLBACK')
  }
}
