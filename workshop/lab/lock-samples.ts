import { setTimeout as sleep } from 'node:timers/promises'
import { connectToLab } from './lab-server.ts'

/** A lock that keeps somebody from reading or writing, as it was seen on a table of the portal. */
export interface StrongLock {
  table: string
  mode: string
  /** Milliseconds: between the last look before it and the first one after it, so at most. */
  held: number
}

/** What a second was like for those who need a lock. */
export interface SecondOfLocks {
  /** Milliseconds in which somebody held a strong lock. */
  held: number
  /** How many waited for a lock at most at a time. */
  waited: number
}

export interface LockSamples {
  /** What is held at this moment. */
  now(): string | undefined
  /** What was held since the beginning, the longest first and of two as long the stronger; one line a table and mode. */
  locks(): StrongLock[]
  /** The longest time that somebody was seen to wait for a lock, in milliseconds, and how many waited at most at a time. */
  waits(): { longest: number; sessions: number }
  /** What was seen since this was asked the last time. */
  sinceLast(): SecondOfLocks
  stop(): Promise<void>
}

/** Milliseconds between two looks. */
const pause = 20

/** Looks at pg_locks from a session of its own, again and again. */
export async function sampleLocks(url: string): Promise<LockSamples> {
  const client = await connectToLab(url, 'lab locks')
  const { rows: found } = await client.query<{ oid: number; name: string }>(
    "SELECT oid, relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'",
  )
  const names = new Map(found.map(({ oid, name }) => [oid, name]))
  const seen = new Map<string, { lock: StrongLock; since: number }>()
  const done = new Map<string, StrongLock>()
  const waits = { longest: 0, sessions: 0 }
  let second: SecondOfLocks = { held: 0, waited: 0 }
  let lastLook = performance.now()
  const stopping = new AbortController()

  const look = async () => {
    const { rows } = await client.query<Sample>(samples, [[...names.keys()]])
    const now = performance.now()
    const isHeld = new Set<string>()
    for (const { pid, oid, mode } of rows.filter(({ granted }) => granted)) {
      const key = `${pid} ${oid} ${mode}`
      const one = seen.get(key) ?? { lock: { table: names.get(oid)!, mode, held: 0 }, since: lastLook }
      one.lock.held = now - one.since
      seen.set(key, one)
      isHeld.add(key)
    }
    for (const [key, { lock, since }] of seen) {
      if (isHeld.has(key)) continue
      seen.delete(key)
      keep(done, { ...lock, held: now - since })
    }
    const waiting = rows.filter(({ granted }) => !granted)
    waits.sessions = Math.max(waits.sessions, waiting.length)
    waits.longest = Math.max(waits.longest, ...waiting.map(({ waited }) => waited ?? 0))
    if (isHeld.size > 0) second.held += now - lastLook
    second.waited = Math.max(second.waited, waiting.length)
    lastLook = now
  }
  // A server that goes away is told by the traffic.
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look()
      await sleep(pause)
    }
  })().catch(() => {})

  return {
    now() {
      const [one] = [...seen.values()].map(({ lock }) => lock).toSorted((a, b) => strength(b) - strength(a))
      return one && `${one.mode} ${one.table}`
    },
    locks() {
      const all = new Map(done)
      for (const { lock } of seen.values()) keep(all, lock)
      return [...all.values()].toSorted((a, b) => b.held - a.held || strength(b) - strength(a))
    },
    waits: () => waits,
    sinceLast() {
      const { held, waited } = second
      second = { held: 0, waited: 0 }
      return { held: Math.round(held), waited }
    },
    async stop() {
      stopping.abort()
      await looking
      await client.end().catch(() => {})
    },
  }
}

interface Sample {
  pid: number
  oid: number
  mode: string
  granted: boolean
  /** Milliseconds. */
  waited: number | null
}

/** Those that are in the way of a writer, the last one of a reader too. */
const strong = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']

const samples = `
  SELECT pid, relation AS oid, mode, granted, extract(epoch FROM clock_timestamp() - waitstart)::float8 * 1000 AS waited
  FROM pg_locks WHERE pid <> pg_backend_pid() AND ((granted AND locktype = 'relation' AND relation = ANY ($1::oid[]) AND mode IN (${strong.map((mode) => `'${mode}'`).join(', ')}))
    OR NOT granted)`

function strength({ mode }: StrongLock): number {
  return strong.indexOf(mode)
}

function keep(all: Map<string, StrongLock>, lock: StrongLock): void {
  const key = `${lock.table} ${lock.mode}`
  if ((all.get(key)?.held ?? -1) < lock.held) all.set(key, lock)
}
