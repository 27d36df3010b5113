import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseChange } from './step.ts'
import { withClient } from '../../kit/database/connection.ts'
import { applyMigrations, openEngine } from '../../kit/engine/engine.ts'
import { readMigrations } from '../../kit/engine/migration-files.ts'
import { readHistory } from '../../kit/catalog/migration-history.ts'
import { collect, entry } from '../../kit/project/processes.ts'
import type { Target } from '../../kit/database/target.ts'

/**
 * Does to a database what a step does to it, for real, with the files of the folder `project`. `empty` makes DEV new and
 * empty. Throws what goes wrong.
 */
export async function makeChange(
  target: Target,
  change: DatabaseChange,
  project: string,
  empty: () => Promise<unknown>,
): Promise<void> {
  const migrations = join(project, 'prisma', 'migrations')
  if (change.reset) {
    if (target.env === 'prod') throw new Error('PROD is never reset')
    await empty()
    await applyMigrations(target.url, migrations)
  }
  if (change.typed) await withClient(target, (client) => type(client, change.typed!))
  if (change.deploy) await applyMigrations(target.url, migrations)
  if (change.resolve) await resolve(target, migrations)
  if (change.seeds) await runSeeds(target, change.seeds, project)
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

/** All in one process: most of a seed's second goes by before its first recruit. */
async function runSeeds(target: Target, seeds: readonly string[], project: string): Promise<void> {
  const files = seeds.map((seed) => join('seeds', `${seed}.ts`))
  const { code, output } = await collect([...entry, 'workshop/seeding/seed-script', ...files], {
    cwd: project,
    env: { ...process.env, DATABASE_URL: target.url, WORKSHOP_ENV: target.env, NO_COLOR: '1' },
  })
  if (code !== 0) throw new Error(`${files.join(', ')} ${files.length > 1 ? 'fail' : 'fails'}: ${output.trim()}`)
}
