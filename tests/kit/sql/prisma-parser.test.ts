import { beforeAll, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isReadByPrisma } from '../../../kit/sql/prisma-parser.ts'
import { isAtomic, runsOf, transactionsOf } from '../../../kit/sql/script-runs.ts'
import { loadParser, parseScript } from '../../../kit/sql/tree.ts'

beforeAll(loadParser)

const measured = readFileSync(join(import.meta.dirname, 'parser-corpus.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^[+-]{4} /.test(line))
  .map((line) => ({ isReadByAll: line.startsWith('++++'), sql: line.slice(5) }))

const isRead = (sql: string) => parseScript(sql).every(isReadByPrisma)

test('a script is cut at no statement that a version of Prisma’s parser was seen not to read', () => {
  expect(measured.length).toBeGreaterThan(300)
  expect(measured.filter(({ sql, isReadByAll }) => !isReadByAll && isRead(sql))).toEqual([])
})

test('and nearly every statement that all versions read is known to be read', () => {
  const missed = measured.filter(({ sql, isReadByAll }) => isReadByAll && !isRead(sql)).map(({ sql }) => sql)
  expect(missed.length).toBeLessThan(15)
  // Nothing that Prisma writes by itself is among them.
  expect(
    missed.filter((sql) => /^(CREATE TABLE|CREATE (UNIQUE )?INDEX|ALTER TABLE|DROP|UPDATE|INSERT)/.test(sql)),
  ).toEqual([])
})

test.each<[string, string[]]>([
  ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['-- é\nBEGIN; SELECT 1; COMMIT; SELECT 2', ['BEGIN|SELECT 1|COMMIT', 'SELECT 2']],
  ['BEGIN; SELECT 1', ['BEGIN|SELECT 1 …']],
  ['DO $$ BEGIN END $$; SELECT 1', ['DO $$ BEGIN END $$|SELECT 1']],
  [
    'DO $$ BEGIN END $$; BEGIN; SELECT 1; COMMIT; SELECT 2; SELECT 3',
    ['DO $$ BEGIN END $$|BEGIN|SELECT 1|COMMIT', 'SELECT 2|SELECT 3'],
  ],
  ['BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT', ['BEGIN|SELECT 1|COMMIT AND CHAIN', 'SELECT 2|COMMIT']],
])('%j runs in these transactions', (script, transactions) => {
  const found = transactionsOf(runsOf(script)).map(
    ({ statements, isLeftOpen }) => statements.map(({ sql }) => sql).join('|') + (isLeftOpen ? ' …' : ''),
  )
  expect(found).toEqual(transactions)
})

test.each<[string, boolean]>([
  ['SELECT 1', true],
  ['BEGIN; SELECT 1; SELECT 2; COMMIT;', true],
  ['SELECT 1; DO $$ BEGIN END $$', true],
  ['DO $$ BEGIN COMMIT; END $$', false],
  ['CALL p()', false],
  ['CREATE INDEX CONCURRENTLY i ON a (b)', false],
  ['SELECT \'CONCURRENTLY; COMMIT\' AS "commit" -- concurrently', true],
  ['VACUUM a', false],
])('a failure leaves nothing of the transaction %j behind: %p', (script, atomic) => {
  expect(transactionsOf(runsOf(script)).map(isAtomic)).toEqual([atomic])
})
