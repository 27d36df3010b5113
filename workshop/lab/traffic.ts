import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { around, kindOf, statement, type Application, type Kind, type Version } from './applications.ts'
import { followedWrites, type FollowedWrites } from './followed-writes.ts'

export interface TrafficOptions {
  url: string
  /** Operations a second. */
  rate: number
  connections: number
  applications: Record<Version, Application>
  /** How many recruits the portal had at the beginning, with the numbers 1 to that. */
  recruits: number
  onDone(done: Done): void
}

/** One operation that has its answer; times in milliseconds of `performance.now()`. */
export interface Done {
  version: Version
  kind: Kind
  /** When it was planned: what it waits for to begin is a part of what a user waits. */
  planned: number
  answered: number
  /** What PostgreSQL said instead of an answer. */
  failure?: string
}

export interface Traffic {
  /** From now on these versions run, in turns. */
  serve(versions: readonly Version[]): void
  /** Operations that were planned and have no answer yet, and when the oldest of them was planned. */
  waiting(): { count: number; oldest: number | undefined }
  /** What was written to the recruits, and confirmed. */
  writes: FollowedWrites
  /** By how much an operation was begun after its moment, at most, in milliseconds: this process was busy then. */
  latest(): number
  /** Ends it; what has begun gets its answer first, unless `now`. */
  stop(how?: 'now'): Promise<void>
}

/**
 * Sends operations at a steady rate, each at a moment that was planned beforehand, whether those before it have been
 * answered or not (an open loop). A loop that waits for each answer would send nothing while nothing is answered, and
 * so never see most of those who wait.
 */
export function startTraffic({ url, rate, connections, applications, recruits, onDone }: TrafficOptions): Traffic {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'portal',
    idleTimeoutMillis: 0,
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const writes = followedWrites()
  const begun = performance.now()
  const open = new Map<number, number>()
  let versions: readonly Version[] = ['old']
  let [next, latest] = [0, 0]
  const stopping = new AbortController()

  const send = async (n: number, planned: number) => {
    open.set(n, planned)
    const version = versions[n % versions.length]!
    const kind = kindOf(n)
    const given = { id: recruitOf(n, kind, recruits, writes), text: `written.${n}`, number: n }
    const sql = { ...around, ...applications[version] }[kind]
    const write = kind === 'update' ? writes.begin(given.id) : undefined
    const failure = await pool.query(statement(sql, given)).then(
      ({ rows }) => {
        write?.confirm(given)
        if (kind === 'insert' && rows[0]) writes.begin((rows[0] as { id: number }).id).confirm(given)
        return undefined
      },
      (error: Error) => {
        write?.forget(isRefusal(error))
        return error.message
      },
    )
    open.delete(n)
    const answered = performance.now()
    onDone({ version, kind, planned, answered, ...(failure !== undefined && { failure }) })
  }

  const sending = (async () => {
    while (!stopping.signal.aborted) {
      const now = performance.now()
      for (let planned = begun + (next * 1000) / rate; planned <= now; planned = begun + (next * 1000) / rate) {
        latest = Math.max(latest, performance.now() - planned)
        void send(next++, planned)
        // Answers and clocks have their turn also where more is planned than can be sent.
        if (performance.now() - now > turn) break
      }
      await sleep(Math.max(1, begun + (next * 1000) / rate - performance.now()))
    }
  })()

  return {
    serve: (now) => void (versions = now),
    waiting: () => ({ count: open.size, oldest: open.values().next().value }),
    writes,
    latest: () => latest,
    async stop(how) {
      if (stopping.signal.aborted) return
      stopping.abort()
      await sending
      if (how !== 'now') while (open.size > 0) await sleep(5)
      await Promise.race([pool.end(), sleep(how === 'now' ? 500 : 5_000, undefined, { ref: false })])
    },
  }
}

/** Milliseconds that are spent on sending at once. */
const turn = 20

/** Spread over all of them; an update goes to one that no other update is at work on, so that the last word is known. */
function recruitOf(n: number, kind: Kind, recruits: number, writes: FollowedWrites): number {
  const at = (i: number) => 1 + ((i * 7919) % recruits)
  if (kind !== 'update') return at(n)
  let i = n
  while (writes.isBusy(at(i)) && i < n + Math.min(recruits, 100)) i++
  return at(i)
}

/** PostgreSQL has answered, and so nothing was written; a connection that broke off leaves that open. */
function isRefusal(error: Error): boolean {
  return error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '')
}
