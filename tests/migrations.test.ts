import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { openEngine } from '../workshop/world/engine/engine.ts'
import { projectRoot } from '../workshop/world/project.ts'
import { scratchServer, type ScratchServer } from './support/server.ts'

/** Contents by path, with `/`, as they stand at one step. */
type Files = Record<string, string>

const steps = readdirSync(join(projectRoot, 'steps'))
  .filter((name) => /^\d\d-/.test(name))
  .sort()
const numbers = steps.map((name) => Number.parseInt(name))
const schemaPath = 'prisma/schema.prisma'

describe('the files of the steps', () => {
  test('stand in folders with a number of their own, each of which changes something', () => {
    expect(new Set(numbers).size).toBe(steps.length)
    const idle = numbers.filter((n) => hasFiles(n) && differences(laid(n - 1), laid(n)).length === 0)
    expect(idle).toEqual([])
  })

  test('make, laid one over the other, the finished prisma/ and seeds/', () => {
    const differing = differences(laid(99), { ...readFolder('prisma'), ...readFolder('seeds') })
    // A learner's own prisma/ and seeds/ are theirs: there the differences are told, and nothing fails.
    const isOurs = process.env['CI'] === 'true'
    if (!isOurs && differing.length > 0) {
      process.stderr.write(`prisma/ and seeds/ are not the finished state here: ${differing.join(', ')}\n`)
    }
    expect(isOurs ? differing : []).toEqual([])
  })

  test('never change a migration that an earlier step introduced, and never remove one', () => {
    for (const n of numbers) {
      const before = laid(n - 1)
      const changed = differences(before, laid(n)).filter((path) => isMigration(path) && path in before)
      expect({ step: n, changed }).toEqual({ step: n, changed: [] })
    }
  })

  test('put each new migration behind the ones before it, and all of them before those of a learner', () => {
    for (const n of numbers) {
      const before = migrationsOf(laid(n - 1))
      expect(migrationsOf(laid(n)).slice(0, before.length)).toEqual(before)
    }
    expect(migrationsOf(laid(99)).every((name) => /^2025\d{10}_[a-z_]+$/.test(name))).toBe(true)
  })

  test('open each migration with a comment that says why', () => {
    const silent = Object.entries(laid(99)).filter(([path, sql]) => isMigration(path) && !sql.startsWith('-- '))
    expect(silent).toEqual([])
  })
})

