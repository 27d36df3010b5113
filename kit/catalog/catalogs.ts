import type { Catalog } from './catalog.ts'
import { catalogQuery, readCatalog } from './read-catalog.ts'
import { openEngine } from '../engine/engine.ts'
import { keptAnswers } from '../project/kept-answers.ts'
import { markedColumns, otherSchemas, saysPartialIndexes, withMarkedDefaults } from './model-text.ts'
import { putAside } from './put-aside.ts'
import { openReplay, ScriptFailed, type Replay } from './replay.ts'
import { loadParser } from '../sql/tree.ts'
import { Problem } from '../terminal/problem.ts'

/** What scripts and models make, as catalogs. What was found out once is kept in .workshop/catalogs. */
export interface Catalogs {
  /** Throws a ScriptFailed. */
  after(scripts: readonly string[]): Promise<Catalog>
  /**
   * Of the text of a schema.prisma, made where there is what the migrations have made: functions, types and extensions that
   * it names. Throws an EngineError (P1012) for one that cannot be read, and a Problem for one that cannot be made.
   */
  ofModel(schema: string, migrations: readonly string[]): Promise<Catalog>
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
    async ofModel(schema, migrations) {
      const script = await scriptOf(schema)
      assertOneSchema(schema, script)
      const scripts = migrations.length > 0 ? [...migrations, ...putAside, script] : [script]
      const made = after(scripts).catch((error: unknown) => {
        if (error instanceof ScriptFailed && error.at === scripts.length - 1) throw cannotBeMade(error)
        throw error
      })
      // Where it does not need them, migrations that fail are no matter.
      const catalog = await made.catch((error: unknown) => {
        if (!(error instanceof ScriptFailed)) throw error
        return after([script]).catch(() => Promise.reject(error))
      })
      return withModelText(catalog, schema)
    },
    async close() {
      await queue.catch(() => {})
      await replay?.then((opened) => opened.remove()).catch(() => {})
    },
  }
}

async function withModelText(catalog: Catalog, schema: string): Promise<Catalog> {
  const marked = withMarkedDefaults(schema)
  if (marked !== undefined) await loadParser()
  const open = marked === undefined ? [] : markedColumns(await scriptOf(marked))
  const isOpen = (table: string, column: string) => open.some((one) => one.table === table && one.column === column)
  return {
    ...catalog,
    saysPartialIndexes: saysPartialIndexes(schema),
    tables: catalog.tables.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => (isOpen(name, column.name) ? { ...column, isDefaultOpen: true } : column)),
    })),
  }
}

/** The models stand in schemas that no catalog shows. */
export class SchemasNotCompared extends Problem {
  constructor(others: readonly string[]) {
    super(`prisma/schema.prisma names schemas beside public, which are not compared here: ${others.join(', ')}.`, {
      why: 'A table of theirs would look as if it were gone, or had never been there. Prisma’s own comparison reads them all.',
      next: [
        'npx prisma migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma',
        'npx prisma migrate diff --from-migrations prisma/migrations --to-config-datasource',
      ],
    })
  }
}

function assertOneSchema(schema: string, script: string): void {
  const others = otherSchemas(schema, script)
  if (others.length > 0) throw new SchemasNotCompared(others)
}

/** PostgreSQL refuses the tables of the models, where all that migrations make is there. */
function cannotBeMade({ cause }: ScriptFailed): Problem {
  return new Problem('What prisma/schema.prisma says cannot be made.', {
    why: `PostgreSQL says: ${(cause as Error).message}. No migration makes that.`,
    next: 'npm run migrate -- dev --create-only --name make_it_first    (and write there what the models name)',
    cause,
  })
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
