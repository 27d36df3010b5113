import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { projectRoot, snapshotsDir } from '../project/project.ts'
import type { MigrationText } from '../sql/migration-text.ts'

// A deploy keeps what it runs beside its copy of PROD: a file that nobody has committed, PROD will have run all the same.

/** `copy` is the folder of the copy. */
export function keepScripts(copy: string, migrations: readonly MigrationText[]): void {
  for (const { name, sql } of migrations) {
    mkdirSync(folderOf(copy, name), { recursive: true, mode: 0o700 })
    writeFileSync(join(folderOf(copy, name), 'migration.sql'), sql, { mode: 0o600 })
  }
}

/** The folder in which a copy keeps a migration, as it is seen from the project; undefined where it does not. */
export function keptIn(copy: string, migration: string): string | undefined {
  const folder = folderOf(copy, migration)
  return existsSync(join(folder, 'migration.sql')) ? relative(projectRoot, folder) : undefined
}

/** The kept file of a migration, beside any copy, with this text. */
export function findKept(migration: string, isRight: (sql: string) => boolean): string | undefined {
  const copies = existsSync(snapshotsDir) ? readdirSync(snapshotsDir).map((copy) => join(snapshotsDir, copy)) : []
  return copies
    .flatMap((copy) => keptIn(copy, migration) ?? [])
    .map((folder) => join(folder, 'migration.sql'))
    .find((file) => isRight(readFileSync(join(projectRoot, file), 'utf8')))
}

const folderOf = (copy: string, migration: string) => join(copy, 'migrations', migration)
