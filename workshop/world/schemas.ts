import pg from 'pg'
import { openEngine, type Engine } from './engine/engine.ts'
import type { EngineError } from './engine/engine-error.ts'
import { makeShadowDatabase } from './engine/shadow-database.ts'
import { Problem } from '../plain/problem.ts'

/** Reads and compares database schemas as Prisma sees them. A schema is held as the text of a schema.prisma. */
export interface Schemas {
  /** Prisma's summary of what `to` has more or less than `from`; undefined when there is no difference. */
  difference(from: string, to: string): Promise<string | undefined>
  /** What stands in the database at `url`. Nothing is written there. */
  live(url: string): Promise<string>
  /** What these scripts make, run one after the other in an empty database of their own on the server of `url`. */
  after(scripts: readonly string[], url: string): Promise<string>
  close(): Promise<void>
}

/**
 * Throws a Problem from `after` when a script fails; each answer of `after` is found out once. With `server`, scripts
 * always run there: the URL of a database that stays while others come and go.
 */
export function openSchemas(server?: string): Schemas {
  const known = new Map<string, Promise<string>>()
  let comparing: Promise<Engine> | undefined
  let bench: Bench | undefined

  const after = async (scripts: readonly string[], url: string) => {
    bench ??= await makeBench(url)
    return bench.after(scripts)
  }
  // There is one bench: who comes second waits, whatever became of the first.
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<string>) => {
    const turn = queue.then(work, work)
    queue = turn
    return turn
  }

  return {
    async difference(from, to) {
      if (from === to) return undefined
      comparing ??= openEngine({ filesOnly: true })
      const engine = await comparing
      const { exitCode, stdout } = await engine.diff({
        from: datamodel(from),
        to: datamodel(to),
        exitCode: true,
        script: false,
        filters: { externalTables: [], externalEnums: [] },
      })
      return exitCode === 2 ? (stdout ?? '') : undefined
    },
    async live(url) {
      const engine = await openEngine({ url: readOnly(url) })
      try {
        return await introspect(engine)
      } finally {
        await engine.close()
      }
    },
    after(scripts, url) {
      const key = JSON.stringify(scripts)
      const answer = known.get(key) ?? inTurn(() => after(scripts, server ?? url))
      known.set(key, answer)
      return answer
    },
    async close() {
      await queue.catch(() => {})
      await bench?.remove()
      await (await comparing)?.close()
    },
  }
}

/** A database of its own, in which scripts are run one after the other. */
interface Bench {
  after(scripts: readonly string[]): Promise<string>
  remove(): Promise<void>
}

async function makeBench(url: string): Promise<Bench> {
  const database = await makeShadowDatabase(url, false)
  const engine = await openEngine({ url: database.url })
  let done: readonly string[] = []
  return {
    async after(scripts) {
      const isLonger = done.every((script, i) => scripts[i] === script)
      if (!isLonger) {
        await wipe(database.pool)
        done = []
      }
      for (const script of scripts.slice(done.length)) {
        await database.pool.query(script).catch((cause: Error) => {
          throw scriptFailed(script, cause)
        })
        done = [...done, script]
      }
      return introspect(engine)
    },
    async remove() {
      await engine.close()
      await database.remove()
    },
  }
}

async function wipe(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'",
  )
  for (const { name } of rows) await pool.query(`DROP SCHEMA ${pg.escapeIdentifier(name)} CASCADE`)
  await pool.query('CREATE SCHEMA public')
}

async function introspect(engine: Engine): Promise<string> {
  try {
    const { schema } = await engine.introspect({
      baseDirectoryPath: '.',
      schema: { files: [{ path: 'schema.prisma', content: empty }] },
      force: true,
      compositeTypeDepth: -1,
      namespaces: null,
    })
    return schema.files[0]?.content ?? empty
  } catch (error) {
    // "The introspected database was empty."
    if ((error as EngineError).code === 'P4001') return empty
    throw error
  }
}

const empty = 'datasource db {\n  provider = "postgresql"\n}\n'

function datamodel(content: string) {
  return { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] }
}

function readOnly(url: string): string {
  const parsed = new URL(url)
  const options = [parsed.searchParams.get('options'), '-c default_transaction_read_only=on']
  parsed.searchParams.set('options', options.filter(Boolean).join(' '))
  return parsed.href
}

function scriptFailed(script: string, cause: Error): Problem {
  const first = script.split('\n').find((line) => line.trim() && !line.startsWith('--'))
  return new Problem(`A script fails when all are replayed from empty: ${cause.message}.`, {
    why: `It fails in the script with  ${first?.trim()}`,
    next: 'Mend that migration in prisma/migrations.',
    cause,
  })
}
