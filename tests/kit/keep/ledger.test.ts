import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeFates, describeKept, describeLost } from '../../../kit/keep/ledger-entry.ts'
import { keptBetween, recruits } from '../../support/guarded.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

let server: ScratchServer
beforeAll(async () => {
  server = await scratchServer()
})
afterAll(() => server.stop())

/** What the last of them said of values that are kept, and did not stay as they were. */
let fates: string[] = []

/** In which places values are believed to stand is held in ledger-places.test.ts. */
async function keptAfter(sql: string, setup = recruits, tables = ['public.recruits']): Promise<string[]> {
  const kept = await keptBetween(server, { setup, sql, tables })
  fates = describeFates(kept)
  return [describeKept(kept), ...describeLost(kept.lost)]
}

const all = ['PROD kept 15 of 15 recruits, 60 of 60 values']

describe('nothing is lost by', () => {
  test.each([
    ['nothing at all', 'SELECT 1'],
    ['a renamed column', 'ALTER TABLE recruits RENAME chatname TO rocketchat_user'],
    ['a renamed table', 'ALTER TABLE recruits RENAME TO people'],
    ['a renamed key', 'ALTER TABLE recruits RENAME id TO recruit_id; UPDATE recruits SET chatname = chatname'],
    ['rows that come', "INSERT INTO recruits (chatname) SELECT 'new ' || i FROM generate_series(1, 5) AS i"],
    ['a column that comes and is filled', "ALTER TABLE recruits ADD cohort text DEFAULT 'C25'"],
    [
      'a column that goes into the archive',
      `CREATE SCHEMA archive; CREATE TABLE archive.recruits (id int PRIMARY KEY, id_number text);
       INSERT INTO archive.recruits SELECT id, id_number FROM recruits; ALTER TABLE recruits DROP id_number`,
    ],
    [
      'expand and contract in one go',
      'ALTER TABLE recruits ADD chat text; UPDATE recruits SET chat = chatname; ALTER TABLE recruits DROP chatname',
    ],
    ['a type that can be cast back', 'ALTER TABLE recruits ALTER age TYPE numeric(10, 2)'],
    [
      'a rewrite that moves every row',
      'UPDATE recruits SET age = age; ALTER TABLE recruits ADD r float DEFAULT random()',
    ],
  ])('%s', async (_, sql) => {
    expect(await keptAfter(sql)).toEqual(all)
  })
})

const archive = (columns: string) =>
  `CREATE SCHEMA archive; CREATE TABLE archive.old AS SELECT id, ${columns} FROM recruits;`

describe('of values that are kept, the line tells apart', () => {
  test.each([
    [
      'what was renamed',
      'ALTER TABLE recruits RENAME chatname TO chat',
      '15 under a new name (recruits.chatname is recruits.chat now)',
    ],
    [
      'what moved into the archive',
      `${archive('chatname')} ALTER TABLE recruits DROP chatname`,
      '15 moved into the archive (recruits.chatname)',
    ],
    [
      'what moved into another column',
      'ALTER TABLE recruits ADD chat text; UPDATE recruits SET chat = chatname; ALTER TABLE recruits DROP chatname',
      '15 moved into another column (recruits.chatname)',
    ],
    [
      'what was overwritten, and is in the archive',
      `${archive('chatname')} UPDATE recruits SET chatname = 'x' WHERE id < 3`,
      '2 overwritten in recruits.chatname, and kept elsewhere',
    ],
  ])('%s', async (_, sql, words) => {
    expect(await keptAfter(sql)).toEqual(all)
    expect(fates.join()).toContain(words)
    expect(fates.join()).toMatch(/^(45|58) as they were; /)
  })

  test('tables that changed names, from what stayed', async () => {
    const swap =
      'ALTER TABLE recruits RENAME TO x; ALTER TABLE people RENAME TO recruits; ALTER TABLE x RENAME TO people'
    await keptAfter(swap, `${recruits} CREATE TABLE people AS SELECT * FROM recruits WHERE id < 3;`)
    expect(fates).toEqual([
      '0 as they were; 8 under a new name (people is recruits now); 60 under a new name (recruits is people now)',
    ])
  })

  test('what came back from the archive: a stopgap that gives way to it is no loss', async () => {
    const setup = `${recruits} ${archive('chatname')} ALTER TABLE recruits DROP chatname, ADD chat text NOT NULL DEFAULT 'unknown';`
    const back = 'UPDATE recruits AS r SET chat = o.chatname FROM archive.old AS o WHERE o.id = r.id'
    expect(await keptAfter(back, setup)).toEqual(['PROD kept 15 of 15 recruits, 90 of 90 values'])
    expect(fates).toEqual(['75 as they were; 15 came back from the archive (recruits.chat)'])
  })

  test('and a real value that an archived one overwrites is lost', async () => {
    const setup = `${recruits} ${archive('id_number')} ALTER TABLE recruits DROP id_number;`
    const wrong = 'UPDATE recruits AS r SET chatname = o.id_number FROM archive.old AS o WHERE o.id = r.id'
    expect((await keptAfter(wrong, setup))[1]).toBe('recruits.chatname: 15 values are gone')
  })
})

