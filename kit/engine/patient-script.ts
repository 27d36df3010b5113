import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isOneTransaction } from '../sql/statements.ts'
import { isDatabaseError } from './database-error.ts'

/** How often a script is tried again that got no lock. */
const retries = 5

/**
 * Runs a script of a migration as PostgreSQL runs it: whole, in one implicit transaction. Where WORKSHOP_LOCK_TIMEOUT is
 * set (`5s`), a statement waits no longer than that for a lock, so that others don't queue behind it for longer; and a
 * script that got none, and so was rolled back whole, is tried again. `say` is told whom it waits for.
 */
export async function runScript(pool: pg.Pool, script: string, say: (line: string) => void): Promise<void> {
  const timeout = process.env['WORKSHOP_LOCK_TIMEOUT']
  if (!timeout) {
    await pool.query(script)
    return
  }
  // A limit that the role or the URL sets is theirs to know.
  const { rows } = await pool.query<{ pid: number; limit: string }>(
    `SELECT pg_backend_pid() AS pid, CASE current_setting('lock_timeout')
       WHEN '0' THEN set_config('lock_timeout', $1, false) ELSE current_setting('lock_timeout') END AS limit`,
    [timeout],
  )
  const { pid, limit } = rows[0]!
  const watcher = watchLocks(pool, pid, say)
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await pool.query(script)
        return
      } catch (error) {
        const why = isDatabaseError(error) && reasons[error.code]
        if (!why || attempt > retries || !isOneTransaction(script)) throw error
        say(`  ${why(limit)}: rolled back whole, so nothing is changed. Try ${attempt + 1} of ${retries + 1} …`)
        await sleep(attempt * 500)
      }
    }
  } finally {
    // A script with a BEGIN of its own may have left a transaction that failed.
    await pool.query('RESET lock_timeout').catch(() => {})
    await watcher.stop()
  }
}

const reasons: Record<string, (limit: string) => string> = {
  '55P03': (limit) => `No lock within ${limit}`,
  '40P01': () => 'A deadlock',
}

/** Looks from a session of its own, for the one that waits cannot, and tells of each new one in the way. */
function watchLocks(pool: pg.Pool, pid: number, say: (line: string) => void): { stop(): Promise<void> } {
  const client = new pg.Client({ connectionString: pool.options.connectionString, application_name: 'migrate deploy' })
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
