import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'

/** The migrations of a folder, read as Prisma's CLI reads them; a folder that is not there holds none. */
export async function readMigrations(directory: string): Promise<MigrationList> {
  const baseDir = resolve(directory)
  const entries = await readdir(baseDir, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const lock = await readFile(join(baseDir, 'migration_lock.toml'), 'utf8').catch(() => null)
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: lock },
    migrationDirectories: await Promise.all(
      names.sort((a, b) => a.localeCompare(b)).map((name) => readMigration(baseDir, name)),
    ),
    shadowDbInitScript: '',
  }
}

async function readMigration(baseDir: string, name: string): Promise<MigrationDirectory> {
  const content = await readFile(join(baseDir, name, 'migration.sql'), 'utf8').then(
    (value) => ({ tag: 'ok' as const, value }),
    (error: Error) => ({ tag: 'error' as const, value: error.message }),
  )
  return { path: name, migrationFile: { path: 'migration.sql', content } }
}
