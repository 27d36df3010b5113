import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { keptAfter } from '../../support/guarded.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// Where the ledger believes a value to be, after a change of shape.

let server: ScratchServer
beforeAll(async () => {
  server = await scratchServer()
})
afterAll(() => server.stop())

const parts = `CREATE TABLE meas (id int, region text NOT NULL, v text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
  CREATE TABLE meas_e PARTITION OF meas FOR VALUES IN ('east'); CREATE TABLE meas_w PARTITION OF meas FOR VALUES IN ('west');
  INSERT INTO meas VALUES (1, 'east', 'v1'), (2, 'west', 'v2'), (3, 'east', 'v3');`
const pets = "CREATE TABLE pets (id int PRIMARY KEY, name text); INSERT INTO pets VALUES (1, 'Rex'), (2, 'Tom');"
const places = `CREATE TYPE addr AS (street text, zip text); CREATE DOMAIN home AS addr;
  CREATE TABLE people (id int PRIMARY KEY, a addr, h home); INSERT INTO people VALUES (1, ROW('x', NULL), ROW(NULL, 'z')), (2, ROW('y', NULL), NULL);`
const flags =
  'CREATE TABLE teams (id int PRIMARY KEY, active boolean); INSERT INTO teams SELECT i, true FROM generate_series(1, 3) i;'

const moods = `CREATE TYPE mood AS ENUM ('calm', 'angry'); CREATE TABLE people (id int PRIMARY KEY, mood mood, moods mood[]);
  INSERT INTO people VALUES (1, 'calm', '{calm,angry}'), (2, 'angry', '{}');`

