import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { connectTo } from '../database/connection.ts'
import type { Target } from '../database/target.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { loadParser } from '../sql/tree.ts'
import { batches, type Batch } from './batches.ts'
import { bytesNeeded, freeOnServer, tooLittleDisk, type FreeBytes } from './disk.ts'
import { gotNoLock, isCutOff, kindOf, noExpression, wentAway } from './failures.ts'
import { whyNoExpression } from '../sql/one-expression.ts'
import { lockPatience, pauseAfter } from './pace.ts'
import { beginAgain, noteEnd, openPlace, type Place } from './places.ts'
import type { BackfillPlan } from './plan.ts'
import { assertTaken, countRows, readTable, type TableToFill } from './table.ts'
import { readWithoutValue } from './without-value.ts'
import { takeTable } from './turn.ts'
import { waitForReplicas } from './replicas.ts'
import { tryOut, type Tried } from './try-out.ts'
import { watchOthers, type Watch } from './watch.ts'

/** What it says after each batch. */
export interface BackfillProgress {
  /** The table is gone through from its first key to its last; more than once where rows came without a value meanwhile. */
  pass: number
  /** Rows of the table that this pass has looked at, runs before this one included. */
  lookedAt: number
  /** Rows of the table, as counted in the beginning. */
  rows: number
  /** Rows that this run has given a value. */
  filled: number
  /** The last batch: how many rows it looked at and wrote, and how long others could have waited for one of them, in ms. */
  batch: Batch
}

export interface BackfillReport {
  /**
   * `filled`: no row is left. `left`: some have no value still, and going on would not help. `stopped`: by `signal`, at the
   * end of a batch. `tried`: a dry run.
   */
  outcome: 'filled' | 'left' | 'stopped' | 'tried'
  /** Rows of the table, and those without a value, as counted in the beginning. */
  rows: number
  empty: number
  /** Rows that this run has given a value. */
  filled: number
  batches: number
  /** From the first batch to the last, in milliseconds. */
  ms: number
  /** Counted in the end; undefined where it was stopped. */
  left?: number
  /** Of those: keys of the first ones for which the expression gives NULL, as SQL. */
  withoutValue?: string[]
  tried?: Tried
}

export interface Running {
  /** Stops it at the end of the batch that is at work. It goes on there when it is called again. */
  signal?: AbortSignal | undefined
  /** Told once, before the first batch. */
  onBegin?: (counted: { rows: number; empty: number; lookedAt: number }) => void
  onProgress?: (progress: BackfillProgress) => void
  /** Told what it waits for, a sentence each. */
  say?: (line: string) => void
  isDryRun?: boolean
  /** How it gets a session; a database with another marker than the target's is refused without it. */
  connect?: (target: Target) => Promise<pg.Client>
  free?: FreeBytes
  /** How long a batch waits for a lock, in milliseconds. */
  patience?: number
  /** How long it asks for the table before it says who is at work, in milliseconds: one that was killed may be at its last batch. */
  turnPatience?: number
}

/**
 * Fills a column of a big table while everybody works: in short batches along the key of the table, with pauses. Only rows
 * without a value get one, so a value that the application writes meanwhile stays, and nothing is ever overwritten. It can
 * be stopped or killed at any moment, and goes on where it was: each batch and its place are one transaction (schema
 * `workshop` of that database). Writes to `target`, whichever it is. Throws a Problem where it refuses, or cannot go on;
 * what is filled then is whole.
 */
export async function backfill(target: Target, plan: BackfillPlan, running: Running = {}): Promise<BackfillReport> {
  await loadParser()
  for (const part of [plan.expression, plan.where ?? 'true']) {
    const why = whyNoExpression(part)
    if (why) throw noExpression(plan, part, why)
  }
  const connect = () => (running.connect ?? connectTo)(target)
  const client = await connect()
  const done = { filled: 0 }
  try {
    return await fill({ client, connect, target, plan, running, done })
  } catch (error) {
    throw isCutOff(error) ? wentAway(target, plan, done.filled, error) : error
  } finally {
    await client.end().catch(() => {})
  }
}

