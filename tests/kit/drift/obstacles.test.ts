import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { readCatalog } from '../../../kit/catalog/read-catalog.ts'
import { findObstacles } from '../../../kit/drift/obstacles.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// What pending migrations ask of the rows that are there, read by PostgreSQL's own parser.

let server: ScratchServer
let client: pg.Client
beforeAll(async () => {
  server = await scratchServer()
  client = new pg.Client(server.adminUrl)
  await client.connect()
  await client.query(`
    CREATE TABLE recruits (id int PRIMARY KEY, email text, "Nick" text, nick text);
    INSERT INTO recruits VALUES (1, 'a', NULL, 'x'), (2, 'a', 'n', 'y'), (3, NULL, 'n', 'z')`)
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
])('seen: %s', async (_, sql, words) => {
  expect(await found(sql)).toEqual([words])
})

test.each([
  ['a default', 'ALTER TABLE recruits ADD k text NOT NULL DEFAULT gen_random_uuid()'],
  ['an identity', 'ALTER TABLE recruits ADD k int GENERATED ALWAYS AS IDENTITY'],
  ['a unique index of some rows', `CREATE UNIQUE INDEX u ON recruits (email) WHERE nick = 'x'`],
  ['a unique index of an expression', 'CREATE UNIQUE INDEX u ON recruits (lower(email))'],
  ['a check that looks at no row', 'ALTER TABLE recruits ADD CONSTRAINT f CHECK (email IS NOT NULL) NOT VALID'],
  ['rows that the script mends first', `UPDATE recruits SET email = id; ALTER TABLE recruits ALTER email SET NOT NULL`],
  [
    'words in a comment or a string',
    `-- ALTER TABLE recruits ADD k text NOT NULL;\nSELECT 'ALTER TABLE recruits ADD k text NOT NULL'`,
  ],
  ['a table that is not there', 'ALTER TABLE others ADD k text NOT NULL'],
])('nothing in the way: %s', async (_, sql) => {
  expect(await found(sql)).toEqual([])
})

async function found(sql: string): Promise<string[]> {
  return (await findObstacles(client, await readCatalog(client), [sql])).map(({ words }) => words)
}
