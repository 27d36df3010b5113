import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { readHazardFacts } from '../../../kit/hazards/hazard-facts.ts'
import { hazardsOf } from '../../../kit/hazards/hazards.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// Whether rows are equal where a pending migration makes them unique, asked of a database with rows.

let server: ScratchServer
let client: pg.Client
beforeAll(async () => {
  server = await scratchServer()
  client = new pg.Client(server.adminUrl)
  await client.connect()
  await client.query(`
    CREATE TABLE "Recruits" (id int PRIMARY KEY, email text, nick text, gone timestamptz);
    INSERT INTO "Recruits" VALUES (1, 'a', 'x', NULL), (2, 'A', 'x', now()), (3, 'b', NULL, NULL), (4, 'c', NULL, NULL)`)
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

const on = 'CREATE UNIQUE INDEX u ON "Recruits"'

test.each([
  ['a column', `${on} (nick)`, true],
  ['a column that has no equal values', `${on} (email COLLATE "C" DESC)`, false],
  ['an expression', `${on} USING btree (lower(email))`, true],
  ['an expression in parentheses, with words after it', `${on} ((nick || ')') text_pattern_ops DESC NULLS LAST)`, true],
  ['an expression and a column', `${on} (pg_catalog.lower(email), id)`, false],
  ['some rows', `${on} (nick) WHERE gone IS NULL;`, false],
  ['some rows, with a column beside them', `${on} (nick) INCLUDE (id) WHERE nick > '' -- those`, true],
  ['rows without a value, which are no equals', `${on} (nick) WHERE id > 2`, false],
  ['rows without a value, where those count', `${on} (nick) NULLS NOT DISTINCT WHERE id > 2`, true],
  ['a constraint for which those count', 'ALTER TABLE "Recruits" ADD UNIQUE NULLS NOT DISTINCT (nick, gone)', true],
  ['one row alone', `${on} ((true))`, true],
  ['the second statement of a script with a – in it', `SELECT 'é–'; ${on} (lower(email))`, true],
] as const)('%s', async (_, sql, isTwice) => {
  expect(await found(sql)).toEqual(isTwice ? [expect.stringContaining('there are rows that are equal')] : [])
})

test('what a pending migration makes first cannot be asked: nobody has looked', async () => {
  const made = `CREATE FUNCTION short(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT left($1, 1) $$; ${on} (short(email))`
  expect(await found(made)).toEqual([
    'makes Recruits by short(email) unique, and nobody has looked for rows that are equal',
  ])
})

async function found(sql: string): Promise<string[]> {
  const pending = [{ name: '1', sql }]
  const facts = await readHazardFacts(client, pending, [])
  return hazardsOf(pending, { landed: [], facts }).flatMap(({ id, words }) => (id === 'H5' ? [words] : []))
}
