import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { join } from 'node:path'
import pg from 'pg'
import { lookAtDatabase } from '../../../kit/review/branch-database.ts'
import { readHazardFacts } from '../../../kit/hazards/hazard-facts.ts'
import { databaseChecks, databaseFindings, type DatabaseCheck } from '../../../kit/review/database-checks.ts'
import { hazardsOf } from '../../../kit/hazards/hazards.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import type { MigrationText } from '../../../kit/sql/migration-text.ts'
import { databaseCorpus, type DatabaseCase } from './database-corpus.ts'
import { firstSql, landedNames } from '../../support/review-repository.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { toyProject, type ToyProject } from '../../support/toy-project.ts'

let server: ScratchServer
let admin: pg.Client
let project: ToyProject
const deployed: MigrationText[] = [
  { name: landedNames[0], sql: firstSql },
  { name: landedNames[1], sql: 'ALTER TABLE "recruits" ADD COLUMN "age" INTEGER;\n' },
]

beforeAll(async () => {
  server = await scratchServer()
  admin = new pg.Client(server.adminUrl)
  await admin.connect()
  await admin.query('CREATE DATABASE base')
  project = toyProject()
  for (const { name, sql } of deployed) project.migration(name, sql)
  await applyMigrations(server.url('base'), join(project.folder, 'prisma', 'migrations'))
})
afterAll(async () => {
  project?.remove()
  await admin?.end()
  await server?.stop()
})

/** A copy of the deployed database, in which `work` is done. */
async function onCopy<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  await admin.query('CREATE DATABASE one TEMPLATE base STRATEGY file_copy')
  const client = new pg.Client(server.url('one'))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
    await admin.query('DROP DATABASE one')
  }
}

function live({ sql = [], folder = {} }: DatabaseCase) {
  return onCopy(async (client) => {
    for (const statement of sql) {
      // An exclamation mark says that it fails, and leaves something behind.
      if (statement.startsWith('! '))
        await expect(client.query(statement.slice(2))).rejects.toThrow(/could not create unique index/)
      else await client.query(statement)
    }
    const texts = new Map<string, string | null>([
      ...deployed.map(({ name, sql: text }) => [name, text] as const),
      ...Object.entries(folder),
    ])
    const files = [...texts].flatMap(([name, text]) => (text === null ? [] : [{ name, sql: text }]))
    return lookAtDatabase(
      'PROD',
      client,
      files.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      async () => server.adminUrl,
    )
  })
}

describe('H15 to H18 and H22: what a database shows', () => {
  test.each(databaseCorpus)('$id $title', async (one) => {
    const found = await live(one)
    const wordsOf = (checks: readonly DatabaseCheck[]) =>
      databaseFindings(found, checks)
        .filter(({ id }) => id === one.id)
        .map(({ words }) => words)
    expect(wordsOf(databaseChecks)).toEqual(one.finds.map((words) => expect.stringMatching(words)))
    expect(wordsOf(databaseChecks.filter(({ id }) => id !== one.id))).toEqual([])
    // What was done by hand here is drift too, and rightly so.
    const others = databaseFindings(found).filter(({ id }) => id !== one.id)
    expect(others.filter(({ id }) => id !== 'H18' || one.sql === undefined)).toEqual([])
  })

  test('each has at least three bad cases and two good ones', () => {
    const ids = ['H15', 'H16', 'H17', 'H18', 'H22']
    expect([...new Set(databaseChecks.map(({ id }) => id as string))].toSorted()).toEqual(ids)
    for (const id of ids) {
      const own = databaseCorpus.filter((one) => one.id === id)
      expect(own.filter(({ finds }) => finds.length > 0).length).toBeGreaterThanOrEqual(3)
      expect(own.filter(({ finds }) => finds.length === 0).length).toBeGreaterThanOrEqual(2)
    }
  })
})

describe('what the rows of a database say of a hazard', () => {
  const levels = (rows: string[], sql: string) =>
    onCopy(async (client) => {
      for (const statement of rows) await client.query(statement)
      const pending = [{ name: '20250103000000_next', sql }]
      const facts = await readHazardFacts(client, pending, deployed)
      return hazardsOf(pending, { landed: deployed, facts }).map(({ id, level }) => `${id} ${level}`)
    })
  const some = "INSERT INTO recruits (name, nick, age) SELECT 'n' || i, 'k' || i, i FROM generate_series(1, 5) AS i"
  const many = some.replace('5)', '100000)')

  test('a lock on fewer than 100,000 rows is a note, on more it is refused', async () => {
    const index = 'CREATE INDEX ages ON recruits (age);'
    expect(await levels([some], index)).toEqual(['H4 note'])
    expect(await levels([many], index)).toEqual(['H4 refuse'])
  })

  test('a backfill alone in its file is a note however many rows there are', async () => {
    expect(await levels([many], 'UPDATE recruits SET age = 1;')).toEqual(['H13 note'])
    const both = 'BEGIN; ALTER TABLE recruits ADD x INT; UPDATE recruits SET x = 1; COMMIT;'
    expect(await levels([many], both)).toEqual(['H13 refuse', 'H13 refuse'])
  })

  test('what loses values is refused where there is a value, and noted where there is no row', async () => {
    expect(await levels([some], 'ALTER TABLE recruits DROP COLUMN nick;')).toEqual(['H10 refuse'])
    expect(await levels([], 'ALTER TABLE recruits DROP COLUMN nick;')).toEqual(['H10 note'])
    expect(await levels([], 'ALTER TABLE recruits ADD COLUMN x TEXT NOT NULL;')).toEqual(['H1 note'])
  })

  test('the database itself looks for duplicates', async () => {
    const unique = 'CREATE UNIQUE INDEX CONCURRENTLY nicks ON recruits (nick);'
    expect(await levels([some], unique)).toEqual([])
    expect(await levels([some, "UPDATE recruits SET nick = 'same'"], unique)).toEqual(['H5 refuse'])
    expect(await levels([some, 'UPDATE recruits SET nick = NULL'], unique)).toEqual([])
  })

  test('a table that is not there yet is no obstacle', async () => {
    expect(
      await levels(
        [],
        'BEGIN; CREATE TABLE a (id INT); DROP SCHEMA IF EXISTS nowhere; DROP TABLE IF EXISTS elsewhere.b; COMMIT;',
      ),
    ).toEqual(['H10 refuse', 'H10 refuse'])
  })
})
