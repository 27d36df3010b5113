import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import type { LayerProblem } from './drift-report.ts'
import { Problem } from '../terminal/problem.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { connectTo } from '../database/connection.ts'
import { schemaOf } from '../engine/connection-url.ts'
import { EngineError, schemaComplaint } from '../engine/engine-error.ts'
import { SchemasNotCompared } from '../catalog/catalogs.ts'
import { readMigrations } from '../engine/migration-files.ts'
import { readAllRows, type MigrationRow } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { readSchemaFiles } from '../catalog/schema-files.ts'
import { ScriptFailed } from '../catalog/replay.ts'
import type { Target } from '../database/target.ts'

/** A value, or why there is none. */
export type Found<Value> = { value: Value; problem?: never } | { value?: never; problem: LayerProblem }

/** What a database holds: its catalog, and what Prisma noted there. The connection stays open for more questions. */
export interface Live {
  catalog: Catalog
  rows: MigrationRow[]
  client: pg.Client
}

/** Reads both in one transaction that can write nothing. */
export function readLive(target: () => Target): Promise<Found<Live>> {
  return attempt(async () => {
    const place = target()
    assertPublic(place)
    const client = await connectTo(place)
    try {
      await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const live = { catalog: await readCatalog(client), rows: await readAllRows(client), client }
      await client.query('COMMIT')
      return live
    } catch (error) {
      await client.end()
      throw error
    }
  })
}

/** Throws a Problem for a URL that names another schema, where Prisma then looks for all tables. */
export function assertPublic({ env, url }: Target): void {
  const schema = schemaOf(url)
  if (schema === 'public') return
  throw new Problem(`The URL of ${env.toUpperCase()} names the schema ${schema}, and only public is compared here.`, {
    why: 'All tables would look as if they were gone.',
    next: `Take  schema=${schema}  out of DATABASE_URL, or ask Prisma:  npx prisma migrate status`,
  })
}

export function readFolder(root: string): Promise<Found<MigrationText[]>> {
  return attempt(async () => {
    const { migrationDirectories } = await readMigrations(join(root, 'prisma', 'migrations'))
    return migrationDirectories.map(({ path: name, migrationFile: { content } }) => {
      if (content.tag === 'ok') return { name, sql: content.value }
      throw new Problem(`The migration ${name} cannot be read.`, {
        why: 'Prisma takes every folder in prisma/migrations for a migration, and this one has no migration.sql.',
        next: `git restore prisma/migrations/${name}    (or delete the folder)`,
      })
    })
  })
}

export function readSchema(root: string): Promise<Found<string>> {
  return attempt(async () => {
    const text = readSchemaFiles(root)
    if (text !== undefined) return text
    throw new Problem('There is no prisma/schema.prisma.', {
      why: 'It says what should stand in the databases.',
      next: 'git restore prisma/schema.prisma',
    })
  })
}

/** The text of the schema.prisma that the client was generated from. */
export function readClientSchema(root: string): Promise<Found<string>> {
  return attempt(async () => {
    const file = join(root, 'prisma', 'generated', 'internal', 'class.ts')
    const [, text] = (existsSync(file) && /"inlineSchema": ("(?:[^"\\]|\\.)*")/.exec(readFileSync(file, 'utf8'))) || []
    if (text) return JSON.parse(text) as string
    throw new Problem('Prisma Client is not generated.', {
      why: 'It is made from prisma/schema.prisma, and Prisma 7 never does so by itself.',
      next: 'npx prisma generate',
    })
  })
}

/** Runs what may fail for a reason that a learner can mend. Anything else keeps its stack. */
export async function attempt<Value>(
  work: () => Promise<Value>,
  named: readonly MigrationText[] = [],
): Promise<Found<Value>> {
  try {
    return { value: await work() }
  } catch (error) {
    return { problem: explain(error, named) }
  }
}

function explain(error: unknown, named: readonly MigrationText[]): LayerProblem {
  if (error instanceof ScriptFailed) {
    const name = error.nameIn(named)
    if (name) {
      return {
        message: `The migration ${name} fails when all are replayed from empty.`,
        why: `PostgreSQL says: ${(error.cause as Error).message}.`,
        next: `Mend prisma/migrations/${name}/migration.sql.`,
      }
    }
  }
  if (error instanceof Problem) {
    const isOfAll = error instanceof SchemasNotCompared
    return { message: error.message, why: error.why, next: error.next[0] ?? '', ...(isOfAll && { isOfAll }) }
  }
  const complaint = schemaComplaint(error)
  if (complaint) {
    return {
      message: `prisma/schema.prisma cannot be read${complaint.line ? `: line ${complaint.line}` : ''}.`,
      why: complaint.words,
      next: 'npx prisma validate',
    }
  }
  const { code, message } = error as NodeJS.ErrnoException
  const isServer =
    error instanceof pg.DatabaseError ||
    /^(ECONN|ETIMEDOUT|EPIPE)/.test(code ?? '') ||
    /Connection terminated|connection error/.test(message)
  if (!isServer && !(error instanceof EngineError)) throw error
  return {
    message: 'The database did not answer to the end.',
    why: `PostgreSQL says: ${message.split('\n')[0]}.`,
    next: 'npm run db status',
  }
}
