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
  /**
   * Prisma's summary of what a schema.prisma says otherwise than these scripts make, by the settings of that text: its
   * preview features, extensions and schemas. Throws an EngineError (P1012) for a text that cannot be read.
   */
  asked(scripts: readonly string[], url: string, schema: string): Promise<string | undefined>
  close(): Promise<void>
}

/**
 * Throws a Problem from `after` and `asked` when a script fails; each of its answers is found out once, and kept in .workshop/schemas.
 * With `server`, scripts always run there: the URL of a database that stays while others come and go. With `known`,
 * answers, those of scripts that failed included, are shared with who asks next, and connections are not.
 */
export function openSchemas(server?: string, known = new Map<string, Promise<string>>()): Schemas {
  let comparing: Promise<Engine> | undefined
  let bench: Bench | undefined

  const kept = keptAnswers<string>('schemas')
  // There is one bench: who comes second waits, whatever became of the first.
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = (url: string, work: (on: Bench) => Promise<string>) => {
    const onBench = async () => work((bench ??= await makeBench(server ?? url)))
    const turn = queue.then(onBench, onBench)
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
        filters: noFilters,
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
        kept.ask([scripts, empty, loadSchemaEngine().version()], () => inTurn(url, ({ after }) => after(scripts)))
      known.set(key, answer)
      // What a script did wrong stays wrong; a server that was away may be there the next time.
      answer.catch((error) => error instanceof ScriptFailed || known.delete(key))
      return answer
    },
    async asked(scripts, url, schema) {
      const question = [scripts, schema, loadSchemaEngine().version()]
      return (await kept.ask(question, () => inTurn(url, ({ asked }) => asked(scripts, schema)))) || undefined
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
  /** Empty where nothing is asked for. */
  asked(scripts: readonly string[], schema: string): Promise<string>
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
    async asked(scripts, schema) {
      await replay.run(scripts)
      return askedOf(replay.url, schema)
    },
    async remove() {
      await engine.close()
      await replay.remove()
    },
  }
}

/** As `migrate diff --from-config-datasource --to-schema` compares. The engine reads the database by the schema's settings. */
async function askedOf(url: string, schema: string): Promise<string> {
  const { files } = datamodel(schema)
  const engine = await openEngine({ url, datamodels: files.map(({ path, content }) => [path, content]) })
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: datamodel(schema),
      exitCode: true,
      script: false,
      filters: noFilters,
    })
    return exitCode === 2 ? stdout || 'a difference that Prisma has no words for' : ''
  } finally {
    await engine.close()
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
    return schema.files[0]?.content ?? empty
  } catch (error) {
    // "The introspected database was empty."
    if ((error as EngineError).code === 'P4001') return empty
    throw error
  }
}

// Indexes of some rows are written in either case; without the feature the text could not be read again.
const empty = `generator client {
  provider        = "prisma-client"
  output          = "./generated"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}
`
const noFilters = { externalTables: [], externalEnums: [] }

function datamodel(content: string) {
  return { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] }
}

function readOnly(url: string): string {
  const parsed = new URL(url)
  const options = [parsed.searchParams.get('options'), '-c default_transaction_read_only=on']
  parsed.searchParams.set('options', options.filter(Boolean).join(' '))
  return parsed.href
}