describe('nothing is lost, and the ledger says where it is, by', () => {
  test.each([
    [
      'a partition that is detached',
      parts,
      'ALTER TABLE meas DETACH PARTITION meas_e',
      /^meas\.v: its values stand in meas_e\.v/m,
    ],
    [
      'a table that becomes a partition',
      pets,
      'ALTER TABLE pets RENAME TO pets_old; CREATE TABLE pets (id int NOT NULL, name text) PARTITION BY RANGE (id); ALTER TABLE pets ATTACH PARTITION pets_old DEFAULT',
      /^pets\.name: its values stand in pets\.name/m,
    ],
    [
      'a table that becomes a partition of one that was there',
      `${parts} CREATE TABLE meas_n (id int, region text NOT NULL, v text, PRIMARY KEY (id, region)); INSERT INTO meas_n VALUES (9, 'north', 'v9');`,
      "ALTER TABLE meas ATTACH PARTITION meas_n FOR VALUES IN ('north')",
      /^meas_n\.v: its values stand in meas\.v/m,
    ],
    [
      'labels of an enum that are renamed',
      moods,
      "ALTER TYPE mood RENAME VALUE 'calm' TO 'serene'; ALTER TYPE mood RENAME VALUE 'angry' TO 'cross'",
      /^$/,
    ],
    [
      'json to jsonb',
      `CREATE TABLE docs (id int PRIMARY KEY, j json); INSERT INTO docs VALUES (1, '{"b": 1, "a": "x:y"}'), (2, '[1,  2]');`,
      'ALTER TABLE docs ALTER j TYPE jsonb',
      /^$/,
    ],
    [
      'text in capitals to uuid',
      "CREATE TABLE docs (id int PRIMARY KEY, u text); INSERT INTO docs VALUES (1, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11');",
      'ALTER TABLE docs ALTER u TYPE uuid USING u::uuid',
      /^$/,
    ],
    [
      'char(5) keys to text',
      "CREATE TABLE codes (code char(5) PRIMARY KEY, v text); INSERT INTO codes VALUES ('ab', 'x'), ('c', 'y');",
      'ALTER TABLE codes ALTER code TYPE text',
      /^$/,
    ],
    [
      'another key, with all values kept',
      pets,
      'ALTER TABLE pets DROP CONSTRAINT pets_pkey, ALTER name SET NOT NULL, ADD PRIMARY KEY (name)',
      /^$/,
    ],
    [
      'another key, and the old one goes into an archive that has both',
      pets,
      `ALTER TABLE pets ADD uid uuid NOT NULL DEFAULT gen_random_uuid(); CREATE SCHEMA archive; CREATE TABLE archive.ids AS SELECT id, uid FROM pets;
       ALTER TABLE pets DROP CONSTRAINT pets_pkey, ADD PRIMARY KEY (uid); ALTER TABLE archive.ids ADD PRIMARY KEY (uid); ALTER TABLE pets DROP id`,
      /^pets\.id: its values stand in archive\.ids\.id$/,
    ],
    [
      'composite values with an empty field that go into the archive',
      places,
      'CREATE SCHEMA archive; CREATE TABLE archive.people AS SELECT id, a, h FROM people; ALTER TABLE people DROP a, DROP h',
      /^people\.a: its values stand in archive\.people\.a\npeople\.h: its values stand in archive\.people\.h$/,
    ],
    [
      'a column that is copied and dropped',
      pets,
      'ALTER TABLE pets ADD title text; UPDATE pets SET title = name; ALTER TABLE pets DROP name',
      /^pets\.name: its values stand in pets\.title$/,
    ],
  ])('%s', async (_, setup, sql, moved) => {
    const tables = [...setup.matchAll(/CREATE TABLE (\w+) \(/g)].map(([, name]) => `public.${name}`)
    const [kept, ...more] = await keptAfter(server, { setup, sql, tables })
    expect(kept).toMatch(/^PROD kept .*?(\d+) of \1 values$/)
    expect(more.join('\n')).toMatch(moved)
  })
})

describe('lost is', () => {
  test.each([
    [
      'a composite value with an empty field',
      places,
      'UPDATE people SET a = NULL WHERE id = 1',
      'people.a: 1 value is gone',
    ],
    [
      'what two labels of an enum say that change their names',
      moods,
      "ALTER TYPE mood RENAME VALUE 'calm' TO 'x'; ALTER TYPE mood RENAME VALUE 'angry' TO 'calm'; ALTER TYPE mood RENAME VALUE 'x' TO 'angry'",
      'people.mood: 2 values are gone',
    ],
    [
      'a value that a new column holds by coincidence',
      flags,
      'ALTER TABLE teams ADD verified boolean; UPDATE teams SET verified = true; UPDATE teams SET active = false',
      'teams.active: 3 values are gone',
    ],
    [
      'a value that a new table beside it holds by coincidence',
      flags,
      'CREATE TABLE clubs (id serial PRIMARY KEY, active boolean DEFAULT true, v text); INSERT INTO clubs (v) SELECT i FROM generate_series(1, 4) i; UPDATE teams SET active = false',
      'teams.active: 3 values are gone',
    ],
    [
      'a value that was overwritten when its row had another key',
      pets,
      `ALTER TABLE pets ADD uid uuid NOT NULL DEFAULT gen_random_uuid(); CREATE SCHEMA archive; CREATE TABLE archive.ids AS SELECT id, uid FROM pets; ALTER TABLE archive.ids ADD PRIMARY KEY (uid);
       ALTER TABLE pets DROP CONSTRAINT pets_pkey, ADD PRIMARY KEY (uid); ALTER TABLE pets DROP id; UPDATE pets SET name = 'Max' WHERE name = 'Rex'`,
      'pets.name: 1 value is gone',
    ],
    [
      'a value that the key of an archive happens to equal',
      "CREATE SCHEMA archive; CREATE TABLE archive.old (id int PRIMARY KEY, x text); INSERT INTO archive.old VALUES (1, 'a'), (2, 'b'); CREATE TABLE seats (id int PRIMARY KEY, seat int); INSERT INTO seats VALUES (1, 1), (2, 2);",
      'UPDATE seats SET seat = NULL',
      'seats.seat: 2 values are gone',
    ],
    [
      'a value of a child in a schema with a dot in its name',
      `${pets} CREATE SCHEMA "x.y"; CREATE TABLE "x.y".kid (PRIMARY KEY (id)) INHERITS (pets); INSERT INTO "x.y".kid VALUES (7, 'Kid');`,
      `UPDATE "x.y".kid SET name = 'gone'`,
      'x.y.kid.name: 1 value is gone',
    ],
    [
      'a pair of json that is there twice',
      `CREATE TABLE docs (id int PRIMARY KEY, j json, k json); INSERT INTO docs VALUES (1, '{"a": 1, "a": 2}', '{}');`,
      'ALTER TABLE docs ADD j2 jsonb; UPDATE docs SET j2 = j::jsonb, j = NULL',
      'docs.j: 1 value is gone',
    ],
  ])('%s', async (_, setup, sql, line) => {
    const tables = [...setup.matchAll(/CREATE TABLE ((?:"[^"]+"\.)?[\w.]+) \(/g)].map(([, name]) =>
      /\./.test(name!) ? name! : `public.${name}`,
    )
    const names = tables.map((name) => name.replaceAll('"', ''))
    expect(await keptAfter(server, { setup, sql, tables: names.includes('x.y.kid') ? tables : names })).toContain(line)
  })
})
