import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeKept, describeLost, tellLedger } from '../../../kit/keep/ledger-entry.ts'
import { ensureLedger, readLedger, writeLedger } from '../../../kit/keep/ledger.ts'
import pg from 'pg'
import { compareEntries } from '../../../kit/keep/compare-entries.ts'
import { copyNow, guardedDatabase, recruits, type GuardedDatabase } from '../../support/guarded.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

let server: ScratchServer
beforeAll(async () => {
  server = await scratchServer()
})
afterAll(() => server.stop())

describe('the whole past', () => {
  let db: GuardedDatabase
  beforeAll(async () => {
    db = await guardedDatabase(server)
    await writeLedger(db.prod, { event: 'before a deploy' })
    await db.prod.query(recruits)
    await writeLedger(db.prod, { event: 'deploy', migrations: ['1_create'] })
    await db.prod.query('ALTER TABLE recruits RENAME chatname TO rocketchat_user; ALTER TABLE recruits ADD cohort text')
    await writeLedger(db.prod, { event: 'deploy', migrations: ['2_rename', '3_add'], snapshot: 'prod_1' })
  })
  afterAll(() => db.end())

  test('is told with what changed', async () => {
    const lines = tellLedger(await readLedger(db.prod)).map((line) =>
      line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d/, 'WHEN'),
    )
    expect(lines).toEqual([
      'WHEN  before a deploy',
      '    no tables',
      'WHEN  deploy',
      '    1_create',
      '    15 recruits, 60 values',
      '    new in recruits: id, chatname, id_number, age',
      'WHEN  deploy',
      '    2_rename',
      '    3_add',
      '    15 recruits, 60 values',
      '    recruits.chatname is now called recruits.rocketchat_user',
      '    new in recruits: cohort',
      '    the copy: prod_1',
    ])
  })

  test.each([
    'UPDATE workshop.ledger SET event = event',
    'DELETE FROM workshop.ledger_columns',
    'TRUNCATE workshop.ledger CASCADE',
  ])('is only ever added to, even by the superuser: %s', async (sql) => {
    await expect(db.admin.query(sql)).rejects.toThrow('The ledger is only ever added to')
  })

  test('is not written by the role of PROD but through its function', async () => {
    await expect(db.prod.query("INSERT INTO workshop.ledger (event) VALUES ('x')")).rejects.toThrow('permission denied')
  })
})

/** What the ledger tells of the two moments, in a database in which nothing is refused. */
async function toldAfter(setup: string, sql: string, begin = ''): Promise<{ story: string[]; verdict: string[] }> {
  const db = await guardedDatabase(server)
  try {
    await db.prod.query(`${begin}; ${setup}`)
    const before = await writeLedger(db.prod, { event: 'before a deploy' })
    const copy = await copyNow(db.admin, ['public.t'])
    await db.admin.query(`SET event_triggers = off; ${begin}; ${sql}; RESET ALL`)
    const after = await writeLedger(db.prod, { event: 'deploy' })
    const kept = await compareEntries(db.prod, before, after, copy)
    const story = tellLedger([before, after]).slice(4)
    return { story: story.map((line) => line.trim()), verdict: [describeKept(kept), ...describeLost(kept.lost)] }
  } finally {
    await db.end()
  }
}

test('of more than six tables the rows are summed up: nobody reads a list of 26', () => {
  const tables = Array.from({ length: 7 }, (_, i) => ({ name: `t${i}`, rows: 1_000, keptRows: i === 0 ? 999 : 1_000 }))
  const kept = { tables, values: 30_000, lost: [], moved: [], fates: [] }
  expect(describeKept(kept)).toBe('PROD kept 6,999 of 7,000 rows in 7 tables, 30,000 of 30,000 values')
  expect(describeKept({ ...kept, tables: tables.slice(0, 6) })).toContain('the rows of 3 more tables')
  const sum = { rows: 10, values: 10, fingerprint: '', type: 'text', key: 'id', keyPart: 1 }
  const columns = tables.map(({ name }, i) => ({
    ...sum,
    table: `public.${name}`,
    column: 'id',
    tableOid: i,
    attnum: 1,
  }))
  const entry = { entry: '1', at: new Date(0), event: 'deploy', migrations: [], snapshot: null, columns }
  expect(tellLedger([entry])[1]).toBe('    70 rows in 7 tables, 70 values')
})

