import type { DestructiveCase, HarmlessCase } from './guard-corpus.ts'

const alter = (column: string, how: string) => `ALTER TABLE recruits ALTER COLUMN ${column} ${how}`
const someNick = 'UPDATE recruits SET nick = NULL WHERE id > 102'
const place =
  "CREATE TYPE kind AS ENUM ('home', 'work'); CREATE TYPE place AS (kind kind, town text); CREATE DOMAIN spot AS place"
const colour = "CREATE TYPE colour AS ENUM ('red', 'blue')"
const inSchema =
  "CREATE SCHEMA s; CREATE TYPE s.size AS ENUM ('s', 'm'); CREATE COLLATION s.plain (provider = libc, locale = 'C')"

/** Scripts that look as if they filled a gap, or dropped what holds nothing, and lose a value. */
export const losesParts: DestructiveCase[] = [
  {
    name: 'coalesce the wrong way round',
    setup: someNick,
    sql: alter('nick', "TYPE text USING coalesce('none', nick)"),
  },
  {
    name: 'coalesce for all rows but one',
    setup: someNick,
    sql: alter('nick', "TYPE text USING CASE id WHEN 101 THEN 'none' ELSE coalesce(nick, 'none') END"),
  },
  {
    name: 'values that move into the gaps',
    setup: someNick,
    sql: alter(
      'nick',
      "TYPE text USING CASE id WHEN 103 THEN 'countess' WHEN 104 THEN 'admiral' WHEN 101 THEN NULL ELSE nick END",
    ),
  },
  {
    name: 'values that move into the gaps of a table without a key',
    attacks: 'the guard',
    setup: "INSERT INTO keyless VALUES ('k3', NULL)",
    sql: "ALTER TABLE keyless ALTER b TYPE text USING CASE a WHEN 'k3' THEN 'v2' WHEN 'k1' THEN b END",
  },
  {
    name: 'coalesce of a partition’s value that is cut',
    setup: "INSERT INTO measurements VALUES (505, 'north', NULL)",
    sql: 'ALTER TABLE measurements ALTER value TYPE bigint USING coalesce(value / 2, 0)',
  },
  {
    name: 'an archive of other rows than those that are written over',
    sql: `CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits WHERE id < 103; ${alter('id_number', "TYPE text USING CASE WHEN id > 101 THEN '' ELSE id_number END")}`,
  },
  { name: 'a list of what is cut short', sql: alter('nick', 'TYPE text[] USING ARRAY[left(nick, 3)]') },
  { name: 'the first of a list', sql: alter('tags', 'TYPE text USING tags[1]') },
  { name: 'a json of what is cut short', sql: alter('surname', 'TYPE jsonb USING to_jsonb(left(surname, 3))') },
  {
    name: 'a large object',
    attacks: 'the guard',
    ends: ['42501'],
    setup: "CREATE TABLE files (id int PRIMARY KEY, body oid); INSERT INTO files VALUES (1, lo_from_bytea(0, 'abc'))",
    sql: 'SELECT lo_unlink(body) FROM files',
  },
  {
    name: 'a range goes with the type of its ends',
    setup: `${colour}; CREATE TYPE colours AS RANGE (subtype = colour); ALTER TABLE recruits ADD c colours; UPDATE recruits SET c = '[red,blue]'`,
    sql: 'DROP TYPE colour CASCADE',
  },
  {
    name: 'one value of a domain goes with the domain below',
    setup:
      "CREATE DOMAIN d AS text; CREATE DOMAIN e AS d; ALTER TABLE recruits ADD c e; UPDATE recruits SET c = 'x' || id WHERE id = 102",
    sql: 'DROP DOMAIN d CASCADE',
  },
  {
    name: 'a part of one composite value goes with the enum of that part',
    setup: `${place}; ALTER TABLE recruits ADD c spot; UPDATE recruits SET c = ROW('home', 't' || id)::place WHERE id = 102`,
    sql: 'DROP TYPE kind CASCADE',
  },
  {
    name: 'one value goes with its extension',
    setup:
      "CREATE EXTENSION citext; ALTER TABLE recruits ADD c citext; UPDATE recruits SET c = 'x' || id WHERE id = 102",
    sql: 'DROP EXTENSION citext CASCADE',
  },
]

