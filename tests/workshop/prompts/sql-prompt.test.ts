import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { must } from '../../support/measure.ts'
import { arrowUp, closeTerminals, ctrlC, ctrlD, enter, openTerminal } from '../../support/terminal.ts'
import { until } from '../../support/until.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
/** A PATH on which there is no psql. */
let bare: string

beforeAll(async () => {
  workshop = await madeWorkshop()
  bare = workshop.file('bare')
  mkdirSync(bare)
  await must(workshop.run('db', 'up'))
})
afterAll(async () => {
  closeTerminals()
  await workshop.remove()
})

describe('our own SQL prompt, where there is no psql', () => {
  test('prints tables as psql does: numbers right, NULL empty, line breaks marked', async () => {
    const { out } = await pipe(String.raw`SELECT *
      FROM (VALUES (1, 'Ada', 1.5), (20, E'two\nlines', NULL)) AS t(id, "first name", n);`)
    expect(out).toBe(
      [
        ' id | first name |  n  ',
        '----+------------+-----',
        '  1 | Ada        | 1.5',
        ' 20 | two       +|    ',
        '    | lines      | ',
        '(2 rows)',
        '',
        '',
      ].join('\n'),
    )
  })

  test('goes on after an error, which shows its place, and ends with 0 like psql', async () => {
    const { code, out, err } = await pipe('SELECT chatnam\nFROM (SELECT 1 AS chatname) t;\nSELECT 2 AS two;\n')
    expect(err).toContain(
      [
        'ERROR:  column "chatnam" does not exist',
        'LINE 1: SELECT chatnam',
        '               ^',
        'HINT:  Perhaps you meant to reference the column "t.chatname".',
      ].join('\n'),
    )
    expect(out).toBe(' two \n-----\n   2\n(1 row)\n\n')
    expect(code).toBe(0)
  })

  test('-c runs its statements together or not at all, and fails with 1', async () => {
    const broken = await psql(['-c', 'CREATE TABLE together (); SELECT 1/0'])
    expect(broken).toMatchObject({ code: 1, out: 'CREATE TABLE\n' })
    expect(broken.err).toMatch(/ERROR: {2}division by zero\n$/)
    const after = await psql(['-c', "SELECT to_regclass('together') IS NULL AS gone"])
    expect(after).toMatchObject({ code: 0, out: ' gone \n------\n t\n(1 row)\n\n' })
  })

  test('-f reads a file, and says so when there is none', async () => {
    workshop.write('two.sql', 'SELECT 1 AS a;\nSELECT 2 AS b')
    expect((await psql(['-f', 'two.sql'])).out).toBe(' a \n---\n 1\n(1 row)\n\n b \n---\n 2\n(1 row)\n\n')
    const missing = await psql(['-f', 'three.sql'])
    expect(missing.code).toBe(1)
    expect(missing.err).toContain('There is no file three.sql.')
  })

  test('which database it is goes to stderr, so that an answer can be piped on', async () => {
    const { out, err } = await psql(['--env', 'prod', '-c', 'COPY (SELECT current_user) TO STDOUT'])
    expect(out).toBe('prod\n')
    expect(err).toMatch(/^PROD {2}prod on 127\.0\.0\.1:\d+\n$/)
  })

  test('\\d shows a table with its indexes, \\dt the tables, \\dn the schemas', async () => {
    await workshop.sql(
      'dev',
      'DROP TABLE IF EXISTS cadets; CREATE TABLE cadets (id serial PRIMARY KEY, "chat name" text UNIQUE NOT NULL)',
    )
    const { out } = await pipe('\\d cadets\n\\dt\n\\dn\n')
    expect(out).toContain('Table "public.cadets"')
    expect(out).toMatch(/^ chat name \| text +\| +\| not null \|$/m)
    expect(out).toContain('"cadets_chat name_key" UNIQUE CONSTRAINT, btree ("chat name")')
    expect(out).toMatch(/^ public \| cadets \| table \| dev$/m)
    expect(out).toMatch(/^ workshop \| postgres$/m)
    const nothing = await pipe('\\d nosuch\n\\frob\n')
    expect(nothing.err).toContain('Did not find any relation named "nosuch".')
    expect(nothing.err).toContain('invalid command \\frob')
  })

  test('a session that the server ends is reported, with what to do', async () => {
    const { code, err } = await pipe('SELECT pg_terminate_backend(pg_backend_pid());\nSELECT 1;\n')
    expect(err).toContain('FATAL:  terminating connection due to administrator command')
    expect(err).toContain('The connection to DEV was lost.')
    expect(code).toBe(1)
  })

  test('says the same as the psql of this machine', async () => {
    const own = await pipe(everything)
    if (spawnSync('psql', ['--version']).status !== 0) {
      process.stderr.write('There is no psql on this machine: our prompt was compared with nothing.\n')
      expect(own.code).toBe(0)
      return
    }
    const theirs = await psql([], everything, process.env['PATH'])
    expect(own.out).toBe(theirs.out)
    expect(own.err).toBe(theirs.err)
    expect(own.code).toBe(theirs.code)
  })
})

