import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import pty from '@lydell/node-pty'
import pg from 'pg'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import {
  filters,
  firstMigration,
  freshDatabase,
  offlineEnv,
  prismaCli,
  query,
  request,
} from '../../support/toy-project.ts'
import { engineBed } from './engine-bed.ts'

const bed = engineBed()

describe("Prisma's own command line, where no engine can be downloaded,", () => {
  test('deploys, and says what is applied before and after', async () => {
    const url = await freshDatabase(bed.server)
    expect(await bed.toy.prisma(url, 'migrate', 'status')).toMatchObject({
      code: 1,
      output: expect.stringContaining('Following migration have not yet been applied:\n20250101000000_first'),
    })
    expect(await bed.toy.prisma(url, 'migrate', 'deploy')).toMatchObject({
      code: 0,
      output: expect.stringContaining('All migrations have been successfully applied.'),
    })
    expect(await bed.toy.prisma(url, 'migrate', 'status')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Database schema is up to date!'),
    })
  })

  test('shows drift, and exits with 2', async () => {
    const url = await bed.deployed()
    const from = { tag: 'migrations', ...(await readMigrations(bed.migrations())) }
    const to = { tag: 'schemaDatasource', ...bed.toy.schema() }
    const none = await request(url, 'diff', {
      from,
      to,
      script: false,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters,
    })
    expect(none.at(-1)).toMatchObject({ result: { exitCode: 0 } })
    await query(url, 'ALTER TABLE recruits ADD COLUMN chort text')
    const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-config-datasource', '--exit-code']
    const { code, output } = await bed.toy.prisma(url, ...diff)
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('[+] Added column `chort`') })
  })

  test('compares models and migrations while the database of the URL is down', async () => {
    const nobody = 'postgresql://dev:dev@127.0.0.1:1/dev'
    const to = { tag: 'schemaDatamodel', ...bed.toy.schema() }
    const whole = { from: { tag: 'empty' }, to, script: true, exitCode: null, shadowDatabaseUrl: null, filters }
    const [printed, ended] = await request(nobody, 'diff', whole)
    expect(printed).toMatchObject({ params: { content: expect.stringContaining('CREATE TABLE "recruits"') } })
    expect(ended).toMatchObject({ result: { exitCode: 0 } })
    const diff = ['migrate', 'diff', '--to-schema', 'prisma/schema.prisma', '--script']
    const env = { DATABASE_URL: nobody, SHADOW_DATABASE_URL: await freshDatabase(bed.server) }
    const fromMigrations = await bed.toy.prisma(env, ...diff, '--from-migrations', 'prisma/migrations')
    expect(fromMigrations).toMatchObject({ code: 0, output: expect.stringContaining('This is an empty migration.') })
  })

  test('makes and applies a migration without a terminal when there is no question', async () => {
    const url = await bed.deployed()
    bed.toy.write('prisma/schema.prisma', `${modelText()}\nmodel Cohort {\n  id Int @id\n}\n`)
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'dev', '--name', 'cohorts')
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('now in sync with your schema') })
    expect(readdirSync(bed.migrations()).join()).toMatch(/\d{14}_cohorts/)
    expect(await query(url, 'SELECT * FROM "Cohort"')).toEqual([])
  })

  test('asks in a terminal before a unique column, and takes the answer', async () => {
    const url = await bed.deployed()
    bed.toy.write('prisma/schema.prisma', modelText().replace('name String', 'name String @unique'))
    const { code, output } = await inTerminal(
      url,
      ['migrate', 'dev', '--name', 'unique_names'],
      /Are you sure.*\?/,
      'y',
    )
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('A unique constraint covering') })
    await query(url, `INSERT INTO recruits (name) VALUES ('Ann')`)
    await expect(query(url, `INSERT INTO recruits (name) VALUES ('Ann')`)).rejects.toThrow('recruits_name_key')
  })

  test('resolves a migration as applied, and executes a file, whose error is PostgreSQL’s', async () => {
    const url = await freshDatabase(bed.server)
    expect(await bed.toy.prisma(url, 'migrate', 'resolve', '--applied', '20250101000000_first')).toMatchObject({
      code: 0,
    })
    const file = 'prisma/migrations/20250101000000_first/migration.sql'
    await query(url, firstMigration)
    const again = await bed.toy.prisma(url, 'db', 'execute', '--file', file)
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('relation "recruits" already exists') })
  })

  test('creates the database that the URL names when it is not there', async () => {
    const existing = await freshDatabase(bed.server)
    const url = existing.replace(/db_\d+$/, 'not_there_yet')
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'deploy')
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('database not_there_yet created'),
    })
  })

  // Catalog columns of the internal type "char": the kinds of constraints, of tables, of what a foreign key does.
  test('pulls every kind of constraint', async () => {
    const url = await bed.deployed()
    await query(
      url,
      `CREATE TYPE mood AS ENUM ('good', 'bad');
       CREATE TABLE parents (id int PRIMARY KEY, mood mood, age int CHECK (age > 0), EXCLUDE USING btree (age WITH =));
       CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE ON UPDATE SET NULL)`,
    )
    const { code, output } = await bed.toy.prisma(url, 'db', 'pull', '--print')
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('onDelete: Cascade, onUpdate: SetNull'),
    })
    expect(output).toContain('enum mood')
    expect(output).toContain('"parents_age_check"')
    expect(output).toContain('"parents_age_excl"')
  })
})

