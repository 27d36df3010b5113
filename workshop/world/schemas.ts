import type { Engine } from './engine/engine.ts'
import { openEngine } from './engine/engine.ts'
import type { EngineError } from './engine/engine-error.ts'
import { makeShadowDatabase, type ShadowDatabase } from './engine/shadow-database.ts'
import { Problem } from '../plain/problem.ts'

/** Reads and compares database schemas as Prisma sees them. A schema is held as the text of a schema.prisma. */
export interface Schemas {
  /** Prisma's summary of what `to` has more or less than `from`; undefined when there is no difference. */
  difference(from: string, to: string): Promise<string | undefined>
  /** What stands in the database at `url`. Nothing is written there. */
  live(url: string): Promise<string>
  /** What these scripts make, run one after the other in an empty database on the server of `url`. */
  after(scripts: readonly string[], url: string): Promise<string>
  close(): Promise<void>
}

/** Throws a Problem from `after` when a script fails. Each answer of `after` is found out once. */
export function openSchemas(): Schemas {
  const known = new Map<string, Promise<string>>()
  let comparing: Promise<Engine> | undefined
  let bench: Bench | undefined

  const after = async (scripts: readonly string[], url: string) => {
    if (!bench || bench.url !== url || !startsWith(scripts, bench.done)) {
      await bench?.remove()
      bench = undefined
      bench = await makeBench(url)
    }
    await bench.run(scripts.slice(bench.done.length))
    return introspect(bench.database.url)
  }
  let queue: Promise<unknown> = Promise.resolve()

  return {
    async difference(from, to) {
      if (from === to) return undefined
      comparing ??= openEngine({ filesOnly: true })
      const { exitCode, stdout } = await (
        await comparing
      ).diff({
        from: datamodel(from),
        to: datamodel(to),
        exitCode: true,
        script: false,
        filters: { externalTables: [], externalEnums: [] },
      })
      return exitCode === 2 ? (stdout ?? '') : undefined
    },
    live: (url) => introspect(readOnly(url)),
    after(scripts, url) {
      const key = JSON.stringify(scripts)
      const answer =
        known.get(key) ??
        ((queue = queue.then(
          () => after(scripts, url),
          () => after(scripts, url),
        )) as Promise<string>)
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
  url: string
  database: ShadowDatabase
  done: readonly string[]
  run(scripts: readonly string[]): Promise<void>
  remove(): Promise<void>
}

async function makeBench(url: string): Promise<Bench> {
  const database = await makeShadowDatabase(url, false)
  const bench: Bench = {
    url,
    database,
    done: [],
    async run(scripts) {
      for (const script of scripts) {
        await database.pool.query(script).catch((cause: Error) => {
          throw scriptFailed(script, cause)
        })
        bench.done = [...bench.done, script]
      }
    },
    remove: () => database.remove(),
  }
  return bench
}

async function introspect(url: string): Promise<string> {
  const engine = await openEngine({ url })
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
  } finally {
    await engine.close()
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

function startsWith(whole: readonly string[], start: readonly string[]): boolean {
  return start.every((script, i) => whole[i] === script)
}

function scriptFailed(script: string, cause: Error): Problem {
  const first = script.split('\n').find((line) => line.trim() && !line.startsWith('--'))
  return new Problem(`A script fails when all are replayed from empty: ${cause.message}.`, {
    why: `It fails in the script with  ${first?.trim()}`,
    next: 'Mend that migration in prisma/migrations.',
    cause,
  })
}
