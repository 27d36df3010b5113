import pg from 'pg'
import { counted } from '../../kit/terminal/numbers.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { readHistory } from '../../kit/catalog/migration-history.ts'
import type { Target } from '../../kit/database/target.ts'

export interface DatabaseStatus {
  target: Target
  /** Why there is no more to say, when the database is not there. */
  problem?: Problem
  /** PostgreSQL's version, for example `18.4`. */
  version?: string
  /** Migrations that are applied. */
  migrations?: number
  recruits?: number
  /** A migration that was started, and neither finished nor rolled back: it blocks every deploy. */
  failed?: string
}

/** `7 migrations · 1 recruit`, and what blocks the next deploy. */
export function describeContents({ target, migrations = 0, recruits = 0, failed }: DatabaseStatus): string {
  const contents = [counted(migrations, 'migration'), counted(recruits, 'recruit')].join(' · ')
  if (!failed) return contents
  return `${contents}\n      failed: ${failed}. What of it is there:  npm run drift -- --env ${target.env}`
}

/** Looks at one database without changing it. */
export async function readStatus(target: Target): Promise<DatabaseStatus> {
  try {
    const client = await connectTo(target)
    try {
      const history = await readHistory(client)
      const failed = history.find((row) => row.failed)?.name
      return {
        target,
        ...(failed && { failed }),
        version: await one(client, `SELECT split_part(current_setting('server_version'), ' ', 1) AS value`),
        migrations: history.filter((row) => !row.failed).length,
        recruits: await countRecruits(client),
      }
    } finally {
      await client.end()
    }
  } catch (error) {
    if (error instanceof Problem) return { target, problem: error }
    throw error
  }
}

async function countRecruits(client: pg.Client): Promise<number> {
  const there = await one<string | null>(client, "SELECT to_regclass('public.recruits') AS value")
  return there === null ? 0 : Number(await one(client, 'SELECT count(*) AS value FROM public.recruits'))
}

async function one<T = string>(client: pg.Client, sql: string): Promise<T> {
  return (await client.query<{ value: T }>(sql)).rows[0]!.value
}