describe('the migrations of each step', () => {
  let server: ScratchServer
  beforeAll(async () => {
    server = await scratchServer()
  })
  afterAll(() => server.stop())

  test.each(numbers)('replayed from empty, make the schema of step %i', async (n) => {
    // Step 1 writes the model and leaves the migration to step 2.
    expect(await differsFromSchema(server.url('postgres', 'postgres', 'admin'), laid(n))).toBe(n === 1)
  })

  test('keep every row and every value of a table that is in use', async () => {
    const database = await asWorkshop(server)
    const known = new Map<string, string[]>()
    for (const [name, sql] of migrationScripts()) {
      await database.query(sql)
      const kept = await valuesById(database)
      for (const [id, values] of known)
        expect({ name, id, kept: kept.get(id) }).toEqual({ name, id, kept: withAll(kept, id, values) })
      await addRecruits(database, name)
      for (const [id, values] of await valuesById(database)) known.set(id, values)
    }
    expect(known.size).toBe(migrationScripts().length * oddTexts.length)
    await database.end()
  })

  test('give each recruit without an address one of their own, and leave the others alone', async () => {
    const database = await asWorkshop(server)
    await applyUntil(database, 'backfill_personal_email_address', async () => {
      await addRecruits(database, 'without address')
      await database.query(`UPDATE recruits SET personal_email_address = 'mine@example.com' WHERE id = 2`)
    })
    const addresses = await column(database, 'personal_email_address')
    expect(addresses[1]).toBe('mine@example.com')
    expect(new Set(addresses).size).toBe(oddTexts.length)
    expect(addresses).not.toContain(null)
    await database.end()
  })

  test('put everyone who is there into the C25, and demand a cohort of everyone who comes later', async () => {
    const database = await asWorkshop(server)
    await applyUntil(database, 'add_cohort', () => addRecruits(database, 'before'))
    expect(new Set(await column(database, 'cohort'))).toEqual(new Set(['C25 Data Eng']))
    await expect(addRecruits(database, 'later', ['cohort'])).rejects.toMatchObject({ code: '23502', column: 'cohort' })
    await database.end()
  })

  test('move the id numbers into the archive and drop the column in one piece', async () => {
    const database = await asWorkshop(server)
    await applyUntil(database, 'rename_chatname_to_rocketchat_user', () => addRecruits(database, 'before'))
    await database.query('CREATE VIEW needs_it AS SELECT id_number FROM recruits')
    const [, drop] = migrationScripts().at(-1)!
    await expect(database.query(drop)).rejects.toThrow('other objects depend on it')
    expect((await database.query(`SELECT to_regclass('archive.recruits') AS archive`)).rows).toEqual([
      { archive: null },
    ])
    await database.query('DROP VIEW needs_it')
    const before = await column(database, 'id_number')
    await database.query(drop)
    expect(await column(database, 'id_number', 'archive.recruits')).toEqual(before)
    await database.end()
  })

  test('run again on a dev database whose public schema was reset and whose archive was not', async () => {
    const database = await asWorkshop(server)
    for (const round of ['first', 'second']) {
      await database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
      await applyUntil(database, 'create_recruits', () => addRecruits(database, round))
      for (const [, sql] of migrationScripts().slice(1)) await database.query(sql)
      const archived = await column(database, 'id_number', 'archive.recruits')
      expect(archived).toEqual(oddTexts.map((text) => `${text} ${round} id_number`))
    }
    await database.end()
  })
})

const oddTexts = ['', 'O’Brien', 'a\tb\n"c\\', `'; DROP TABLE recruits; --`, '日本語 🎓']

/** Adds one recruit for each odd text, with a value in every column that the table has by now. */
async function addRecruits(database: pg.Client, tag: string, without: string[] = []): Promise<void> {
  const found = await database.query(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'recruits' AND column_name <> 'id' ORDER BY ordinal_position`,
  )
  const names: string[] = found.rows.map((row) => row.name).filter((name) => !without.includes(name))
  const list = names.map((name) => `"${name}"`).join(', ')
  const places = names.map((_, i) => `$${i + 1}`).join(', ')
  for (const text of oddTexts) {
    const values = names.map((name) =>
      name === 'personal_email_address' && tag === 'without address' ? null : `${text} ${tag} ${name}`,
    )
    await database.query(`INSERT INTO recruits (${list}) VALUES (${places})`, values)
  }
}

/** Each recruit's values, from `public` and `archive` together, sorted: a renamed or moved value is still there. */
async function valuesById(database: pg.Client): Promise<Map<string, string[]>> {
  const archive = (await database.query(`SELECT to_regclass('archive.recruits') AS name`)).rows[0].name
  const values = new Map<string, string[]>()
  for (const table of ['public.recruits', ...(archive ? ['archive.recruits'] : [])]) {
    for (const { id, ...row } of (await database.query(`SELECT * FROM ${table}`)).rows) {
      const texts = Object.values(row).filter((value) => value !== null) as string[]
      values.set(String(id), [...(values.get(String(id)) ?? []), ...texts].sort())
    }
  }
  return values
}

/** The values that are there, if all the known ones are among them; else the known ones, so that the test shows both. */
function withAll(kept: Map<string, string[]>, id: string, known: string[]): string[] {
  const there = kept.get(id) ?? []
  return known.every((value) => there.includes(value)) ? there : known
}

async function applyUntil(database: pg.Client, last: string, beforeLast: () => Promise<void>): Promise<void> {
  for (const [name, sql] of migrationScripts()) {
    const isLast = name.endsWith(last)
    const isFirst = name === migrationScripts()[0]![0]
    if (isLast && !isFirst) await beforeLast()
    await database.query(sql)
    if (isLast && isFirst) await beforeLast()
    if (isLast) return
  }
}

/** A database as the workshop makes them: the role owns schema public, may create schemas, and is no superuser. */
async function asWorkshop(server: ScratchServer): Promise<pg.Client> {
  const name = `migrations_${databases++}`
  const admin = new pg.Client(server.adminUrl)
  await admin.connect()
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'own'`)
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.query(`GRANT CREATE ON DATABASE ${name} TO ${name}`)
  await admin.end()
  const inside = new pg.Client(server.url(name, 'postgres', 'admin'))
  await inside.connect()
  await inside.query(`ALTER SCHEMA public OWNER TO ${name}`)
  await inside.end()
  const client = new pg.Client(server.url(name, name, 'own'))
  await client.connect()
  return client
}
let databases = 0

