import { createHash } from 'node:crypto'
import { expect } from '@jest/globals'
import pg from 'pg'
import { workshop } from './deploy-bed.ts'

// On the bed of the deploys: a migration of which nobody knows yet what became.

export const name = '20270101000000_mine'
export const addsColumn = 'ALTER TABLE recruits ADD COLUMN nickname text;'
export const writesRows = "UPDATE recruits SET surname = surname || '!';"

/** As Prisma and the engine leave it; `notes` are those of the script itself. */
export async function cutOff(
  sql: string,
  { hasRun = false as string | boolean, notes = [] as number[], forged = [] as number[], logs = '', text = sql } = {},
): Promise<void> {
  workshop.write(`prisma/migrations/${name}/migration.sql`, text)
  const checksum = createHash('sha256').update(sql).digest('hex')
  await workshop.sql(
    'prod',
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, started_at, applied_steps_count)
     VALUES (gen_random_uuid(), '${checksum}', '${name}', nullif('${logs}', ''), clock_timestamp(), 0)`,
  )
  // The words that only the two sessions know.
  for (const [word, numbers] of Object.entries({ own: notes, other: forged })) {
    const noted = numbers.map((statements) => `SELECT workshop.note_script('${name}', ${statements})`)
    await workshop.sql('prod', [`SELECT set_config('workshop.run', '${word}', false)`, ...noted].join('; '))
  }
  if (hasRun) await workshop.sql('prod', hasRun === true ? sql : hasRun)
}

export async function up(run = workshop.door): Promise<string> {
  const { code, output } = await run('db', 'up')
  expect({ code, output }).toMatchObject({ code: 0 })
  return output
}

export const state = async () =>
  (
    await workshop.sql<{ state: string }>(
      'prod',
      `SELECT CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back' WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END AS state
       FROM _prisma_migrations WHERE migration_name = '${name}' ORDER BY started_at`,
    )
  ).map((row) => row.state)

export const rolledBack = `${name} did not get to its end, and nothing of it is there`
export const applied = `${name} was cut off after its end: all of it is there`

/** The words of a line for a shell, without `npm run` and the `--` that is npm's own. */
export function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
  return words.slice(2).filter((word) => word !== '--')
}

/** Somebody who reads recruits: no migration that changes it can begin, or get to its end. */
export async function reader(): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: workshop.url('prod'), application_name: 'a reader' })
  session.on('error', () => {})
  await session.connect()
  await session.query('BEGIN; SELECT FROM recruits')
  return session
}

/**
 * The migration's own session goes after all others: the deploy would count with one that is left. The reader goes last:
 * without it, the migration would get to its end.
 */
export async function endSessions(session: pg.Client): Promise<void> {
  for (const isIt of ['!~', '~']) {
    await workshop.asAdmin(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'prod' AND pid <> pg_backend_pid()
       AND application_name <> 'a reader' AND query ${isIt} '^ALTER TABLE recruits'`,
    )
  }
  await session.end()
}
