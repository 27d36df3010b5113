import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appendFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { takeTurn } from '../../../kit/keep/deploy-turn.ts'
import { bringProdBack, keepProd, seededWorkshop } from '../../support/seeded-workshop.ts'
import type { Workshop } from '../../support/workshop.ts'

let workshop: Workshop
/** PROD with five recruits, at step 10. */
let copy: string
beforeAll(async () => {
  workshop = await seededWorkshop(10)
  await workshop.asAdmin('CREATE ROLE reader; GRANT SELECT ON recruits TO reader')
  copy = await take()
  await keepProd(workshop)
})
beforeEach(async () => {
  workshop.layStep(10)
  await bringProdBack(workshop)
})
afterAll(() => workshop.remove())

const nameIn = (output: string) => /prod_\d{8}_\d{6}_\d{3}/.exec(output)![0]
const asideIn = (output: string) => /prod_archive_\d{8}_\d{6}_\d{3}/.exec(output)![0]
async function take(): Promise<string> {
  const { code, output } = await workshop.door('db', 'snapshots', '--take')
  expect({ code, output }).toMatchObject({ code: 0 })
  return nameIn(output)
}
const restore = (name: string, ...flags: string[]) => workshop.door('db', 'restore', name, ...flags)
const recruits = () => workshop.sql('prod', 'SELECT to_jsonb(r) AS row FROM recruits AS r ORDER BY id')
const events = async () =>
  (await workshop.sql<{ event: string }>('prod', 'SELECT event FROM workshop.ledger ORDER BY entry')).map(
    ({ event }) => event,
  )
const databases = () => workshop.asAdmin('SELECT datname FROM pg_database ORDER BY 1', 'postgres')

describe('a copy that is made by hand is tried out on DEV’s server:', () => {
  const inTurn = async () => (await workshop.door('db', 'snapshots', '--take')).output

  test('it fills an empty database there, which goes away again', async () => {
    expect(await inTurn()).toContain(
      'DEV   ✓ tried out: the copy fills an empty database here, and every value is equal',
    )
    const rehearsals = "SELECT datname FROM pg_database WHERE datname ~ '^workshop_reh'"
    expect(await workshop.sql('dev', rehearsals)).toEqual([])
  })

  test('where it cannot be, that is said, and the copy is there', async () => {
    await workshop.asAdmin('CREATE ROLE onlooker', 'postgres')
    await workshop.sql('prod', 'CREATE POLICY mine ON recruits TO onlooker USING (true)')
    const output = await inTurn()
    expect(output).toContain('DEV   ! the copy was not tried out: PostgreSQL says: role "onlooker" does not exist.')
    expect(nameIn(output)).toMatch(/^prod_/)
  })
})

describe('a copy that is brought back', () => {
  test('stands in a database with the settings that PROD’s had', async () => {
    await workshop.asAdmin(
      `ALTER DATABASE prod SET timezone = 'Asia/Tokyo'; ALTER ROLE prod IN DATABASE prod SET search_path = public, archive; ALTER DATABASE prod SET app.tenant = 'it''s'`,
      'postgres',
    )
    const settings =
      "SELECT current_setting('timezone') AS zone, current_setting('search_path') AS path, current_setting('app.tenant') AS tenant"
    const before = await workshop.sql('prod', settings)
    expect(before).toEqual([{ zone: 'Asia/Tokyo', path: 'public, archive', tenant: "it's" }])
    const { code, output } = await restore(copy)
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(await workshop.sql('prod', settings)).toEqual(before)
  })

  test('holds each value, the rights of others, and a past that goes on; what stood there is kept', async () => {
    const before = await recruits()
    const ledger = await events()
    await workshop.sql('prod', "UPDATE recruits SET surname = 'gone'; ALTER TABLE recruits ADD COLUMN later text")
    await workshop.sql(
      'prod',
      `INSERT INTO recruits SELECT (jsonb_populate_record(r, '{"id": 99, "personal_email_address": "late@example.com"}')).* FROM recruits r LIMIT 1`,
    )
    const { code, output } = await workshop.run('db', 'restore', copy)
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(await recruits()).toEqual(before)
    expect(await events()).toEqual([...ledger, `restore of ${copy}`])
    expect(await workshop.sql('prod', "SELECT has_table_privilege('reader', 'recruits', 'SELECT') AS may")).toEqual([
      { may: true },
    ])
    expect((await workshop.door('db', 'ledger')).output).toContain(`restore of ${copy}\n    5 recruits, 40 values\n`)

    const kept = asideIn(output)
    expect(output).toContain(`! 1 row of recruits came after that copy: in ${kept}, and not here any more`)
    expect((await workshop.door('db', 'snapshots')).output).toMatch(
      new RegExp(
        `PROD {2}${copy} {2}5 rows in 1 table, 5 migrations, \\d kB, by hand\n(.*\n)*PROD {2}${kept} {2}\\d+ kB`,
      ),
    )
    const past = await events()
    expect(await restore(kept)).toMatchObject({ code: 0 })
    expect(await events()).toEqual([...past, `restore of ${kept}`])
    expect(await workshop.sql('prod', "SELECT count(*)::int AS n FROM recruits WHERE surname = 'gone'")).toEqual([
      { n: 6 },
    ])
  })

  test('comes back where its database is gone', async () => {
    expect(await restore(copy)).toMatchObject({ code: 0 })
    const before = await recruits()
    await workshop.asAdmin('DROP DATABASE prod WITH (FORCE)', 'postgres')
    expect(await restore(copy)).toMatchObject({ code: 0 })
    expect(await recruits()).toEqual(before)
  })

  test('is guarded, takes new recruits under new numbers, and can be deployed to', async () => {
    expect(await restore(copy)).toMatchObject({ code: 0 })
    await expect(workshop.sql('prod', 'DELETE FROM recruits')).rejects.toThrow('is refused')
    await expect(workshop.sql('prod', 'ALTER TABLE recruits DROP COLUMN cohort')).rejects.toThrow('kept nowhere else')
    const last = Math.max(...(await recruits()).map(({ row }) => row.id))
    await workshop.sql(
      'prod',
      "INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address, cohort) VALUES ('A', 'B', 'c', 'd', 'e', 'f', 'g')",
    )
    expect(Math.max(...(await recruits()).map(({ row }) => row.id))).toBe(last + 1)
    workshop.layStep(17)
    const deployed = await workshop.run('migrate', 'deploy', '--env', 'prod')
    expect(deployed).toMatchObject({ code: 0 })
    expect(deployed.output).toContain('PROD kept 6 of 6 recruits, 48 of 48 values')
    expect((await workshop.door('drift', '--env', 'prod')).output).toMatch(/✓ migrations → PROD +in sync/)
  })

  test('has the numbers of its ledger after those of the database that it replaces', async () => {
    const numbers = async () => {
      const entries = await workshop.sql<{ entry: string }>('prod', 'SELECT entry FROM workshop.ledger ORDER BY entry')
      return entries.map(({ entry }) => Number(entry))
    }
    const before = (await numbers()).length
    for (const more of [1, 2]) {
      expect(await restore(copy)).toMatchObject({ code: 0 })
      expect(await numbers()).toEqual(Array.from({ length: before + more }, (_, i) => i + 1))
    }
  })

  test('outlives its server: a new one gets all of it', async () => {
    const before = await recruits()
    const data = workshop.file('.workshop/prod')
    expect(await workshop.door('db', 'down', '--env', 'prod')).toMatchObject({ code: 0 })
    renameSync(data, `${data}-lost`)
    try {
      expect((await workshop.door('db', 'snapshots')).output).toContain('its server is down, or not ours')
      const { code, output } = await restore(copy)
      expect({ code, output }).toMatchObject({ code: 0 })
      expect(await recruits()).toEqual(before)
      expect(output).toContain('! not given, there is no such role here: GRANT SELECT')
      expect((await events()).slice(0, 2)).toEqual(['before a deploy', 'deploy'])
    } finally {
      await workshop.door('db', 'down', '--env', 'prod')
      rmSync(data, { recursive: true, force: true })
      renameSync(`${data}-lost`, data)
      await workshop.door('db', 'up')
    }
  })
})