describe('a migration', () => {
  test('is cut where PostgreSQL cuts it: function bodies, DO blocks and a ";" in a string stay as they are', async () => {
    bed.toy.migration(
      '20250102000000_semicolons',
      `INSERT INTO recruits (name) VALUES ('semi;colon'); -- one ; more
       CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN n := n * 2; RETURN n; END; $f$;`,
    )
    const url = await bed.deployed()
    expect(await query(url, 'SELECT name, twice(21) FROM recruits')).toEqual([{ name: 'semi;colon', twice: 42 }])
  })

  test('that fails in its last statement leaves those before it, and nothing between BEGIN and COMMIT', async () => {
    const half =
      'ALTER TABLE recruits ADD COLUMN cohort text;\nBEGIN; ALTER TABLE recruits ADD COLUMN nick text;\nSELECT 1 / 0; COMMIT;'
    bed.toy.migration('20250102000000_half', half)
    const url = await freshDatabase(bed.server)
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'deploy')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'current transaction is aborted, commands ignored until end of transaction block',
      ),
    })
    const columns = await query(url, `SELECT column_name FROM information_schema.columns WHERE table_name = 'recruits'`)
    expect(columns).toEqual([{ column_name: 'id' }, { column_name: 'name' }, { column_name: 'cohort' }])
  })

  test('is applied once when two deploys start together', async () => {
    bed.toy.migration(
      '20250102000000_slow',
      `SELECT pg_advisory_lock(4242); INSERT INTO recruits (name) VALUES ('Ann')`,
    )
    const url = await freshDatabase(bed.server)
    const holder = new pg.Client(url)
    await holder.connect()
    await holder.query('SELECT pg_advisory_lock(4242)')
    const both = Promise.all([bed.toy.prisma(url, 'migrate', 'deploy'), bed.toy.prisma(url, 'migrate', 'deploy')])
    // One waits in the middle of the migration, the other one before it.
    const waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while ((await holder.query(waiting)).rowCount! < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    await holder.end()
    expect((await both).map(({ code }) => code)).toEqual([0, 0])
    expect((await both).map(({ output }) => /No pending migrations to apply/.test(output)).sort()).toEqual([
      false,
      true,
    ])
    expect(await query(url, 'SELECT name FROM recruits')).toEqual([{ name: 'Ann' }])
  })
})

describe('the engine in this process', () => {
  test('applies a folder of migrations, and nothing the second time', async () => {
    const url = await freshDatabase(bed.server)
    const folder = bed.migrations()
    expect(await applyMigrations(url, folder)).toEqual(['20250101000000_first'])
    expect(await applyMigrations(url, folder)).toEqual([])
  })

  test('works in schema public, or in the one that the URL names', async () => {
    const url = await freshDatabase(bed.server)
    const folder = bed.migrations()
    await applyMigrations(url, folder)
    await applyMigrations(`${url}?schema=other%20one`, folder)
    const tables = `SELECT schemaname AS schema FROM pg_tables WHERE tablename = 'recruits' ORDER BY 1`
    expect(await query(url, tables)).toEqual([{ schema: 'other one' }, { schema: 'public' }])
  })

  test('keeps its one connection to itself, and lets go of it when it is closed', async () => {
    const url = await freshDatabase(bed.server)
    const sessions = () =>
      query(bed.server.adminUrl, `SELECT pid FROM pg_stat_activity WHERE datname = '${new URL(url).pathname.slice(1)}'`)
    const engine = await openEngine({ url })
    expect(await sessions()).toHaveLength(1)
    await engine.close()
    expect(await sessions()).toHaveLength(0)
  })

  test("is the very build that Prisma's command line was made for", () => {
    const require = createRequire(import.meta.url)
    const cli = createRequire(require.resolve('@prisma/engines'))
    const { prisma } = cli('@prisma/engines-version/package.json') as { prisma: { enginesVersion: string } }
    const { version } = cli('@prisma/engines-version/package.json') as { version: string }
    const own = join(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'), '..', 'package.json')
    expect(existsSync(own)).toBe(true)
    expect((require(own) as { version: string }).version).toBe(version)
    expect(version).toContain(prisma.enginesVersion)
  })
})

function modelText(): string {
  return `datasource db {\n  provider = "postgresql"\n}\nmodel Recruit {\n  id Int @id @default(autoincrement())\n  name String\n  @@map("recruits")\n}\n`
}

function inTerminal(url: string, args: string[], question: RegExp, answer: string) {
  const env = offlineEnv({ DATABASE_URL: url }) as Record<string, string>
  delete env['CI']
  const terminal = pty.spawn(prismaCli[0]!, [...prismaCli.slice(1), ...args], {
    cwd: bed.toy.folder,
    env,
    cols: 120,
    rows: 40,
  })
  let output = ''
  let isAnswered = false
  terminal.onData((chunk) => {
    output += stripVTControlCharacters(chunk)
    if (isAnswered || !question.test(output)) return
    isAnswered = true
    terminal.write(answer)
  })
  return new Promise<{ code: number; output: string }>((resolve) =>
    terminal.onExit(({ exitCode }) => resolve({ code: exitCode, output })),
  )
}
