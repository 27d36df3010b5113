import pg from 'pg'
import { assertAnswersFit, readAnswers, type Flags } from '../../../kit/release/answers.ts'
import { compareCatalogs } from '../../../kit/catalog/compare-catalogs.ts'
import { asMeant } from '../../../kit/catalog/model-differences.ts'
import { nextQuestion, type Answers, type Question } from '../../../kit/release/next-question.ts'
import { safeForm } from '../../../kit/release/safe-form.ts'
import { readCatalog } from '../../../kit/catalog/read-catalog.ts'
import { openCatalogs, scriptOf } from '../../../kit/catalog/catalogs.ts'
import { installGuard } from '../../../kit/guard/guard.ts'
import { ensureLedger } from '../../../kit/keep/ledger.ts'
import { readLiveDatabase } from '../../../kit/release/live-database.ts'
import { openSchemas } from '../../../kit/catalog/schemas.ts'
import { scratchServer } from '../../support/server.ts'

export interface Shape {
  /** Models, fields divided by `;`. */
  before: string
  after: string
  /** Of the release's schema.prisma: preview features, and lines of its datasource. */
  features?: string[]
  datasource?: string
  /** What a migration in raw SQL did besides. */
  raw?: string
  rows?: string
  flags?: Flags
  /** Names of the migrations, without the release's. */
  phases?: string[]
  /** An SQL query, and the rows it finds afterwards. */
  kept?: [query: string, rows: object[]]
  /** What is answered to a question that the flags leave open. */
  answer?(question: Question, answers: Answers): Answers
  /** Looks at the database before and after. */
  watch?(client: pg.Client, when: 'before' | 'after'): Promise<unknown>
}

export interface Shapes {
  /** Throws where a question is open, a migration fails or makes something else, and where something is left to do. */
  release(shape: Shape): Promise<{ phases: string[]; sql: string; found: object[] | undefined; watched: unknown[] }>
  close(): Promise<void>
}

/** Makes releases without git and without a copy, on one server. */
export async function openShapes(): Promise<Shapes> {
  const server = await scratchServer()
  const admin = new pg.Client(server.adminUrl)
  await admin.connect()
  const catalogs = openCatalogs(async () => server.adminUrl)
  const schemas = openSchemas(server.adminUrl)
  let databases = 0
  const database = async (scripts: readonly string[]) => {
    const name = `shape_${++databases}`
    await admin.query(`CREATE DATABASE ${name} STRATEGY file_copy`)
    // Where clocks change, and the hour is not the one that Prisma writes.
    await admin.query(`ALTER DATABASE ${name} SET timezone TO 'Europe/Berlin'`)
    const client = new pg.Client(server.url(name))
    await client.connect()
    for (const script of scripts) await client.query(script)
    return client
  }
  return {
    async release({ before, after, raw, rows, flags = {}, kept, answer, watch, ...settings }) {
      const schema = schemaOf(after, settings)
      const first = [await scriptOf(schemaOf(before)), ...(raw ? [raw] : [])]
      const client = await database([...first, ...(rows ? [rows] : [])])
      try {
        await ensureLedger(client)
        await installGuard(client)
        const model = await catalogs.ofModel(schema, first)
        const live = async () => {
          const catalog = await readCatalog(client)
          const differing = compareCatalogs(asMeant(model, catalog), catalog).map(({ table, name }) => table ?? name)
          return readLiveDatabase(client, catalog, new Set(differing))
        }
        const now = await live()
        let answers = readAnswers(flags)
        assertAnswersFit(model, now, answers)
        if (answer)
          for (let question; (question = nextQuestion(model, now, answers));) answers = answer(question, answers)
        refuse('There is a question', nextQuestion(model, now, answers))
        const { migrations, byHand, beyondModel } = safeForm('change', model, now, answers)
        refuse('This has no form', byHand[0])
        const watched = [await watch?.(client, 'before')]
        for (const { sql } of migrations) await client.query(sql)
        watched.push(await watch?.(client, 'after'))
        const drops = beyondModel.map((index) => `DROP INDEX IF EXISTS "${index}";`)
        const all = [...first, ...migrations.map(({ sql }) => sql), ...drops]
        refuse('A new database differs', await schemas.asked(all, server.adminUrl, schema))
        const again = safeForm('again', model, await live(), readAnswers({}))
        refuse('Something is left to do', again.migrations[0] ?? again.byHand[0])
        return {
          phases: migrations.map(({ name }) => name.slice('change_'.length)),
          sql: migrations.map(({ sql }) => sql).join(''),
          watched,
          found: kept && (await client.query(kept[0])).rows,
        }
      } finally {
        await client.end()
      }
    },
    async close() {
      await catalogs.close()
      await schemas.close()
      await admin.end()
      await server.stop()
    },
  }
}

function refuse(words: string, found: unknown): void {
  if (found !== undefined) throw Object.assign(new Error(`${words}: ${JSON.stringify(found)}`), { question: found })
}

/** The text of a schema.prisma with these models, fields divided by `;`. */
export function schemaOf(models: string, { features = [], datasource = '' }: Partial<Shape> = {}): string {
  const fields = models.replaceAll(/; |(?<=\w \{) | (?=\}$)/gm, '\n')
  const list = features.map((name) => `"${name}"`).join(', ')
  const generator = `generator client {\n  provider = "prisma-client"\n  output = "./made"\n  previewFeatures = [${list}]\n}\n`
  return `${features.length > 0 ? generator : ''}datasource db {\n  provider = "postgresql"\n  ${datasource}\n}\n${fields}\n`
}
