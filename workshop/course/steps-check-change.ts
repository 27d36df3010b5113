import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseChange } from '../plain/step.ts'
import { connectTo } from '../world/connection.ts'
import { applyMigrations, openEngine } from '../world/engine/engine.ts'
import { readMigrations } from '../world/engine/migration-files.ts'
import { readHistory } from '../world/migration-history.ts'
import { collect, node } from '../world/processes.ts'
import type { Target } from '../world/target.ts'
import type { Ground } from './steps-check-ground.ts'

/** Does to a database what a step does to it, for real. Throws what goes wrong. */
export async function makeChange(
  ground: Ground,
  target: Target,
  change: DatabaseChange,
  project: string,
): Promise<void> {
  const migrations = join(project, 'prisma', 'migrations')
  if (change.reset) {
    if (target.env === 'prod') throw new Error('PROD is never reset')
    await ground.emptyDev()
    await applyMigrations(target.url, migrations)
  }
  if (change.typed) await withClient(target, (client) => type(client, change.typed!))
  if (change.deploy) await applyMigrations(target.url, migrations)
  if (change.resolve) await resolve(target, migrations)
  for (const seed of change.seeds ?? []) await runSeed(target, seed, project)
}

/** Each row's values, by its id, from all tables together: a value that was renamed or moved is still there. */
export function readValues(target: Target): Promise<Map<string, string[]>> {
  return withClient(target, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname !~ '^(pg_|information_schema$|workshop$)' AND tablename <> '_prisma_migrations'`,
    )
    const values = new Map<string, string[]>()
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) AS row FROM ${name} AS t`,
      )
      for (const { row } of rows) {
        const key = String(row['id'] ?? JSON.stringify(row))
        const texts = Object.values(row).filter((value) => value !== null)
        values.set(key, [...(values.get(key) ?? []), ...texts.map(String)])
      }
    }
    return values
  })
}

/** Rows or values that were there before and are not there after, in words. */
export function describeLost(before: Map<string, string[]>, after: Map<string, string[]>): string | undefined {
  const lost = [...before].flatMap(([id, values]) => {
    const there = after.get(id)
    if (!there) return [`the row ${id}`]
    return values.filter((value) => !there.includes(value)).map((value) => `"${value}" of row ${id}`)
  })
  if (lost.length === 0) return undefined
  return `${lost.length} lost: ${lost.slice(0, 3).join(', ')}${lost.length > 3 ? ' …' : ''}`
}

async function type(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await client.query(sql)
}

async function resolve(target: Target, migrations: string): Promise<void> {
  const migrationsList = await readMigrations(migrations)
  const applied = (await withClient(target, readHistory)).map(({ name }) => name)
  const engine = await openEngine({ url: target.url })
  try {
    for (const { path: migrationName } of migrationsList.migrationDirectories) {
      if (!applied.includes(migrationName)) await engine.markMigrationApplied({ migrationName, migrationsList })
    }
  } finally {
    await engine.close()
  }
}

async function runSeed(target: Target, seed: string, project: string): Promise<void> {
  const { code, output } = await collect([...node, join('seeds', `${seed}.ts`)], {
    cwd: project,
    env: { ...process.env, DATABASE_URL: target.url, WORKSHOP_ENV: target.env, NO_COLOR: '1' },
  })
  if (code !== 0) throw new Error(`seeds/${seed}.ts fails: ${output.trim()}`)
}

async function withClient<Result>(target: Target, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = await connectTo(target)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
