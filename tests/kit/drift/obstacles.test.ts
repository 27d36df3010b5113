import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { readCatalog } from '../../../kit/catalog/read-catalog.ts'
import { findObstacles } from '../../../kit/drift/obstacles.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// What pending migrations ask of the rows that are there, read by PostgreSQL's own parser. What is seen here fails when it runs.

let server: ScratchServer
let client: pg.Client
beforeAll(async () => {
  server = await scratchServer()
  client = new pg.Client(server.adminUrl)
  await client.connect()
  await client.query(`
    CREATE TABLE recruits (id int PRIMARY KEY, email text, "Nick" text, nick text);
    INSERT INTO recruits VALUES (1, 'a', NULL, 'x'), (2, 'a', 'n', 'y'), (3, NULL, 'n', 'z');
    CREATE TABLE visits (id int PRIMARY KEY, recruit int, page text, grade text);
    INSERT INTO visits VALUES (1, 1, '/', 'GOOD'), (2, 9, 'home', 'BAD'), (3, NULL, '7', 'GOOD');
    ALTER TABLE visits ADD CONSTRAINT low CHECK (id < 3) NOT VALID`)
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

const noValue = '3 rows would have no value in the new, required column recruits.k'
const shared = '2 rows share a value of recruits.email, which becomes unique'

test.each([
  [
    'a CHECK beside it that names a default',
    `ALTER TABLE recruits ADD COLUMN k text NOT NULL CHECK (k <> 'default')`,
    noValue,
  ],
  ['a comment before it', '/* why */ ALTER /* how */ TABLE recruits ADD COLUMN k text NOT NULL', noValue],
  ['a line break in it', 'ALTER TABLE recruits\n  ADD COLUMN k text\n  NOT NULL', noValue],
  ['a ; in a string before it', `SELECT 'a;b'; ALTER TABLE recruits ADD k text NOT NULL`, noValue],
  ['a column in descending order', 'CREATE UNIQUE INDEX u ON recruits (email DESC)', shared],
  ['a constraint', 'ALTER TABLE recruits ADD CONSTRAINT u UNIQUE (email)', shared],
  [
    'capitals without quotes, which PostgreSQL makes small',
    'ALTER TABLE Recruits ALTER Email SET NOT NULL',
    '1 row has no recruits.email, which becomes required',
  ],
  [
    'capitals in quotes, which stay',
    'ALTER TABLE recruits ALTER "Nick" SET NOT NULL',
    '1 row has no recruits.Nick, which becomes required',
  ],
  [
    'a CHECK that the column is filled',
    'ALTER TABLE recruits ADD CHECK (email IS NOT NULL)',
    '1 row has no recruits.email, which becomes required',
  ],
  [
    'an index of an expression, and of some rows',
    'CREATE UNIQUE INDEX u ON recruits (lower(email)) WHERE id < 3',
    '2 rows share a value of lower(email) where id < 3 in recruits, which becomes unique',
  ],
  [
    'a name that a script has given just before',
    'ALTER TABLE recruits RENAME TO people; ALTER TABLE people RENAME email TO mail; ALTER TABLE people ALTER mail SET NOT NULL',
    '1 row has no recruits.email, which becomes required',
  ],
  [
    'some rows that a script mends first',
    `UPDATE recruits SET email = 'b' WHERE id = 1; CREATE UNIQUE INDEX u ON recruits (email)`,
    `${shared}, unless what is written before mends them`,
  ],
  [
    'a check beside another',
    `ALTER TABLE visits ADD CHECK (id > 0), ADD CONSTRAINT way CHECK (page LIKE '/%' OR (page = ')'))`,
    '2 rows do not pass the check way of visits',
  ],
  [
    'a check that is validated later',
    `ALTER TABLE visits ADD CONSTRAINT few CHECK (id < 2) NOT VALID; ALTER TABLE visits VALIDATE CONSTRAINT few`,
    '2 rows do not pass the check few of visits',
  ],
  [
    'a check that is there, and is validated now',
    'ALTER TABLE visits VALIDATE CONSTRAINT low',
    '1 row does not pass the check low of visits',
  ],
  [
    'a relation',
    'ALTER TABLE visits ADD FOREIGN KEY (recruit) REFERENCES recruits',
    '1 row has a visits.recruit that is in no row of recruits',
  ],
  [
    'a relation whose table is made first',
    'CREATE TABLE o (id int PRIMARY KEY); ALTER TABLE visits ADD FOREIGN KEY (recruit) REFERENCES o',
    '2 rows have a visits.recruit that is in no row of o',
  ],
  [
    'another type',
    'ALTER TABLE visits ALTER recruit TYPE bigint, ALTER COLUMN page SET DATA TYPE numeric(3, 1) USING page::numeric(3, 1)',
    'a value of visits.page cannot become numeric(3, 1): invalid input syntax for type numeric: "/"',
  ],
  [
    'a shorter text',
    'ALTER TABLE visits ALTER page TYPE varchar(3)',
    '1 row has a visits.page that does not fit into varchar(3)',
  ],
  [
    'an enum without a value that rows have',
    `CREATE TYPE "Grade" AS ENUM ('GOOD'); ALTER TABLE visits ALTER grade TYPE "Grade" USING (grade::text::"Grade")`,
    '1 row has a visits.grade that does not fit into "Grade"',
  ],
  [
    'a unique column with one default for all',
    `ALTER TABLE visits ADD k text UNIQUE DEFAULT 'x'`,
    '3 rows would share the default of visits.k, which is unique',
  ],
])('seen: %s', async (_, sql, words) => {
  expect(await found(sql)).toEqual([words])
  expect(await runs(sql)).toBe(words.endsWith('mends them'))
})

test.each([
  ['a default', 'ALTER TABLE recruits ADD k text NOT NULL DEFAULT gen_random_uuid()'],
  ['an identity', 'ALTER TABLE recruits ADD k int GENERATED ALWAYS AS IDENTITY'],
  ['a unique index of some rows', `CREATE UNIQUE INDEX u ON recruits (email) WHERE nick = 'x'`],
  ['a type that every value fits into', 'ALTER TABLE visits ALTER page TYPE varchar(4)'],
  ['a unique column without a default', 'ALTER TABLE visits ADD k text UNIQUE'],
  [
    'a unique column whose default is another one each time',
    'ALTER TABLE visits ADD k uuid UNIQUE DEFAULT gen_random_uuid()',
  ],
  [
    'a relation whose table is made and filled first',
    'CREATE TABLE o (id int PRIMARY KEY); INSERT INTO o VALUES (1), (9); ALTER TABLE visits ADD FOREIGN KEY (recruit) REFERENCES o',
  ],
  ['an expression that writes', `CREATE SEQUENCE s; ALTER TABLE visits ALTER page TYPE int USING nextval('s')`],
  ['a check that looks at no row', 'ALTER TABLE recruits ADD CONSTRAINT f CHECK (email IS NOT NULL) NOT VALID'],
  ['rows that the script mends first', `UPDATE recruits SET email = id; ALTER TABLE recruits ALTER email SET NOT NULL`],
  [
    'words in a comment or a string',
    `-- ALTER TABLE recruits ADD k text NOT NULL;\nSELECT 'ALTER TABLE recruits ADD k text NOT NULL'`,
  ],
  ['a table that is not there', 'ALTER TABLE others ADD k text NOT NULL'],
])('nothing in the way: %s', async (_, sql) => {
  expect(await found(sql)).toEqual([])
  expect(await runs(sql)).toBe(!sql.includes('others'))
})

/** Whether it does, on these rows. */
async function runs(sql: string): Promise<boolean> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    return true
  } catch {
    return false
  } finally {
    await client.query('ROLLBACK')
  }
}

async function found(sql: string): Promise<string[]> {
  return (await findObstacles(client, await readCatalog(client), [sql])).map(({ words }) => words)
}

test('a column that somebody has made by hand, with values, is in nobody’s way', async () => {
  expect(await found('ALTER TABLE recruits ADD nick text NOT NULL')).toEqual([])
})
