import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { open } from '../../kit/database/connection.ts'
import type { Env, Place } from '../../kit/database/target.ts'

/** Asks again and again whether anything was written on the servers of DEV and PROD, at next to no cost. */
export interface Moments {
  /** The same text while no transaction has finished there; another one each time where that cannot be asked. */
  of(env: Env): Promise<string>
  close(): Promise<void>
}

/** Named, so that the server reads it once. */
const question = { name: 'moment', text: 'SELECT pg_current_snapshot()::text AS moment' }

/** Milliseconds after which a server that does not answer counts as changed, so that somebody looks. */
const patience = 2_000

/**
 * Keeps one session a server, in the database `postgres`: in DEV or PROD themselves it would be in the way of a rename or a
 * reset. PostgreSQL's list of finished transactions is the whole server's.
 */
export function openMoments(place: Place): Moments {
  const sessions = new Map<Env, { url: string; client: pg.Client }>()
  const leave = async (env: Env) => {
    const session = sessions.get(env)
    sessions.delete(env)
    await session?.client.end().catch(() => {})
  }

  const ask = async (env: Env): Promise<string> => {
    const url = new URL(place.target(env).url)
    url.pathname = '/postgres'
    if (sessions.get(env)?.url !== url.href) await leave(env)
    const kept = sessions.get(env)?.client ?? (await open(url.href))
    // Away is away; whoever may not enter that database has to be asked in another way.
    if (!(kept instanceof pg.Client)) return kept.kind === 'unreachable' ? kept.message : unknown()
    sessions.set(env, { url: url.href, client: kept })
    const { rows } = await kept.query<{ moment: string }>(question)
    return rows[0]!.moment
  }

  return {
    async of(env) {
      const wait = new AbortController()
      const late = sleep(patience, undefined, { signal: wait.signal, ref: false }).catch(() => undefined)
      const moment = await Promise.race([ask(env).catch(() => undefined), late])
      wait.abort()
      if (moment === undefined) await Promise.race([leave(env), sleep(100)])
      return moment ?? unknown()
    },
    async close() {
      await Promise.all([...sessions.keys()].map(leave))
    },
  }
}

/** Then somebody has to look. */
function unknown(): string {
  return `not known ${performance.now()}`
}