describe('at a terminal', () => {
  const open = () => openTerminal([process.execPath, 'workshop/run.mjs', 'psql'], workshop.folder, { PATH: bare })

  test('the prompt shows the database, what is open, and whether a transaction is', async () => {
    const terminal = open()
    await terminal.see('DEV   dev on 127.0.0.1')
    await terminal.see('There is no psql on this machine')
    await terminal.see('dev=> ')
    terminal.type(`BEGIN;${enter}`)
    await terminal.see('BEGIN\n')
    await terminal.see('dev=*> ')
    terminal.type(`SELECT (${enter}`)
    await terminal.see('dev(*> ')
    terminal.type(`1/0);${enter}`)
    await terminal.see('ERROR:  division by zero')
    await terminal.see('dev=!> ')
    terminal.type(`ROLLBACK;${enter}`)
    await terminal.see('dev=> ')
    terminal.type('\\q' + enter)
    expect(await terminal.left).toBe(0)
  })

  test('Ctrl-C drops what is typed and cancels what runs; Ctrl-D leaves', async () => {
    const terminal = open()
    await terminal.see('dev=> ')
    terminal.type(`SELECT 'a${enter}`)
    await terminal.see("dev'> ")
    terminal.type(`b${ctrlC}`)
    await terminal.see('dev=> ')
    terminal.type(`SELECT pg_sleep(600);${enter}`)
    await until('it runs', () => isRunning('pg_sleep(600)'))
    terminal.type(ctrlC)
    await terminal.see('Cancel request sent')
    await terminal.see('ERROR:  canceling statement due to user request')
    await terminal.see('dev=> ')
    terminal.type(ctrlD)
    expect(await terminal.left).toBe(0)
  })

  test('the arrow brings back what was typed in an earlier session', async () => {
    const first = open()
    await first.see('dev=> ')
    first.type(`SELECT 'typed ' || 'before';${enter}`)
    await first.see('typed before')
    first.type(ctrlD)
    await first.left
    const second = open()
    await second.see('dev=> ')
    second.type(arrowUp)
    await second.see("SELECT 'typed ' || 'before';")
    second.type(enter)
    await second.see('typed before')
    second.type(`exit${enter}`)
    expect(await second.left).toBe(0)
  })
})

async function isRunning(sql: string): Promise<boolean> {
  const find = `SELECT FROM pg_stat_activity WHERE query LIKE '%${sql}%' AND state = 'active' AND pid <> pg_backend_pid()`
  return (await workshop.sql('dev', find)).length > 0
}

function pipe(input: string) {
  return psql([], input)
}

async function psql(args: string[], input = '', path = bare): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, ['workshop/run.mjs', 'psql', ...args], {
    cwd: workshop.folder,
    env: { ...process.env, PATH: path, PSQLRC: 'none', NO_COLOR: '1' },
  })
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  child.stdin.end(input)
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 128)))
  return { code, out: await out, err: await err }
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk
  return text
}

const everything = String.raw`
-- A comment; with a semicolon.
CREATE TABLE t (id int PRIMARY KEY, "na me" text, n numeric, b bool DEFAULT true);
CREATE TABLE IF NOT EXISTS t (id int);
INSERT INTO t VALUES (1, 'a;b', 1.5), (2, E'it''s\';x', NULL), (3, $q$ ; $$ ; $q$, 1000), (4, E'two\nlines', 7),
  (5, E'tab\there', 8), (6, '日本 é', 9);
SELECT * FROM t ORDER BY id;
SELECT id, n, "na me" FROM t ORDER BY id;
SELECT n, "na me", n FROM t WHERE id = 4;
SELECT
  nme
FROM t;
SELECT foo, bar FROM t WHERE "na me" = 'this is a very long line that goes on and on' AND nosuchcolumn = 3;
SELECT 'this is a very long line that goes on and on', nosuchcolumn, 'and goes on to the right of it, too' FROM t;
/* a /* nested; */ comment; */ SELECT 1 AS one; SELECT 2;
INSERT INTO t VALUES (1) RETURNING *;
INSERT INTO t VALUES (7, 'r', 2) RETURNING id, "na me";
UPDATE t SET n = 0 WHERE id > 2;
DELETE FROM t WHERE id = 7;
BEGIN;
SELECT 1/0;
SELECT 1;
ROLLBACK;
ALTER TABLE t ADD COLUMN email text NOT NULL;
ALTER TABLE t RENAME COLUMN b TO c;
DO $$ BEGIN RAISE NOTICE 'hello %', 1; RAISE WARNING 'w' USING HINT = 'h', DETAIL = 'd'; END $$;
CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM nosuch; RETURN 1; END $$;
SELECT g();
DROP FUNCTION g;
SELECT NULL AS x, '' AS y;
SELECT;
SELECT FROM t;
SELCT 1;
SELECT 'a' AS "Überschrift", E'\r x' AS cr, E'\x01' AS ctl;
DROP TABLE IF EXISTS nosuch;
EXPLAIN (COSTS OFF) SELECT * FROM t;
COPY t (id, "na me") TO STDOUT;
SELECT 日本 FROM t;
CREATE TABLE t2 AS TABLE t;
DROP TABLE t2, t;
;
SELECT 'unfinished at the end'
`
