import type { DestructiveCase, HarmlessCase } from './guard-corpus.ts'

const halfKeyed = `CREATE TABLE half (k int UNIQUE, v text); INSERT INTO half VALUES (1, 'a'), (NULL, 'b'), (NULL, 'c');
  ALTER TABLE half ADD CONSTRAINT has_k NOT NULL k NOT VALID`
const pairs =
  "CREATE TABLE pairs (a int, b int, v text, PRIMARY KEY (a, b)); INSERT INTO pairs VALUES (1, 2, 'x'), (3, 4, 'y')"
const codes =
  "CREATE TYPE code AS ENUM ('k1', 'k2'); CREATE TABLE coded (k code PRIMARY KEY, v text); INSERT INTO coded VALUES ('k1', 'x'), ('k2', 'y')"
const toNewKey =
  'ALTER TABLE badges ADD uid uuid NOT NULL DEFAULT gen_random_uuid(); CREATE TABLE archive.ids AS SELECT id, uid FROM badges'

/** Scripts after which nobody can say whose a value is. */
export const losesKeys: DestructiveCase[] = [
  {
    name: 'the key goes, and the keys alone are archived',
    sql: 'CREATE TABLE archive.kept AS SELECT id FROM badges; ALTER TABLE badges DROP COLUMN id',
  },
  {
    name: 'a part of the key goes, and the keys alone are archived',
    setup: pairs,
    sql: 'CREATE TABLE archive.kept AS SELECT a, b FROM pairs; ALTER TABLE pairs DROP COLUMN a',
  },
  {
    name: 'the key goes with its type, and the keys alone are archived',
    setup: codes,
    sql: 'CREATE TABLE archive.kept AS SELECT k::text FROM coded; DROP TYPE code CASCADE',
  },
  {
    name: 'the key goes with one of two columns, and these are archived',
    sql: 'CREATE TABLE archive.a AS SELECT id FROM badges; CREATE TABLE archive.b AS SELECT id, label FROM badges; ALTER TABLE badges DROP id, DROP label',
  },
  {
    name: 'the key goes for a new one, and the archive does not know the new one',
    sql: 'CREATE TABLE archive.kept AS SELECT id FROM badges; ALTER TABLE badges DROP COLUMN id, ADD COLUMN uid uuid PRIMARY KEY DEFAULT gen_random_uuid()',
  },
  {
    name: 'USING, where a key is NULL although it says NOT NULL',
    setup: halfKeyed,
    sql: "ALTER TABLE half ALTER v TYPE text USING CASE WHEN k IS NULL THEN 'x' ELSE v END",
  },
  {
    name: 'an archive of other values, where a key is NULL although it says NOT NULL',
    setup: halfKeyed,
    sql: "CREATE TABLE archive.half AS SELECT k, CASE WHEN k IS NULL THEN 'x' ELSE v END AS v FROM half; ALTER TABLE half DROP v",
  },
]

/** Scripts that give a table another key, and keep what belongs together. */
export const harmlessKeys: HarmlessCase[] = [
  {
    name: 'another key takes over, then the old one is archived under it and goes',
    sql: `${toNewKey}; ALTER TABLE archive.ids ADD PRIMARY KEY (uid); ALTER TABLE badges DROP CONSTRAINT badges_pkey, ADD PRIMARY KEY (uid); ALTER TABLE badges DROP id`,
    writes: 'over values',
  },
  {
    name: 'another key takes over in the statement in which the old one goes',
    sql: `${toNewKey}; ALTER TABLE badges DROP id, ADD PRIMARY KEY (uid)`,
    writes: 'over values',
  },
  {
    name: 'another key takes over after the old one has gone',
    sql: `${toNewKey}; ALTER TABLE badges DROP id; ALTER TABLE badges ADD PRIMARY KEY (uid)`,
    writes: 'over values',
  },
  {
    name: 'the key goes, and whole rows are archived under it',
    sql: 'CREATE TABLE archive.kept AS TABLE badges; ALTER TABLE badges DROP id',
  },
  {
    name: 'the key goes, and the other columns are archived under it, each apart',
    sql: 'CREATE TABLE archive.a AS SELECT id, label FROM badges; CREATE TABLE archive.b AS SELECT id, team_id FROM badges; ALTER TABLE badges DROP id',
  },
  {
    name: 'archive and drop where a backslash in a string is one no more',
    sql: 'SET standard_conforming_strings = off; CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; ALTER TABLE recruits DROP id_number',
  },
]
