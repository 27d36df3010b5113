import type { DestructiveCase } from './guard-corpus.ts'

const alter = (column: string, type: string) => `ALTER TABLE recruits ALTER COLUMN ${column} ${type}`

/** Scripts that lose values by a change of a type. */
export const losesByType: DestructiveCase[] = [
  { name: 'USING NULL', sql: alter('nick', 'TYPE text USING NULL') },
  { name: 'USING an empty text, of the same type', sql: alter('id_number', "TYPE text USING ''") },
  { name: 'USING another column', sql: alter('id_number', 'TYPE text USING surname') },
  { name: 'USING left()', sql: alter('surname', 'TYPE varchar(3) USING left(surname, 3)') },
  { name: 'USING a cast that cuts', sql: alter('surname', 'SET DATA TYPE varchar(3) USING surname::varchar(3)') },
  { name: 'USING length()', sql: alter('chatname', 'TYPE int USING length(chatname)') },
  { name: 'USING one key of a jsonb', sql: alter('notes', "TYPE text USING notes->>'a'") },
  { name: 'USING one element of an array', sql: alter('tags', 'TYPE text USING tags[1]') },
  { name: 'numeric to integer', sql: alter('score', 'TYPE integer') },
  { name: 'numeric with a place less', sql: alter('score', 'TYPE numeric(5, 1)') },
  {
    name: 'numeric to real',
    setup: 'ALTER TABLE recruits ALTER score TYPE numeric; UPDATE recruits SET score = score + 0.000000001',
    sql: alter('score', 'TYPE real'),
  },
  { name: 'timestamptz to date', sql: alter('joined', 'TYPE date') },
  { name: 'timestamptz to whole seconds', sql: alter('"joined"', 'TYPE timestamptz(0)') },
  { name: 'timestamptz to time', sql: alter('joined', 'TYPE time USING joined::time') },
  { name: 'text to boolean', sql: alter('chatname', "TYPE boolean USING chatname <> ''") },
  {
    name: 'text to integer, without zeros before',
    setup: "UPDATE recruits SET id_number = '00' || id_number",
    sql: alter('id_number', 'TYPE int USING id_number::int'),
  },
  {
    name: 'text to char(n), without blanks after',
    setup: "UPDATE recruits SET id_number = id_number || '  '",
    sql: alter('id_number', 'TYPE char(10)'),
  },
  {
    name: 'json to jsonb, without a key that is there twice',
    setup: `ALTER TABLE recruits ADD j json; UPDATE recruits SET j = '{"a": 1, "a": 2}'`,
    sql: alter('j', 'TYPE jsonb'),
  },
  {
    name: 'interval to whole days, which is equal in its order',
    setup: "ALTER TABLE recruits ADD i interval; UPDATE recruits SET i = '1 month'",
    sql: alter('i', 'TYPE interval USING make_interval(days => 30)'),
  },
  {
    name: 'an enum whose labels are merged',
    sql: `CREATE TYPE m AS ENUM ('calm', 'busy'); ${alter('mood', "TYPE m USING (CASE mood WHEN 'tired' THEN 'busy' ELSE mood::text END)::m")}; DROP TYPE mood; ALTER TYPE m RENAME TO mood`,
  },
  {
    name: 'several columns, and one of them loses',
    sql: `${alter('age', 'TYPE bigint')}, ALTER surname TYPE text, ALTER score TYPE int`,
  },
  {
    name: 'several changes in one script, and the last one loses',
    sql: `${alter('age', 'TYPE bigint')}; ${alter('nick', 'TYPE text')}; ${alter('nick', "TYPE text USING 'x'")}`,
  },
  {
    name: 'a type, put together from pieces',
    sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE recruits AL' || 'TER score TY' || 'PE int'; END $$",
  },
  {
    name: 'a type, in a function of SQL',
    sql: "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER TABLE recruits ALTER score TYPE int'; SELECT f()",
  },
  {
    name: 'a type, in a transaction with an old snapshot',
    sql: `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; ${alter('score', 'TYPE int')}; COMMIT`,
  },
  { name: 'a column that is named in Unicode escapes', sql: alter('U&"sc\\006fre"', 'TYPE int') },
  { name: 'a column of a partitioned table', sql: 'ALTER TABLE measurements ALTER value TYPE int USING value / 10' },
  { name: 'a column of a parent', sql: 'ALTER TABLE animals ALTER name TYPE varchar(2) USING name::varchar(2)' },
  {
    name: 'a column of a child in another schema',
    sql: 'ALTER TABLE other.cats ALTER colour TYPE varchar(2) USING colour::varchar(2)',
  },
  { name: 'a column of an archive', sql: "ALTER TABLE archive.departed ALTER reason TYPE varchar(20) USING 'gone'" },
  { name: 'a column of a table without a key', sql: 'ALTER TABLE keyless ALTER b TYPE varchar(1) USING b::varchar(1)' },
  {
    name: 'a key whose values change places',
    sql: 'ALTER TABLE badges ALTER id TYPE bigint USING CASE id WHEN 901 THEN 902 ELSE 901 END',
  },
  {
    name: 'values that change places between the rows',
    sql: "ALTER TABLE badges ALTER label TYPE varchar(10) USING CASE label WHEN 'B1' THEN 'B2' ELSE 'B1' END",
  },
  {
    name: 'an attribute of a typed table',
    setup:
      'CREATE TYPE thing AS (id int, size numeric); CREATE TABLE things OF thing; INSERT INTO things VALUES (1, 2.75)',
    sql: 'ALTER TYPE thing ALTER ATTRIBUTE size TYPE int CASCADE',
  },
  {
    name: 'USING a function that changes another table meanwhile',
    sql: `CREATE FUNCTION f(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE blank ALTER x DROP NOT NULL; RETURN ''; END $$; ${alter('id_number', 'TYPE varchar USING f(id_number)')}`,
  },
  {
    name: 'a cast of one’s own from and to the old type',
    sql: `CREATE TYPE m AS ENUM ('one'); CREATE FUNCTION to_m(mood) RETURNS m LANGUAGE sql AS $$ SELECT 'one'::m $$; CREATE FUNCTION from_m(m) RETURNS mood LANGUAGE sql AS $$ SELECT 'calm'::mood $$;
      CREATE CAST (mood AS m) WITH FUNCTION to_m(mood) AS ASSIGNMENT; CREATE CAST (m AS mood) WITH FUNCTION from_m(m); ${alter('mood', 'TYPE m')}`,
  },
]
