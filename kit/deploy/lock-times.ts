import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { lockWords } from '../hazards/locks.ts'
import { lasting } from '../terminal/numbers.ts'

/** A lock that makes others wait, as long as it was held without a break. */
export interface HeldLock {
  migration: string
  table: string
  lock: StrongLock
  /** In milliseconds, to some ten. */
  ms: number
}

const strong = ['ACCESS EXCLUSIVE', 'EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'SHARE'] as const
type StrongLock = (typeof strong)[number]

/** Longer than this is felt. */
const felt = 100

const interval = 10

/**
 * Runs a migration in a session, and looks from another one which strong locks it holds on tables that were there before.
 * What is shorter than ten milliseconds mostly stays unseen: nobody feels it.
 */
export async function lockedBy(
  client: pg.Client,
  open: () => Promise<pg.Client>,
  migration: string,
  run: () => Promise<void>,
): Promise<HeldLock[]> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const held = new Map<string, HeldLock & { since: number; look: number }>()
  const stopping = new AbortController()
  // It tells what is good to know; no rehearsal fails for want of it.
  const watcher = await open().catch(() => undefined)
  const looking = watcher && look(watcher, rows[0]!.pid, stopping.signal, migration, held).catch(() => {})
  try {
    await run()
  } finally {
    stopping.abort()
    await looking
    await watcher?.end().catch(() => {})
  }
  return [...held.values()].map(({ table, lock, ms }) => ({ migration, table, lock, ms }))
}

async function look(
  watcher: pg.Client,
  pid: number,
  signal: AbortSignal,
  migration: string,
  held: Map<string, HeldLock & { since: number; look: number }>,
): Promise<void> {
  for (let n = 0; ; n++) {
    const now = performance.now()
    const { rows } = await watcher.query<{ table: string; lock: StrongLock }>(strongLocks, [pid])
    for (const { table, lock } of rows) {
      const before = held.get(`${table} ${lock}`)
      // One that was let go between two looks begins anew.
      const since = before?.look === n - 1 ? before.since : now
      held.set(`${table} ${lock}`, {
        migration,
        table,
        lock,
        ms: Math.max(before?.ms ?? 0, now - since),
        since,
        look: n,
      })
    }
    await sleep(interval, undefined, { signal })
  }
}

/** Who would have to wait on PROD, and for how long: a line for each table that a migration locks for longer than 0.1 s. */
export function describeLocks(locks: readonly HeldLock[]): string[] {
  return locks
    .filter(({ table, migration, lock, ms }) => {
      const others = locks.filter((one) => one.table === table && one.migration === migration && one.ms > felt)
      // Of several at a time, the strongest says all.
      return ms > felt && others.every((one) => strong.indexOf(one.lock) >= strong.indexOf(lock))
    })
    .map(
      ({ migration, table, lock, ms }) =>
        `${table} was locked for ${lasting(ms / 1000)} by ${migration}: ${lock}, ${lockWords[lock === 'EXCLUSIVE' ? 'SHARE' : lock]}`,
    )
}

const strongLocks = `
  SELECT c.oid::regclass::text AS "table", upper(regexp_replace(replace(mode, 'Lock', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g')) AS lock
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  WHERE l.pid = $1 AND l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p', 'm')
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
    AND mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')`
