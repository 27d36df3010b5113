/** Where it is known from how Prisma's native engine runs such a script. */
export const sources = {
  pr5767:
    'https://github.com/prisma/prisma-engines/pull/5767, which splits the script; its own note stands in native/mod.rs',
  pr5847: 'https://github.com/prisma/prisma-engines/pull/5847: what its parser does not read is sent as one batch',
  wire: 'measured on the wire with Prisma 7.8.0 and PostgreSQL 18.4: https://github.com/Lade1q/planning-ai/issues/470',
  parser: 'tried with sqlparser 0.58 to 0.62, the parser that the engine splits with',
  orm15295: 'https://github.com/prisma/orm/issues/15295: what is said when a transaction of the file fails',
  postgresql: 'https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT',
} as const

/** A script that fails at one place, and what is there afterwards. */
export interface ScriptCase {
  title: string
  sql: string
  /** The code of PostgreSQL's error; 'runs' where it runs to its end. */
  fails: string | 'runs'
  /** Of a, b, c, d (tables), i (an index), f (a function), m (an enum), and rows: `2 in a`. */
  stays: string[]
  source: keyof typeof sources
}

const a = 'CREATE TABLE a (id int);'
const b = 'CREATE TABLE b (id int);'
const c = 'CREATE TABLE c (id int);'
const bad = 'SELECT 1 / 0;'
const zero = '22012'
const one = (
  title: string,
  source: ScriptCase['source'],
  sql: string,
  stays: string[],
  fails: string | 'runs' = zero,
) => ({ title, sql, fails, stays, source }) satisfies ScriptCase