describe('an instant is the same one in whatever zone the role works:', () => {
  const setup = "CREATE TABLE t (id int PRIMARY KEY, at timestamp); INSERT INTO t VALUES (1, '2025-06-01 12:00')"
  const zone = "SET timezone = 'America/New_York'"
  const to = 'ALTER TABLE t ALTER at TYPE timestamptz'
  test('one that moved by some hours is gone', async () => {
    const { verdict } = await toldAfter(setup, to, zone)
    expect(verdict).toEqual([
      'PROD kept 1 of 1 t, 1 of 2 values',
      't.at: 1 value is gone',
      '  row 1: was "2025-06-01 12:00:00", is "2025-06-01 16:00:00+00"',
    ])
  })
  test('one that was read in UTC is kept', async () => {
    expect((await toldAfter(setup, `${to} USING at AT TIME ZONE 'UTC'`, zone)).verdict).toEqual([
      'PROD kept 1 of 1 t, 2 of 2 values',
    ])
  })
  test('and a date is the same one in whatever form the role writes it', async () => {
    const dates = "CREATE TABLE t (id int PRIMARY KEY, on_day date); INSERT INTO t VALUES (1, '2025-06-01')"
    const { verdict } = await toldAfter(dates, 'ALTER TABLE t ALTER on_day TYPE text', "SET datestyle = 'ISO, DMY'")
    expect(verdict).toEqual(['PROD kept 1 of 1 t, 2 of 2 values'])
  })
})

describe('the story says «some differ» of nothing that is as it was:', () => {
  const setup = `CREATE TYPE mood AS ENUM ('calm', 'busy'); CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, mood mood, n int);
    INSERT INTO t SELECT i, 'c' || i, 'calm', i FROM generate_series(1, 3) i`
  test.each([
    [
      'another key',
      'ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (code)',
      ['t has another key, t.code, and had t.id: its sums say nothing of its values'],
    ],
    [
      'a key of two columns',
      'ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, code)',
      ['t has another key, t.id, t.code, and had t.id: its sums say nothing of its values'],
    ],
    ['a renamed label', "ALTER TYPE mood RENAME VALUE 'calm' TO 'serene'", ['mood: calm is called serene now']],
    [
      'a key that was written anew',
      'UPDATE t SET id = id + 100',
      ['t.id has 3 values, and had 3; some differ, and it is the key of the others'],
    ],
    ['values that differ indeed', 'UPDATE t SET n = n + 1', ['t.n has 3 values, and had 3; some differ']],
  ])('%s', async (_, sql, words) => {
    expect((await toldAfter(setup, sql)).story).toEqual(words)
  })

  test('and a label of an enum below a domain follows its new name', async () => {
    const domain = `CREATE TYPE mood AS ENUM ('calm', 'busy'); CREATE DOMAIN m AS mood; CREATE TABLE t (id int PRIMARY KEY, mood m); INSERT INTO t VALUES (1, 'calm')`
    const { verdict } = await toldAfter(domain, "ALTER TYPE mood RENAME VALUE 'calm' TO 'serene'")
    expect(verdict).toEqual(['PROD kept 1 of 1 t, 2 of 2 values'])
  })
})

describe('rows that a policy hides from the role of PROD are never taken for rows that are gone, or for none:', () => {
  const hide = 'ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY'

  test('a ledger of that role itself refuses to count', async () => {
    const root = await guardedDatabase(server)
    await root.admin.query('CREATE DATABASE of_prod OWNER prod')
    await root.end()
    const prod = new pg.Client(server.url('of_prod', 'prod', 'prod'))
    await prod.connect()
    await prod.query(`CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2); ${hide}`)
    await ensureLedger(prod)
    await expect(writeLedger(prod, { event: 'deploy' })).rejects.toThrow('row-level security policy for table "t"')
    await prod.end()
  })

  test('and a comparison says that it cannot see them', async () => {
    const setup = `CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b')`
    await expect(toldAfter(setup, `UPDATE t SET v = 'x' WHERE id = 1; ${hide}`)).rejects.toThrow('row-level security')
  })
})

test('a column that one deploy fills from an old one may replace it in the next', async () => {
  const db = await guardedDatabase(server)
  try {
    await db.prod.query(recruits)
    await writeLedger(db.prod, { event: 'deploy' })
    await db.prod.query('ALTER TABLE recruits ADD chat text; UPDATE recruits SET chat = chatname')
    await writeLedger(db.prod, { event: 'deploy' })
    await expect(db.prod.query('ALTER TABLE recruits DROP chatname')).resolves.toBeDefined()
  } finally {
    await db.end()
  }
})

test('a column that is equal by chance, and was there at the last deploy, does not stand for another', async () => {
  const db = await guardedDatabase(server)
  try {
    await db.prod.query("CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'x', 'x')")
    await writeLedger(db.prod, { event: 'deploy' })
    await expect(db.prod.query('ALTER TABLE t DROP a')).rejects.toThrow('1 of its 1 values are kept nowhere else')
  } finally {
    await db.end()
  }
})
