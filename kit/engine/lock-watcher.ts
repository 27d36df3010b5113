import { setTimeout as sleep } from 'node:timers/promises'
import { TlsClient } from '../database/tls-client.ts'

/** Looks from a session of its own, for the one that waits cannot, and tells of each new one in the way of `pid`. */
export function watchLocks(
  connectionString: string,
  pid: number,
  say: (line: string) => void,
): { stop(): Promise<void> } {
  const client = new TlsClient({ connectionString, application_name: 'migrate deploy' })
  client.on('error', () => {})
  const stopping = new AbortController()
  const look = async () => {
    const told = new Set<string>()
    await client.connect()
    while (!stopping.signal.aborted) {
      const { rows } = await client.query<{ who: string }>(whoBlocks, [pid])
      for (const { who } of rows.filter((row) => !told.has(row.who))) {
        told.add(who)
        say(`  It waits for a lock that is held by ${who}.`)
      }
      await sleep(200, undefined, { signal: stopping.signal })
    }
  }
  // Who is in the way is good to know; a deploy does not fail for want of it.
  const looking = look().catch(() => {})
  return {
    async stop() {
      stopping.abort()
      await looking
      await client.end().catch(() => {})
    },
  }
}

const whoBlocks = `
  SELECT format('%s (process %s%s%s)', coalesce(nullif(application_name, ''), 'a session'), pid,
    coalesce(', ' || state, ''), coalesce(' since ' || to_char(coalesce(state_change, backend_start), 'HH24:MI:SS'), '')) AS who
  FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY pid`
