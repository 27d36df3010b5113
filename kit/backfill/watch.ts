import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** What a session of its own sees of the others, for the one that fills may be waiting itself. */
export interface Watch {
  /** How many sessions were seen to wait for us since it was asked the last time. */
  waiting(): number
  /** Who was in our way the last time that somebody was. */
  inTheWay(): string | undefined
  /** How far behind the slowest replica is, in seconds, as far as this role may know; 0 where there is none. */
  lag(): number
  stop(): Promise<void>
}

/** Looks five times a second. It fails no backfill: what cannot be seen counts as nothing. */
export function watchOthers(open: () => Promise<pg.Client>, pid: number): Watch {
  const stopping = new AbortController()
  const seen = { waiting: 0, inTheWay: undefined as string | undefined, lag: 0 }
  const look = async () => {
    const client = await open()
    try {
      while (!stopping.signal.aborted) {
        const { rows } = await client.query<{ waiting: number; who: string | null; lag: number }>(others, [pid])
        const { waiting, who, lag } = rows[0]!
        seen.waiting = Math.max(seen.waiting, waiting)
        seen.inTheWay = who ?? seen.inTheWay
        seen.lag = lag
        await sleep(200, undefined, { signal: stopping.signal })
      }
    } finally {
      await client.end().catch(() => {})
    }
  }
  const looking = look().catch(() => {})
  return {
    waiting() {
      const { waiting } = seen
      seen.waiting = 0
      return waiting
    },
    inTheWay: () => seen.inTheWay,
    lag: () => seen.lag,
    async stop() {
      stopping.abort()
      await looking
    },
  }
}

const others = `
  SELECT
    (SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND $1 = ANY (pg_blocking_pids(pid))) AS waiting,
    (SELECT string_agg(format('%s (process %s, %s since %s)', coalesce(nullif(application_name, ''), 'a session'), pid,
       coalesce(state, 'at work'), to_char(coalesce(state_change, backend_start), 'HH24:MI:SS')), ', ' ORDER BY pid)
     FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1))) AS who,
    (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0)::float8 FROM pg_stat_replication) AS lag`
