import { describe, expect, test } from '@jest/globals'
import { StatementReader } from '../../../kit/sql/statement-reader.ts'

describe('a statement ends at its semicolon', () => {
  test.each([
    ["SELECT ';', E'\\';', \"a;b\", 'it''s;';", 1],
    ['SELECT 1 -- one; two\n;', 1],
    ['SELECT /* one; /* two; */ three; */ 1;', 1],
    ['DO $$ BEGIN; END; $$;', 1],
    ['DO $body$ SELECT $$;$$; $body$;', 1],
    ['SELECT a$b$ FROM t; SELECT $1;', 2],
    ['CREATE RULE r AS ON UPDATE TO t DO ALSO (SELECT 1; SELECT 2);', 1],
    ['CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;', 1],
    ['BEGIN; COMMIT;', 2],
    [';;', 2],
  ])('%j holds %i', (sql, count) => {
    const reader = new StatementReader()
    expect(reader.feed(`${sql}\n`)).toHaveLength(count)
    expect(reader.waiting).toBe('=')
  })

  test.each([
    ['SELECT 1', '-'],
    ["SELECT 'a", "'"],
    ['SELECT "a', '"'],
    ['SELECT (1', '('],
    ['DO $$ BEGIN', '$'],
    ['/* a', '*'],
  ])('and %j waits for more, as the prompt shows with %j', (sql, sign) => {
    const reader = new StatementReader()
    expect(reader.feed(`${sql}\n`)).toEqual([])
    expect(reader.waiting).toBe(sign)
  })
})
