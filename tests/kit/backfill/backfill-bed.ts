import { expect } from '@jest/globals'
import pg from 'pg'
import { backfill, type BackfillReport, type Running } from '../../../kit/backfill/backfill.ts'
import type { BackfillPlan } from '../../../kit/backfill/plan.ts'
import type { Target } from '../../../kit/database/target.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

/** A server with databases of their own for tests, which call a backfill in this process. */
export interface BackfillBed {
  server: ScratchServer
  /** A new database that holds what the SQL makes. */
  database(sql: string): Promise<FilledDatabase>
  stop(): Promise<void>
}

export interface FilledDatabase {
  target: Target
  url: string
  rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>
  /** A session that stays open until the bed stops. */
  session(): Promise<pg.Client>
  /** Fills `visits.note` by what is not said otherwise. */
  backfill(plan?: Partial<BackfillPlan>, running?: Running): Promise<BackfillReport>
}

/** Visits whose column `note` is empty, with a key of the type `uuid`, `bigint` and so on, made of the number `n`. */
export function visits(count: number, key = 'id int PRIMARY KEY', value = 'n'): string {
  return `CREATE TABLE visits (${key}, page text, note text);
    INSERT INTO visits SELECT ${value}, 'Page ' || n, NULL FROM generate_series(1, ${count}) AS n;`
}

export async function backfillBed(): Promise<BackfillBed> {
  const server = await scratchServer()
  const sessions: pg.Client[] = []
  let made = 0
  const connect = async (url: string) => {
    const client = new pg.Client(url)
    client.on('error', () => {})
    await client.connect()
    return client
  }
  return {
    server,
    async database(sql) {
      const name = `fill_${++made}`
      const admin = await connect(server.adminUrl)
      await admin.query(`CREATE DATABASE ${name}`)
      await admin.end()
      const url = server.url(name)
      const target: Target = { env: 'prod', url, files: ['.env.prod'] }
      const session = async () => {
        const client = await connect(url)
        sessions.push(client)
        return client
      }
      const own = await session()
      await own.query(sql)
      return {
        target,
        url,
        session,
        rows: async (text) => (await own.query(text)).rows,
        backfill: (plan = {}, running = {}) =>
          backfill(
            target,
            { table: 'visits', column: 'note', expression: 'lower(page)', share: 100, ...plan },
            { connect: () => connect(url), ...running },
          ),
      }
    },
    async stop() {
      for (const client of sessions) await client.end().catch(() => {})
      await server.stop()
    },
  }
}

/** Rows of which the column is not what the expression says. */
const wrong = 'SELECT count(*)::int AS n FROM visits WHERE note IS DISTINCT FROM lower(page)'
export const isRight = async (db: FilledDatabase) => expect(await db.rows(wrong)).toEqual([{ n: 0 }])
