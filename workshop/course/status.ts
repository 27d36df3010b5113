import pg from 'pg'
import { Problem } from '../plain/problem.ts'
import { connectTo } from '../world/connection.ts'
import type { Target } from '../world/target.ts'

export interface DatabaseStatus {
  target: Target
  /** Why there is no more to say, when the database is not there. */
  problem?: Problem
  /** PostgreSQL's version, for example `18.4`. */
  version?: string
  /** Migrations that are applied. */
  migrations?: number
  recruits?: number
}

/** Looks at one database without changing it. */
export async function readStatus(target: Target): Promise<DatabaseStatus> {
  try {
    const client = await connectTo(target)
    try {
      return {
        target,
        version: await one(client, `SELECT split_part(current_setting('server_version'), ' ', 1) AS value`),
        migrations: await countIn(client, '_prisma_migrations', 'finished_at IS NOT NULL AND rolled_back_at IS NULL'),
        recruits: await countIn(client, 'recruits', 'true'),
      }
    } finally {
      await client.end()
    }
  } catch (error) {
    if (error instanceof Problem) return { target, problem: error }
    throw error
  }
}

async function countIn(client: pg.Client, table: string, condition: string): Promise<number> {
  const there = await one<string | null>(client, `SELECT to_regclass('public.${table}') AS value`)
  return there === null
    ? 0
    : Number(await one(client, `SELECT count(*) AS value FROM public.${table} WHERE ${condition}`))
}

async function one<T = string>(client: pg.Client, sql: string): Promise<T> {
  return (await client.query<{ value: T }>(sql)).rows[0]!.value
}
