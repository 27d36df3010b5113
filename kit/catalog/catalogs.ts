import type { Catalog } from './catalog.ts'
import { catalogQuery, readCatalog } from './read-catalog.ts'
import { openEngine } from '../engine/engine.ts'
import { keptAnswers } from '../project/kept-answers.ts'
import { openReplay, type Replay } from './replay.ts'

/** What scripts and models make, as catalogs. What was found out once is kept in .workshop/catalogs. */
export interface Catalogs {
  /** Throws a ScriptFailed. */
  after(scripts: readonly string[]): Promise<Catalog>
  /** Of the text of a schema.prisma. Throws an EngineError (P1012) for one that cannot be read. */
  ofModel(schema: string): Promise<Catalog>
  close(): Promise<void>
}

/** `server` gives the URL of a database on whose server one may be made for what is not known yet. May throw a Problem. */
export function openCatalogs(server: () => Promise<string>): Catalogs {
  let replay: Promise<Replay> | undefined
  // There is one database: who comes second waits, whatever became of the first.
  let queue: Promise<unknown> = Promise.resolve()
  const make = async (scripts: readonly string[]) => {
    const { run, pool } = await (replay ??= server().then(openReplay))
    await run(scripts)
    return readCatalog(pool)
  }
  const inTurn = (scripts: readonly string[]) => {
    const turn = queue.then(
      () => make(scripts),
      () => make(scripts),
    )
    queue = turn
    return turn
  }
  const kept = keptAnswers<Catalog>('catalogs')
  const after = (scripts: readonly string[]) => kept.ask([scripts, catalogQuery], () => inTurn(scripts))
  return {
    after,
    async ofModel(schema) {
      return after([await scriptOf(schema)])
    },
    async close() {
      await queue.catch(() => {})
      await replay?.then((opened) => opened.remove()).catch(() => {})
    },
  }
}

/** The SQL that makes what the models say. Needs no database. */
export async function scriptOf(schema: string): Promise<string> {
  const engine = await openEngine({ filesOnly: true })
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'prisma/schema.prisma', content: schema }] },
      exitCode: false,
      script: true,
      filters: { externalTables: [], externalEnums: [] },
    })
    return stdout ?? ''
  } finally {
    await engine.close()
  }
}