describe('nothing is changed, and it is said why,', () => {
  async function refused(name: string, ...flags: string[]): Promise<string> {
    const before = [await recruits(), await databases(), await events()]
    const { code, output } = await restore(name, ...flags)
    expect({ code, output }).toMatchObject({ code: 1 })
    expect([await recruits(), await databases(), await events()]).toEqual(before)
    return output
  }

  test('when somebody is connected, who is named; --disconnect ends the session', async () => {
    const session = new pg.Client({ connectionString: workshop.url('prod'), application_name: 'my psql' })
    session.on('error', () => {})
    await session.connect()
    const output = await refused(copy)
    expect(output).toMatch(/Connected to prod: my psql \(process \d+\)/)
    expect(output).toContain(`npm run db restore ${copy} -- --disconnect`)
    expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    expect(await restore(copy, '--disconnect')).toMatchObject({ code: 0 })
    await expect(session.query('SELECT 1')).rejects.toThrow(/terminat|connection/)
  })

  test('when a file of the copy was changed', async () => {
    const damaged = await take()
    const folder = workshop.file(`.workshop/snapshots/${damaged}`)
    appendFileSync(
      join(
        folder,
        readdirSync(folder).find((name) => name.endsWith('recruits.copy'))!,
      ),
      'x\n',
    )
    expect(await refused(damaged)).toMatch(/This copy is damaged|does not go into a database/)
  })

  test('when the copy would make something else than it says', async () => {
    const altered = await take()
    appendFileSync(workshop.file(`.workshop/snapshots/${altered}/after.sql`), 'CREATE TABLE public.more ();\n')
    expect(await refused(altered)).toContain('Not the same: what is made before the rows come')
  })

  test('when the copy was never finished, or there is none of that name', async () => {
    expect(await refused('prod_20200101_000000_000')).toContain(`It has: prod_`)
    expect(await refused(`${copy}.unfinished`)).toContain('PROD has no archive')
  })

  test('when a copy of PROD should go to DEV', async () => {
    expect(await refused(copy, '--env', 'dev')).toContain('A copy of PROD goes back to PROD alone')
  })

  test.each([
    [['restore'], 'Restore which one?'],
    [['snapshots', '--disconnect'], 'is not a command'],
    [['restore', 'x', '--take'], 'is not a command'],
    [['ledger', '--env', 'dev'], 'DEV has no ledger.'],
  ])('when the words are odd: db %j', async (words, said) => {
    expect(await workshop.door('db', ...words)).toMatchObject({ code: 1, output: expect.stringContaining(said) })
  })

  test('when a deploy is at work, whose changes would go with the database that is replaced', async () => {
    const deploy = new pg.Client({ connectionString: workshop.url('prod') })
    await deploy.connect()
    try {
      await takeTurn(deploy, () => {})
      const output = await refused(copy, '--disconnect')
      expect(output).toMatch(/A deploy is at work on PROD: nothing was changed\.\n\n +why +It is a deploy, process \d+/)
    } finally {
      await deploy.end()
    }
  })
})