/** Scripts that fill what is NULL, and drop what holds nothing: each value that was there stays under its key. */
export const harmlessParts: HarmlessCase[] = [
  ...(
    [
      ['with a constant', 'nick', "TYPE text USING coalesce(nick, 'none')"],
      ['with another column', 'nick', 'TYPE text USING coalesce(nick, surname)'],
      ['in a type that holds more', 'score', 'TYPE numeric(8, 2) USING coalesce(score, 0)'],
      ['with what the old type does not know', 'score', "TYPE text USING coalesce(score::text, 'not yet')"],
      ['by a CASE', 'joined', 'TYPE timestamptz USING CASE WHEN joined IS NULL THEN now() ELSE joined END'],
      ['of a json', 'notes', "TYPE jsonb USING coalesce(notes, '{}')"],
    ] as const
  ).map(([how, column, action]) => ({ name: `gaps are filled ${how}`, sql: alter(column, action) })),
  {
    name: 'gaps of a table without a key are filled',
    setup: "INSERT INTO keyless VALUES ('k3', NULL)",
    sql: "ALTER TABLE keyless ALTER b TYPE text USING coalesce(b, 'none')",
  },
  {
    name: 'gaps of a partitioned table are filled',
    setup: "INSERT INTO measurements VALUES (505, 'north', NULL)",
    sql: 'ALTER TABLE measurements ALTER value TYPE bigint USING coalesce(value, 0)',
  },
  {
    name: 'what is written over is in the archive, and the rest is as it was',
    sql: `CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits WHERE id < 103; ${alter('id_number', "TYPE text USING CASE WHEN id < 103 THEN '' ELSE id_number END")}`,
  },
  {
    name: 'text becomes an address, and text again',
    setup: "ALTER TABLE recruits ADD ip text; UPDATE recruits SET ip = '10.0.0.' || id",
    sql: `${alter('ip', 'TYPE inet USING ip::inet')}; ${alter('ip', 'TYPE text USING host(ip)')}`,
  },
  {
    name: 'a number becomes a json',
    sql: alter('age', 'TYPE jsonb USING to_jsonb(age)'),
  },
  {
    name: 'a value becomes the only one of a list, or a text of a json',
    sql: `${alter('nick', "TYPE text[] USING CASE WHEN nick IS NULL THEN '{}' ELSE ARRAY[nick] END")}; ${alter('surname', 'TYPE jsonb USING to_jsonb(surname)')}`,
    writes: 'over values',
  },
  // what goes with a type, and holds nothing
  {
    name: 'columns without a value go with their enum, however it is used',
    setup: `${colour}; CREATE DOMAIN d AS colour; CREATE TYPE r AS RANGE (subtype = colour); ALTER TABLE recruits ADD a colour, ADD b colour[], ADD c d, ADD e r, ADD f d[]; ALTER TABLE blank ADD c colour`,
    sql: 'DROP TYPE colour CASCADE',
  },
  {
    name: 'a column without a value goes with its domain, and one that is archived',
    setup:
      "CREATE DOMAIN d AS text; ALTER TABLE recruits ADD a d, ADD b d; UPDATE recruits SET b = 'x' || id WHERE id = 102",
    sql: 'CREATE TABLE archive.kept AS SELECT id, b::text FROM recruits; DROP DOMAIN d CASCADE',
  },
  {
    name: 'a part goes from a composite type of which there is no value',
    setup: `${place}; ALTER TABLE recruits ADD a place, ADD b spot[]`,
    sql: 'ALTER TYPE place DROP ATTRIBUTE town; DROP TYPE kind CASCADE',
  },
  {
    name: 'an empty typed table loses a column with its type, then goes with it',
    setup: 'CREATE TYPE thing AS (id int, name text); CREATE TABLE things OF thing',
    sql: 'ALTER TYPE thing DROP ATTRIBUTE name CASCADE; DROP TYPE thing CASCADE',
  },
  {
    name: 'columns without a value go with their extension, their collation and the schema of their type',
    setup: `CREATE EXTENSION citext; CREATE COLLATION plain (provider = libc, locale = 'C'); ${inSchema}; ALTER TABLE recruits ADD a citext, ADD b text COLLATE plain, ADD c s.size, ADD d text COLLATE s.plain`,
    sql: 'DROP EXTENSION citext CASCADE; DROP COLLATION plain CASCADE; DROP SCHEMA s CASCADE',
  },
  {
    name: 'a column of an empty table that is named in Unicode escapes',
    sql: 'ALTER TABLE blank DROP COLUMN U&"\\0078"',
  },
]
