import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { isAtomic, runsOf, takesNote, transactionsOf, type Run } from '../sql/script-runs.ts'
import { lineAt, loadParser } from '../sql/tree.ts'
import { StatementFailed } from './run-as-prisma.ts'
import { isDatabaseError, renderDatabaseError } from './database-error.ts'
import { watchLocks } from './lock-watcher.ts'
import type { ScriptNote } from './script-notes.ts'

/** How often a transaction is tried again that got no lock. */
const retries = 5

interface Running {
  /** Told whom the script waits for. */
  say?: ((line: string) => void) | undefined
  note?: ScriptNote | undefined
}

/**
 * Runs a script as Prisma's native engine does: statement by statement, each committed by itself, unless the script says
 * BEGIN and COMMIT. What ran before a statement that fails stays. Where WORKSHOP_LOCK_TIMEOUT is set (`5s`), a statement
 * waits no longer than that for a lock, so that others don't queue behind it for longer; and a transaction that got none,
 * and so was rolled back, is tried again, those before it are not. Throws a StatementFailed.
 */
export async function runScript(pool: pg.Pool, script: string, running: Running): Promise<void> {
  await loadParser()
  const parts = partsOf(script)
  const client = await pool.connect()
  try {
    const timeout = process.env['WORKSHOP_LOCK_TIMEOUT']
    if (timeout) await runPatiently(client, pool, script, parts, timeout, running)
    else for (const part of parts) await runPart(client, part, running)
  } finally {
    client.release()
  }
}

/** What runs, and is tried again, together. */
interface Part {
  runs: readonly Run[]
  /** A failure leaves nothing of it behind. */
  isAtomic: boolean
  takesNote: boolean
  /** How many statements of the script have run at its end. */
  end: number
}

function partsOf(script: string): Part[] {
  const runs = runsOf(script)
  const transactions = transactionsOf(runs)
  const isBatch = runs.length === 1
  // Statements that are sent together can be several transactions, and they cannot be tried again one by one.
  if (isBatch && transactions.length !== 1) return [{ runs, isAtomic: false, takesNote: false, end: 0 }]
  let end = 0
  return transactions.map((one) => {
    end += one.statements.length
    return { runs: one.runs, isAtomic: isAtomic(one), takesNote: takesNote(one), end }
  })
}

async function runPart(client: pg.PoolClient, part: Part, { note }: Running): Promise<void> {
  const noted = note && part.takesNote ? note(part.end) : undefined
  const { runs } = part
  for (const [i, { sql, offset }] of runs.entries()) {
    try {
      if (noted && i === runs.length - 1 && i > 0) await client.query(noted)
      await client.query(noted && runs.length === 1 ? `${sql}\n;${noted}` : sql)
    } catch (error) {
      throw new StatementFailed(error as Error, offset)
    }
  }
  if (note && !part.takesNote && part.end > 0) await client.query(note(part.end)).catch(() => {})
}

async function runPatiently(
  client: pg.PoolClient,
  pool: pg.Pool,
  script: string,
  parts: readonly Part[],
  timeout: string,
  running: Running,
): Promise<void> {
  const say = running.say ?? (() => {})
  // A limit that the role or the URL sets is theirs to know.
  const { rows } = await client.query<{ pid: number; limit: string }>(
    `SELECT pg_backend_pid() AS pid, CASE current_setting('lock_timeout')
       WHEN '0' THEN set_config('lock_timeout', $1, false) ELSE current_setting('lock_timeout') END AS limit`,
    [timeout],
  )
  const { pid, limit } = rows[0]!
  const watcher = watchLocks(pool.options.connectionString!, pid, say)
  try {
    for (const part of parts) {
      for (let attempt = 1; ; attempt++) {
        try {
          await runPart(client, part, running)
          break
        } catch (failure) {
          const { cause: error, offset } = failure as StatementFailed
          const why = isDatabaseError(error) && reasons[error.code]
          if (!why || attempt > retries || !part.isAtomic) {
            // Prisma can tell nothing but that the script's own transaction has failed.
            if (part.runs.length > 1 && isDatabaseError(error)) say(renderDatabaseError(error))
            throw failure
          }
          await client.query('ROLLBACK')
          const what =
            parts.length === 1
              ? 'rolled back whole, so nothing is changed'
              : `the statement of line ${lineAt(script, offset)} is rolled back, those before it stay`
          say(`  ${why(limit)}: ${what}. Try ${attempt + 1} of ${retries + 1} …`)
          await sleep(attempt * 500)
        }
      }
    }
  } finally {
    // A script with a BEGIN of its own may have left a transaction that failed.
    await client.query('RESET lock_timeout').catch(() => {})
    await watcher.stop()
  }
}

const reasons: Record<string, (limit: string) => string> = {
  '55P03': (limit) => `No lock within ${limit}`,
  '40P01': () => 'A deadlock',
}
