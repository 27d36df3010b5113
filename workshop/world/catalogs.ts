import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog } from '../plain/catalog.ts'
import { catalogQuery, readCatalog } from './catalog.ts'
import { openEngine } from './engine/engine.ts'
import { stateDir } from './project.ts'
import { openReplay, type Replay } from './replay.ts'

/** What scripts and models make, as catalogs. What was found out once is kept in .workshop/catalogs. */
export interface Catalogs {
  /** Throws a ScriptFailed. */
  after(scripts: readonly string[]): Promise<Catalog>
  /** Of the text of a schema.prisma. Throws an EngineError (P1012) for one that cannot be read. */
  ofModel(schema: string): Promise<Catalog>
  close(): Promise<void>
}

const folder = join(stateDir, 'catalogs')
/** More than the course's steps, and a few megabytes at most. */
const mostKept = 60

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
  const after = async (scripts: readonly string[]) => {
    const key = createHash('sha256')
      .update(JSON.stringify([scripts, catalogQuery]))
      .digest('hex')
      .slice(0, 24)
    const kept = readKept(key)
    if (kept) return kept
    const turn = queue.then(
      () => make(scripts),
      () => make(scripts),
    )
    queue = turn
    const catalog = await turn
    keep(key, catalog)
    return catalog
  }
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

function readKept(key: string): Catalog | undefined {
  const file = join(folder, `${key}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Catalog) : undefined
}

function keep(key: string, catalog: Catalog): void {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${key}.json`)
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(catalog))
  renameSync(`${file}.${process.pid}`, file)
  const kept = readdirSync(folder).map((name) => join(folder, name))
  if (kept.length <= mostKept) return
  const oldest = kept.map((path) => ({ path, at: statSync(path).mtimeMs })).toSorted((a, b) => a.at - b.at)
  for (const { path } of oldest.slice(0, kept.length - mostKept)) rmSync(path, { force: true })
}