interface Filling {
  client: pg.Client
  connect: () => Promise<pg.Client>
  target: Target
  plan: BackfillPlan
  running: Running
  done: { filled: number }
}

async function fill(filling: Filling): Promise<BackfillReport> {
  const { client, connect, plan, target, running } = filling
  const patience = running.patience ?? lockPatience
  // A key is read as it is written; rows that row security hides are an error, not a gap.
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid, set_config('lock_timeout', $1, false), set_config('datestyle', 'ISO', false),
       set_config('row_security', 'off', false), set_config('default_transaction_isolation', 'read committed', false),
       set_config('statement_timeout', '0', false), set_config('idle_in_transaction_session_timeout', '0', false)`,
    [`${patience}`],
  )
  const watch = watchOthers(connect, rows[0]!.pid)
  try {
    const { table, counted, report } = await prepare(filling)
    if (report) return report
    const place = await openPlace(client, target, table, plan)
    if (counted.empty > 0) return await passes({ ...filling, watch, patience }, table, counted, place)
    await noteEnd(client, table)
    return { ...counted, outcome: 'filled', filled: 0, batches: 0, ms: 0, left: 0 }
  } catch (error) {
    // Batches have judged theirs.
    throw isDatabaseError(error) && kindOf(error) === 'lock' ? gotNoLock(target, plan, watch.inTheWay(), error) : error
  } finally {
    await watch.stop()
  }
}

/** All that can be said before the first row is written. */
async function prepare({ client, target, plan, running }: Filling) {
  const ENV = target.env.toUpperCase()
  const table = await readTable(client, plan, ENV)
  await takeTable(client, table.oid, plan, ENV, running.turnPatience)
  await assertTaken(client, table, plan)
  const counted = await countRows(client, table, plan)
  if (counted.empty > 0) {
    const free = await (running.free ?? freeOnServer)(target)
    const needed = bytesNeeded(table, counted.rows, counted.empty)
    if (free !== undefined && free < needed) throw tooLittleDisk(plan, ENV, needed, free)
  }
  if (!running.isDryRun) return { table, counted }
  const tried = counted.empty > 0 ? await tryOut(client, target, table, plan, counted.empty) : undefined
  const report: BackfillReport = { ...counted, outcome: 'tried', filled: 0, batches: 0, ms: 0, ...(tried && { tried }) }
  return { table, counted, report }
}

/** Rows may come without a value while it goes through the table; this often it begins again for them. */
const most = 5

async function passes(
  filling: Filling & { watch: Watch; patience: number },
  table: TableToFill,
  { rows, empty }: { rows: number; empty: number },
  begin: Place,
): Promise<BackfillReport> {
  const { client, target, plan, running, done, watch, patience } = filling
  const { signal, onProgress, say = () => {} } = running
  running.onBegin?.({ rows, empty, lookedAt: begin.lookedAt })
  const work = { client, target, table, plan, signal, say, inTheWay: watch.inTheWay, patience }
  const since = performance.now()
  let count = 0
  const report = () => ({ rows, empty, filled: done.filled, batches: count, ms: performance.now() - since })
  let place = begin
  for (let pass = 1; ; pass++) {
    const isWhole = place.key === undefined
    const before = done.filled
    for await (const batch of batches({ ...work, place })) {
      count++
      done.filled += batch.filled
      onProgress?.({ pass, lookedAt: batch.lookedAt, rows, filled: done.filled, batch })
      const met = { ms: batch.ms, hasWritten: batch.written > 0, waiting: watch.waiting() }
      await sleep(pauseAfter(met, plan.share ?? 50), undefined, { signal }).catch(() => {})
      await waitForReplicas(watch, { target, plan, signal, say })
    }
    if (signal?.aborted) return { ...report(), outcome: 'stopped' }
    const { empty: left } = await countRows(client, table, plan)
    if (left === 0) {
      await noteEnd(client, table)
      return { ...report(), outcome: 'filled', left }
    }
    if ((isWhole && done.filled === before) || pass === most) {
      return { ...report(), outcome: 'left', left, withoutValue: await readWithoutValue(client, table, plan) }
    }
    place = await beginAgain(client, table)
  }
}
