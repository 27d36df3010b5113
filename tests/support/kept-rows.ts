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
  await onServer(workshop, env, `CREATE DATABASE workshop_kept TEMPLATE ${env}`)
}

/** Makes the database again as it was kept. */
export async function restore(workshop: Workshop, env: Env): Promise<void> {
  await onServer(
    workshop,
    env,
    `DROP DATABASE IF EXISTS ${env} WITH (FORCE)`,
    `CREATE DATABASE ${env} TEMPLATE workshop_kept`,
    `GRANT CONNECT, TEMPORARY, CREATE ON DATABASE ${env} TO ${env}`,
  )
}

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