async function differsFromSchema(url: string, files: Files): Promise<boolean> {
  const engine = await openEngine({ url, filesOnly: true, shadowDatabaseUrl: url })
  try {
    const { exitCode } = await engine.diff({
      from: migrationsOf(files).length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...migrationList(files) },
      to: { tag: 'schemaDatamodel', files: [{ path: schemaPath, content: files[schemaPath]! }] },
      exitCode: true,
      script: false,
      filters: { externalTables: [], externalEnums: [] },
    })
    return exitCode === 2
  } finally {
    await engine.close()
  }
}

function migrationList(files: Files) {
  return {
    baseDir: 'prisma/migrations',
    lockfile: { path: 'migration_lock.toml', content: files['prisma/migrations/migration_lock.toml'] ?? null },
    migrationDirectories: migrationsOf(files).map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: files[`prisma/migrations/${name}/migration.sql`]! },
      },
    })),
    shadowDbInitScript: '',
  }
}

function migrationScripts(): [name: string, sql: string][] {
  const files = laid(99)
  return migrationsOf(files).map((name) => [name, files[`prisma/migrations/${name}/migration.sql`]!])
}

function migrationsOf(files: Files): string[] {
  return Object.keys(files)
    .filter(isMigration)
    .map((path) => path.split('/')[2]!)
    .sort()
}

async function column(database: pg.Client, name: string, table = 'recruits'): Promise<unknown[]> {
  return (await database.query(`SELECT ${name} AS value FROM ${table} ORDER BY id`)).rows.map((row) => row.value)
}

/** `prisma/` and `seeds/` at the end of a step: the files of all steps up to it, one laid over the other. */
function laid(until: number): Files {
  const files: Files = {}
  for (const step of steps.filter((name) => Number.parseInt(name) <= until)) {
    Object.assign(files, readFolder(join('steps', step, 'files'), join('steps', step, 'files')))
    for (const path of removedBy(step)) delete files[path]
  }
  return files
}

function removedBy(step: string): string[] {
  const list = join(projectRoot, 'steps', step, 'removed.txt')
  return existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : []
}

function hasFiles(number: number): boolean {
  const step = steps.find((name) => Number.parseInt(name) === number)!
  return existsSync(join(projectRoot, 'steps', step, 'files'))
}

function readFolder(folder: string, base = ''): Files {
  const entries = readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const named = paths.map((path) => [relative(join(projectRoot, base), path).split(sep).join('/'), path] as const)
  const ours = named.filter(([name]) => !name.startsWith('prisma/generated/'))
  return Object.fromEntries(ours.map(([name, path]) => [name, readFileSync(path, 'utf8')]))
}

function differences(a: Files, b: Files): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path])
}

function isMigration(path: string): boolean {
  return path.endsWith('/migration.sql')
}
