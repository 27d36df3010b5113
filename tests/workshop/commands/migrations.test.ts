import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { openSchemas } from '../../../kit/catalog/schemas.ts'
import { laid, migrationScripts, scriptsOf, stepNumbers } from '../../support/laid-steps.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

const schemaPath = 'prisma/schema.prisma'

describe('the migrations of each step', () => {
  let server: ScratchServer
  const schemas = openSchemas()
  beforeAll(async () => {
    server = await scratchServer()
  })
  afterAll(async () => {
    await schemas.close()
    await server.stop()
  })

  test.each(stepNumbers)('replayed from empty, make the schema of step %i', async (n) => {
    // Step 1 writes the model and leaves the migration to step 2.
    const files = laid(n)
    const differs = (await schemas.asked(scriptsOf(files), server.adminUrl, files[schemaPath]!)) !== undefined
    expect(differs).toBe(n === 1)
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
    await database.query('ROLLBACK')
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

async function column(database: pg.Client, name: string, table = 'recruits'): Promise<unknown[]> {
  return (await database.query(`SELECT ${name} AS value FROM ${table} ORDER BY id`)).rows.map((row) => row.value)
}
