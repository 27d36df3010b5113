import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Env } from '../../kit/database/target.ts'
import type { Workshop } from './workshop.ts'

/** Every value that stands in PROD's recruits or in an archive, as `id → value`. */
export async function valuesInProd(workshop: Workshop): Promise<Set<string>> {
  const tables = await workshop.sql<{ name: string }>(
    'prod',
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE tablename = 'recruits' OR schemaname = 'archive'",
  )
  const values = new Set<string>()
  for (const { name } of tables) {
    for (const row of await workshop.sql<Record<string, unknown>>('prod', `SELECT * FROM ${name}`)) {
      for (const value of Object.values(row)) values.add(`${row['id']} → ${value}`)
    }
  }
  return values
}

/** Keeps a database as it is now, PROD's guard and both histories included, for `restore`. */
export async function keep(workshop: Workshop, env: Env): Promise<void> {
  await copyDatabase(workshop, env, env, 'workshop_kept')
}

/** Makes the database again as it was kept. */
export async function restore(workshop: Workshop, env: Env): Promise<void> {
  await copyDatabase(workshop, env, 'workshop_kept', env)
}

/**
 * On the database's own server; one that is in the way goes. As files, which takes half as long; with PostgreSQL's other
 * way, a sequence goes back when the server is killed soon after.
 */
export async function copyDatabase(workshop: Workshop, env: Env, from: string, to: string): Promise<void> {
  await onServer(
    workshop,
    env,
    `DROP DATABASE IF EXISTS ${to} WITH (FORCE)`,
    `CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY file_copy`,
    `GRANT CONNECT, TEMPORARY, CREATE ON DATABASE ${to} TO ${env}`,
  )
}

/** Its statements run in one session: to open one takes as long as to drop a database. */
async function onServer({ url, file }: Workshop, env: Env, ...statements: string[]): Promise<void> {
  const admin = new URL(url(env))
  admin.username = 'postgres'
  admin.password = readFileSync(file('.workshop/admin-password'), 'utf8').trim()
  admin.pathname = '/postgres'
  const client = new pg.Client(admin.href)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