describe('lost is, one by one,', () => {
  test('a column that is set to NULL', async () => {
    expect(await keptAfter('UPDATE recruits SET id_number = NULL')).toEqual([
      'PROD kept 15 of 15 recruits, 45 of 60 values',
      'recruits.id_number: 15 values are gone',
      '  row 1: was "id 1", is nothing',
      '  row 2: was "id 2", is nothing',
      '  row 3: was "id 3", is nothing',
      '  row 4: was "id 4", is nothing',
      '  row 5: was "id 5", is nothing',
      '  … and 10 more',
    ])
  })

  test('one value that was overwritten, beside rows that came', async () => {
    const sql = "UPDATE recruits SET age = 99 WHERE id = 7; INSERT INTO recruits (chatname) VALUES ('x')"
    expect(await keptAfter(sql)).toEqual([
      'PROD kept 15 of 15 recruits, 59 of 60 values',
      'recruits.age: 1 value is gone',
      '  row 7: was "27", is "99"',
    ])
  })

  test('two values that changed places: each belongs to its row', async () => {
    const sql = "UPDATE recruits SET chatname = CASE id WHEN 1 THEN 'chat 2' ELSE 'chat 1' END WHERE id IN (1, 2)"
    expect(await keptAfter(sql)).toEqual([
      'PROD kept 15 of 15 recruits, 58 of 60 values',
      'recruits.chatname: 2 values are gone',
      '  row 1: was "chat 1", is "chat 2"',
      '  row 2: was "chat 2", is "chat 1"',
    ])
  })

  test('a value of an archive', async () => {
    const setup = `${recruits} CREATE SCHEMA archive; CREATE TABLE archive.recruits (id int PRIMARY KEY, old text);
                   INSERT INTO archive.recruits VALUES (1, 'precious')`
    const found = await keptAfter('UPDATE archive.recruits SET old = NULL', setup, ['archive.recruits'])
    expect(found).toEqual([
      'PROD kept 15 of 15 recruits, 61 of 62 values',
      'archive.recruits.old: 1 value is gone',
      '  row 1: was "precious", is nothing',
    ])
  })

  test('a value that a new type would hide', async () => {
    const sql = 'ALTER TABLE recruits ALTER age TYPE numeric; UPDATE recruits SET age = age + 0.4 WHERE id = 1'
    expect(await keptAfter(sql)).toEqual([
      'PROD kept 15 of 15 recruits, 59 of 60 values',
      'recruits.age: 1 value is gone',
      '  row 1: was "21", is "21.4"',
    ])
  })

  test('a value that is overwritten after a new type has read it on', async () => {
    const setup = `CREATE TABLE recruits (id int PRIMARY KEY, badge text, ip text);
      INSERT INTO recruits SELECT i, upper(gen_random_uuid()::text), '10.0.0.' || i FROM generate_series(1, 3) AS i`
    const sql = 'ALTER TABLE recruits ALTER badge TYPE uuid USING badge::uuid, ALTER ip TYPE inet USING ip::inet'
    expect(await keptAfter(sql, setup)).toEqual(['PROD kept 3 of 3 recruits, 9 of 9 values'])
    const over = `${sql}; UPDATE recruits SET badge = gen_random_uuid(), ip = '10.0.0.9' WHERE id = 1`
    expect((await keptAfter(over, setup))[0]).toBe('PROD kept 3 of 3 recruits, 7 of 9 values')
  })

  test('a value that is overwritten after it became the label of an enum', async () => {
    const setup =
      "CREATE TABLE recruits (id int PRIMARY KEY, is_on boolean); INSERT INTO recruits SELECT i, i > 1 FROM generate_series(1, 3) AS i; CREATE TYPE switch AS ENUM ('on', 'off')"
    const sql =
      "ALTER TABLE recruits ALTER is_on TYPE switch USING (CASE WHEN is_on THEN 'on' ELSE 'off' END)::switch, ADD at timestamptz DEFAULT now()"
    expect(await keptAfter(sql, setup)).toEqual(['PROD kept 3 of 3 recruits, 6 of 6 values'])
    const over = `${sql}; UPDATE recruits SET is_on = 'off' WHERE id = 2`
    expect((await keptAfter(over, setup)).slice(0, 2)).toEqual([
      'PROD kept 3 of 3 recruits, 5 of 6 values',
      'recruits.is_on: 1 value is gone',
    ])
  })

  test('a value that is overwritten after it became the only one of a list, or a json', async () => {
    const sql =
      'ALTER TABLE recruits ALTER chatname TYPE text[] USING ARRAY[chatname], ALTER id_number TYPE jsonb USING to_jsonb(id_number)'
    expect(await keptAfter(sql)).toEqual(all)
    const over = `${sql}; UPDATE recruits SET chatname = '{}', id_number = '"id 1"' WHERE id = 2`
    expect((await keptAfter(over))[0]).toBe('PROD kept 15 of 15 recruits, 58 of 60 values')
  })

  test('a value that a new column has by its default', async () => {
    const setup = 'CREATE TABLE recruits (id int PRIMARY KEY, active boolean); INSERT INTO recruits VALUES (1, true)'
    const sql = 'ALTER TABLE recruits ADD newsletter boolean NOT NULL DEFAULT true; UPDATE recruits SET active = false'
    expect((await keptAfter(sql, setup))[1]).toBe('recruits.active: 1 value is gone')
  })

  test('a value of a type whose cast to text lies', async () => {
    const setup = `CREATE TYPE lie AS ENUM ('one', 'two'); CREATE FUNCTION same(lie) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'same' $$;
      CREATE CAST (lie AS text) WITH FUNCTION same(lie); CREATE TABLE recruits (id int PRIMARY KEY, l lie); INSERT INTO recruits VALUES (1, 'one')`
    expect((await keptAfter("UPDATE recruits SET l = 'two'", setup))[1]).toBe('recruits.l: 1 value is gone')
  })

  test('a value of a table without a key', async () => {
    const setup =
      "CREATE TABLE recruits (a text, b text); INSERT INTO recruits VALUES ('x', 'y'), ('x', 'y'), ('z', NULL)"
    expect(await keptAfter("UPDATE recruits SET a = 'w' WHERE a = 'z'", setup)).toEqual([
      'PROD kept 2 of 3 recruits, 4 of 5 values',
      'recruits.a: 1 value is gone',
      '  row ?: was "z", is nothing',
    ])
  })

  test('a value that looks like SQL, an empty one and a huge one', async () => {
    const setup = `CREATE TABLE recruits (id int PRIMARY KEY, a text);
      INSERT INTO recruits VALUES (1, '''); DROP TABLE recruits; --'), (2, ''), (3, repeat('x', 5000000)), (4, E'\\\\N\\n\\t');`
    const found = await keptAfter('UPDATE recruits SET a = NULL', setup)
    expect(found.slice(0, 3)).toEqual([
      'PROD kept 4 of 4 recruits, 4 of 8 values',
      'recruits.a: 4 values are gone',
      `  row 1: was "'); DROP TABLE recruits; --", is nothing`,
    ])
    expect(found[3]).toBe('  row 2: was "", is nothing')
    expect(found[4]!.length).toBeLessThan(100)
  })
})