export const scripts: readonly ScriptCase[] = [
  // One statement, several, and an error at each place
  one('one statement that fails', 'wire', bad, []),
  one('one statement that runs', 'wire', a, ['a'], 'runs'),
  one('the first of three fails', 'wire', `${bad} ${a} ${b}`, []),
  one('the second of three fails', 'wire', `${a} ${bad} ${b}`, ['a']),
  one('the last of three fails', 'wire', `${a} ${b} ${bad}`, ['a', 'b']),
  one('rows that were written before a failure', 'wire', `${a} INSERT INTO a VALUES (1), (2); ${bad}`, ['a', '2 in a']),
  one(
    'a backfill that fails after its column',
    'wire',
    `${a} INSERT INTO a VALUES (1); ALTER TABLE a ADD x int; UPDATE a SET x = 1 / 0;`,
    ['a', '1 in a'],
  ),
  one('no ";" at the end', 'pr5767', `${a} SELECT 1 / 0`, ['a']),
  one('";" that end nothing', 'pr5767', `;; ${a};; ${bad};`, ['a']),
  one('nothing', 'pr5767', '', [], 'runs'),
  one('comments alone', 'pr5767', '-- later\n/* CREATE TABLE a (id int); */', [], 'runs'),
  // Where one statement ends
  one('a ";" in a comment', 'parser', `-- one; two\n${a} /* three; */ ${bad}`, ['a']),
  one('comments in comments', 'parser', `/* one /* two; */ three; */ ${a} ${bad}`, ['a']),
  one('a ";" in a string', 'parser', `${a} INSERT INTO a SELECT 1 WHERE ';' = ';'; ${bad}`, ['a', '1 in a']),
  one("a ' in a string", 'parser', `${a} INSERT INTO a SELECT 1 WHERE 'it''s;' <> ''; ${bad}`, ['a', '1 in a']),
  one('a string with escapes', 'parser', `${a} INSERT INTO a SELECT 1 WHERE E'\\';' <> ''; ${bad}`, ['a', '1 in a']),
  one('a ";" in a name', 'parser', `CREATE TABLE a ("x;y" int); ${bad}`, ['a']),
  one('dollar quotes', 'parser', `${a} INSERT INTO a SELECT 1 WHERE $$;$$ = $x$;$x$; ${bad}`, ['a', '1 in a']),
  one(
    'a function with ";" in its body',
    'parser',
    `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$; ${bad}`,
    ['f'],
  ),
  one('letters of more than one byte', 'parser', `-- é, 日本\n${a} INSERT INTO a SELECT 1 WHERE 'ü;' <> ''; ${bad}`, [
    'a',
    '1 in a',
  ]),
  one('lines that end as on Windows', 'parser', `${a}\r\n${b}\r\n${bad}\r\n`, ['a', 'b']),
  // What the engine's parser does not read: one batch
  one('a DO block', 'parser', `${a} DO $$ BEGIN PERFORM 1; END $$; ${bad}`, []),
  one('a DO block that fails', 'parser', `${a} DO $$ BEGIN RAISE 'stop'; END $$;`, [], 'P0001'),
  one(
    'a body of SQL, BEGIN ATOMIC',
    'parser',
    `${a} CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; ${bad}`,
    [],
  ),
  one('DROP INDEX CONCURRENTLY beside another', 'pr5847', `${a} DROP INDEX CONCURRENTLY IF EXISTS i;`, [], '25001'),
  one('DROP INDEX CONCURRENTLY alone', 'pr5847', 'DROP INDEX CONCURRENTLY IF EXISTS i;', [], 'runs'),
  one('LOCK TABLE, which only the newest versions read', 'parser', `${a} LOCK TABLE a; ${b} ${bad}`, []),
  one(
    'REFRESH MATERIALIZED VIEW',
    'parser',
    `${a} CREATE MATERIALIZED VIEW d AS SELECT * FROM a; REFRESH MATERIALIZED VIEW d; ${bad}`,
    [],
  ),
  one('ALTER TABLE … SET SCHEMA', 'parser', `CREATE SCHEMA s; ${a} ALTER TABLE a SET SCHEMA s; ${bad}`, []),
  one('ALTER SEQUENCE', 'parser', `CREATE TABLE a (id serial); ALTER SEQUENCE a_id_seq RESTART WITH 5; ${bad}`, []),
  one(
    'COMMENT ON FUNCTION',
    'parser',
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION f() IS 'x'; ${bad}`,
    [],
  ),
  one('SQL that PostgreSQL does not read', 'postgresql', `${a} CREATE TABEL b (id int);`, [], '42601'),
  one('rows of COPY in the file', 'postgresql', `${a}\nCOPY a FROM stdin;\n1\n\\.\n`, [], '42601'),
  // Statements that are known to be special
  one(
    'CREATE INDEX CONCURRENTLY beside others',
    'pr5767',
    `${a} CREATE INDEX CONCURRENTLY i ON a (id); ${b}`,
    ['a', 'b', 'i'],
    'runs',
  ),
  one('… and a failure after it', 'pr5767', `${a} CREATE INDEX CONCURRENTLY i ON a (id); ${bad}`, ['a', 'i']),
  one(
    'a unique index that fails half-way',
    'pr5767',
    `${a} INSERT INTO a VALUES (1), (1); CREATE UNIQUE INDEX CONCURRENTLY i ON a (id); ${b}`,
    ['a', '2 in a', 'i'],
    '23505',
  ),
  one('VACUUM, in a batch', 'parser', `${a} VACUUM a;`, [], '25001'),
  one('an enum', 'wire', `CREATE TYPE m AS ENUM ('x'); ${bad}`, ['m']),
  one(
    'a new value of an enum, used at once',
    'pr5767',
    `CREATE TYPE m AS ENUM ('x'); ALTER TYPE m ADD VALUE 'y'; CREATE TABLE a (m m DEFAULT 'y'); INSERT INTO a DEFAULT VALUES;`,
    ['a', 'm', '1 in a'],
    'runs',
  ),
  one(
    '… in a transaction of its own',
    'postgresql',
    `CREATE TYPE m AS ENUM ('x'); BEGIN; ALTER TYPE m ADD VALUE 'y'; CREATE TABLE a (m m DEFAULT 'y'); COMMIT;`,
    ['m'],
    '55P04',
  ),
  one('a procedure that commits', 'parser', `${a} CALL nobody(); ${b}`, ['a'], '42883'),
  // BEGIN and COMMIT in the file
  one('BEGIN … COMMIT, and the first fails', 'orm15295', `BEGIN; ${bad} ${a} COMMIT;`, []),
  one('BEGIN … COMMIT, and the last fails', 'orm15295', `BEGIN; ${a} ${b} ${bad} COMMIT;`, []),
  one('BEGIN … COMMIT that runs', 'orm15295', `BEGIN; ${a} ${b} COMMIT;`, ['a', 'b'], 'runs'),
  one('START TRANSACTION … END', 'postgresql', `START TRANSACTION; ${a} ${bad} END;`, []),
  one('a statement before BEGIN', 'postgresql', `${a} BEGIN; ${b} ${bad} COMMIT;`, ['a']),
  one('a COMMIT in the middle', 'postgresql', `BEGIN; ${a} COMMIT; ${b} ${bad} ${c}`, ['a', 'b']),
  one('two transactions, and the second fails', 'postgresql', `BEGIN; ${a} COMMIT; BEGIN; ${b} ${bad} COMMIT;`, ['a']),
  one('a transaction that is left open', 'postgresql', `BEGIN; ${a} ${b}`, [], 'runs'),
  one('a transaction that is taken back', 'postgresql', `BEGIN; ${a} ROLLBACK; ${b}`, ['b'], 'runs'),
  one(
    'a savepoint that takes one back',
    'postgresql',
    `BEGIN; ${a} SAVEPOINT s; ${b} ROLLBACK TO SAVEPOINT s; COMMIT;`,
    ['a'],
    'runs',
  ),
  one('BEGIN … COMMIT around a DO block: one batch', 'parser', `BEGIN; ${a} DO $$ BEGIN END $$; ${bad} COMMIT;`, []),
  one(
    'CONCURRENTLY in a transaction',
    'postgresql',
    `BEGIN; ${a} CREATE INDEX CONCURRENTLY i ON a (id); COMMIT;`,
    [],
    '25001',
  ),
  one('a failure after COMMIT AND CHAIN', 'postgresql', `BEGIN; ${a} COMMIT AND CHAIN; ${b} ${bad} COMMIT;`, ['a']),
  // Settings
  one(
    'SET for the statements after it',
    'pr5767',
    `SET search_path = s, public; ${a} SELECT 1 / (current_setting('search_path') = 's, public')::int; ${bad}`,
    ['a'],
  ),
  one(
    'SET LOCAL outside a transaction, which sets nothing',
    'postgresql',
    `SET LOCAL lock_timeout = '7s'; ${a} SELECT 1 / (current_setting('lock_timeout') = '7s')::int;`,
    ['a'],
  ),
  one(
    'SET LOCAL in a transaction',
    'postgresql',
    `BEGIN; SET LOCAL lock_timeout = '7s'; SELECT 1 / (current_setting('lock_timeout') = '7s')::int; ${a} COMMIT;`,
    ['a'],
    'runs',
  ),
]
