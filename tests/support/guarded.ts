import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { compareEntries } from '../../kit/keep/compare-entries.ts'
import { describeKept, describeLost, describePlaces, type Kept } from '../../kit/keep/ledger-entry.ts'
import { installGuard } from '../../kit/guard/guard.ts'
import { writeLedger } from '../../kit/keep/ledger.ts'
import type { CopiedTable } from '../../kit/keep/copy-in-session.ts'
import type { ScratchServer } from './server.ts'

/** A new database with a guard, and the two who work in it: its superuser and the role `prod`. */
export interface GuardedDatabase {
  admin: pg.Client
  prod: pg.Client
  url: string
  end(): Promise<void>
}

let made = 0

export async function guardedDatabase(server: ScratchServer): Promise<GuardedDatabase> {
  const name = `guarded_${++made}`
  const root = await connect(server.adminUrl)
  const { rowCount } = await root.query("SELECT FROM pg_roles WHERE rolname = 'prod'")
  if (rowCount === 0) await root.query("CREATE ROLE prod LOGIN PASSWORD 'prod'")
  await root.query(`CREATE DATABASE ${name}`)
  await root.query(`GRANT CREATE, TEMPORARY ON DATABASE ${name} TO prod`)
  await root.end()
  const admin = await connect(server.url(name))
  await admin.query('ALTER SCHEMA public OWNER TO prod')
  await installGuard(admin)
  const url = server.url(name, 'prod', 'prod')
  const prod = await connect(url)
  return {
    admin,
    prod,
    url,
    async end() {
      await prod.end()
      await admin.end()
    },
  }
}

/** Tables as they are now, kept in memory as a copy would have them. */
export async function copyNow(
  client: pg.Client,
  tables: string[],
): Promise<(table: string) => CopiedTable | undefined> {
  const copies = new Map<string, CopiedTable>()
  for (const table of tables) {
    const { rows } = await client.query<{ attname: string; from: string }>(
      `SELECT attname, CASE relkind WHEN 'p' THEN '' ELSE 'ONLY' END AS from FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [table],
    )
    const bytes = await buffer(client.query(copyTo(`COPY (SELECT * FROM ${rows[0]!.from} ${table}) TO STDOUT`)))
    copies.set(table, [{ columns: rows.map(({ attname }) => attname), open: () => Readable.from([bytes]) }])
  }
  return (table) => copies.get(table)
}

interface Between {
  setup: string
  sql: string
  tables: string[]
}

/** Runs SQL between two entries, in a database of its own, and says what was kept, what is gone, and what has moved. */
export async function keptAfter(server: ScratchServer, between: Between): Promise<string[]> {
  const kept = await keptBetween(server, between)
  return [describeKept(kept), ...describeLost(kept.lost), ...describePlaces(kept.moved)]
}

export async function keptBetween(server: ScratchServer, { setup, sql, tables }: Between): Promise<Kept> {
  const db = await guardedDatabase(server)
  try {
    await db.prod.query(setup)
    const before = await writeLedger(db.prod, { event: 'before a deploy' })
    const copy = await copyNow(db.prod, tables)
    await db.prod.query(sql)
    const after = await writeLedger(db.prod, { event: 'deploy' })
    return await compareEntries(db.prod, before, after, copy)
  } finally {
    await db.end()
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  return client
}

/** A table with fifteen rows, and a value in each place. */
export const recruits = `
  CREATE TABLE recruits (id serial PRIMARY KEY, chatname text NOT NULL, id_number text, age int);
  INSERT INTO recruits (chatname, id_number, age) SELECT 'chat ' || i, 'id ' || i, 20 + i FROM generate_series(1, 15) AS i;`
