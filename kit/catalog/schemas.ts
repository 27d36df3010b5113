import { openEngine, type Engine } from '../engine/engine.ts'
import type { EngineError } from '../engine/engine-error.ts'
import { loadSchemaEngine } from '../engine/wasm.ts'
import { keptAnswers } from '../project/kept-answers.ts'
import { openReplay, ScriptFailed } from './replay.ts'

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
 * Throws a Problem from `after` when a script fails; each of its answers is found out once, and kept in .workshop/schemas.
 * With `server`, scripts always run there: the URL of a database that stays while others come and go. With `known`,
 * answers, those of scripts that failed included, are shared with who asks next, and connections are not.
 */
export function openSchemas(server?: string, known = new Map<string, Promise<string>>()): Schemas {
  let comparing: Promise<Engine> | undefined
  let bench: Bench | undefined

  const kept = keptAnswers<string>('schemas')
  const make = async (scripts: readonly string[], url: string) => {
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
      const answer =
        known.get(key) ??
        kept.ask([scripts, loadSchemaEngine().version()], () => inTurn(() => make(scripts, server ?? url)))
      known.set(key, answer)
      // What a script did wrong stays wrong; a server that was away may be there the next time.
      answer.catch((error) => error instanceof ScriptFailed || known.delete(key))
      return answer
    },
    async close() {
      await queue.catch(() => {})
      await bench?.remove()
      await (await comparing)?.close()
    },
  }
}

/** A database of its own that can be asked for its schema as text. */
interface Bench {
  after(scripts: readonly string[]): Promise<string>
  remove(): Promise<void>
}

async function makeBench(url: string): Promise<Bench> {
  const replay = await openReplay(url)
  const engine = await openEngine({ url: replay.url })
  return {
    async after(scripts) {
      await replay.run(scripts)
      return introspect(engine)
    },
    async remove() {
      await engine.close()
      await replay.remove()
    },
  }
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
    // A preview feature: the text could not be read again, and Prisma does not compare it.
    return (schema.files[0]?.content ?? empty).replaceAll(/, where: raw\("(?:[^"\\]|\\.)*"\)/g, '')
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
