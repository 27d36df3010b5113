import type { DestructiveCase } from './guard-corpus.ts'

/** Scripts that lose rows without dropping anything. */
export const losesRows: DestructiveCase[] = [
  // plain statements
  { name: 'DELETE of every row', sql: 'DELETE FROM keyless' },
  { name: 'DELETE of one row', sql: 'DELETE FROM "pets" WHERE "pets"."id" = 201' },
  {
    name: 'DELETE … USING',
    sql: 'DELETE FROM public.pets AS p USING recruits r WHERE r.id = p.recruit_id AND r.age > 25',
  },
  {
    name: 'DELETE in a crowd of comments',
    sql: 'DELETE/* of\n nothing? */FROM -- the table;\n "keyless" /* ; */ -- end',
  },
  {
    name: 'DELETE from a table with quotes in its name',
    sql: 'DELETE FROM "Odd ""Name"" für Ω" WHERE "select" = \'s1\'',
  },
  { name: 'DELETE named in Unicode escapes', sql: 'DELETE FROM U&"\\006Beyless"' },
  { name: 'DELETE … RETURNING', sql: 'DELETE FROM keyless RETURNING *' },
  { name: 'DELETE in lower case between other statements', sql: 'SELECT 1; delete from keyless; SELECT 2' },
  { name: 'DELETE under EXPLAIN ANALYZE', sql: 'EXPLAIN (ANALYZE, FORMAT json) DELETE FROM keyless' },
  { name: 'DELETE in COPY', sql: 'COPY (DELETE FROM keyless RETURNING a) TO STDOUT' },
  { name: 'DELETE from an archive', sql: 'DELETE FROM archive.departed' },
  { name: 'TRUNCATE', sql: 'TRUNCATE keyless' },
  { name: 'TRUNCATE … CASCADE', sql: 'TRUNCATE TABLE recruits RESTART IDENTITY CASCADE' },
  { name: 'TRUNCATE of several', sql: 'TRUNCATE ONLY blank, "Odd ""Name"" für Ω", pets' },
  { name: 'TRUNCATE of an archive', sql: 'TRUNCATE archive.departed' },
  {
    name: 'MERGE … DELETE',
    sql: 'MERGE INTO pets p USING recruits r ON r.id = p.recruit_id WHEN MATCHED AND r.age > 25 THEN DELETE WHEN MATCHED THEN UPDATE SET name = p.name',
  },
  {
    name: 'MERGE … NOT MATCHED BY SOURCE … DELETE',
    sql: 'MERGE INTO keyless k USING blank b ON b.x = k.a WHEN NOT MATCHED BY SOURCE THEN DELETE',
  },
  // other statements around it
  { name: 'DELETE in a CTE', sql: 'WITH gone AS (DELETE FROM keyless RETURNING *) SELECT count(*) FROM gone' },
  {
    name: 'DELETE in a CTE that moves a part of the row',
    sql: 'WITH gone AS (DELETE FROM pets RETURNING id) INSERT INTO blank (id) SELECT id FROM gone',
  },
  {
    name: 'DELETE in the second CTE of an UPDATE',
    sql: 'WITH a AS (SELECT 1), b AS (DELETE FROM pets RETURNING id) UPDATE blank SET x = x FROM b',
  },
  { name: 'DELETE through a view', setup: 'CREATE VIEW p AS SELECT id, name FROM pets', sql: 'DELETE FROM p' },
  {
    name: 'DELETE by the trigger of a view',
    setup: `CREATE VIEW v AS SELECT cohort_id FROM sizes;
      CREATE FUNCTION d() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM pets; RETURN OLD; END';
      CREATE TRIGGER d INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION d()`,
    sql: 'UPDATE v SET cohort_id = 3',
  },
  { name: 'DELETE that is prepared', sql: 'PREPARE p (int) AS DELETE FROM pets WHERE id = $1; EXECUTE p (201)' },
  {
    name: 'DELETE at a cursor',
    sql: 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM pets FOR UPDATE; FETCH c; DELETE FROM pets WHERE CURRENT OF c; COMMIT',
  },
  { name: 'DELETE behind a savepoint', sql: 'BEGIN; SAVEPOINT s; DELETE FROM pets; RELEASE s; COMMIT' },
  {
    name: 'DELETE of rows that the same transaction made again, but for one value',
    sql: "BEGIN; CREATE TEMP TABLE t AS TABLE pets; DELETE FROM pets; INSERT INTO pets SELECT id, recruit_id, '' FROM t; COMMIT",
  },
  // code
  { name: 'DELETE in a DO block', sql: 'DO $$ BEGIN DELETE FROM keyless; END $$' },
  {
    name: 'DELETE put together from pieces',
    sql: "DO $x$ BEGIN EXECUTE 'DEL' || 'ETE FR' || 'OM ' || quote_ident('key' || 'less'); END $x$",
  },
  {
    name: 'DELETE spelled in character codes',
    sql: "DO $$ BEGIN EXECUTE (SELECT string_agg(chr(c), '') FROM unnest(ARRAY[84,82,85,78,67,65,84,69,32,112,101,116,115]) AS c); END $$",
  },
  {
    name: 'DELETE in a function of SQL',
    setup: "CREATE FUNCTION tidy() RETURNS bigint LANGUAGE sql AS 'DELETE FROM keyless; SELECT 1::bigint'",
    sql: 'SELECT tidy()',
  },
  {
    name: 'DELETE in a function with a body of SQL',
    setup: 'CREATE FUNCTION tidy() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM keyless; END',
    sql: 'SELECT tidy() FROM cohorts',
  },
  {
    name: 'DELETE in a function of PL/pgSQL that is made in the same script',
    sql: "CREATE FUNCTION tidy() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN DELETE FROM pets; END'; SELECT tidy()",
  },
  {
    name: 'DELETE in a procedure that commits row by row',
    setup: `CREATE PROCEDURE tidy() LANGUAGE plpgsql AS $$ DECLARE i int; BEGIN
      FOREACH i IN ARRAY ARRAY[201, 202] LOOP DELETE FROM pets WHERE id = i; COMMIT; END LOOP; END $$`,
    sql: 'CALL tidy()',
  },
  {
    name: 'DELETE in a DO block that commits before',
    sql: 'DO $$ BEGIN INSERT INTO blank VALUES (1); COMMIT; DELETE FROM pets; COMMIT; END $$',
  },
  {
    name: 'DELETE again and again, with each refusal caught',
    ends: ['passes'],
    sql: `DO $$ DECLARE i int; BEGIN FOREACH i IN ARRAY ARRAY[201, 202] LOOP
      BEGIN DELETE FROM pets WHERE id = i; EXCEPTION WHEN OTHERS THEN NULL; END;
      BEGIN TRUNCATE pets; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$`,
  },
  {
    name: 'DELETE by a trigger on another table',
    setup: `CREATE FUNCTION d() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM pets WHERE id = NEW.id; RETURN NEW; END';
      CREATE TRIGGER d AFTER INSERT ON blank FOR EACH ROW EXECUTE FUNCTION d()`,
    sql: 'INSERT INTO blank VALUES (201)',
  },
  {
    name: 'DELETE by a deferred trigger, at the COMMIT',
    setup: `CREATE FUNCTION d() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM pets; RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER d AFTER INSERT ON other.plain DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION d()`,
    sql: "BEGIN; INSERT INTO other.plain VALUES (813, 'three'); COMMIT",
  },
  // foreign keys
  { name: 'DELETE that comes by a foreign key from another schema', sql: 'DELETE FROM other.teams WHERE id = 801' },
  { name: 'TRUNCATE that comes by a foreign key', sql: 'TRUNCATE other.teams CASCADE' },
  // partitions and children
  { name: 'DELETE from a partitioned table', sql: 'DELETE FROM measurements WHERE id = 601' },
  { name: 'DELETE from a partition', sql: 'DELETE FROM measurements_north' },
  { name: 'DELETE from a partition of a partition', sql: 'DELETE FROM ONLY measurements_south_low' },
  { name: 'DELETE from a partition in another schema', sql: 'DELETE FROM other.measurements_east' },
  { name: 'TRUNCATE of a partition in another schema', sql: 'TRUNCATE other.measurements_east' },
  { name: 'TRUNCATE of a partitioned partition', sql: 'TRUNCATE measurements_south' },
  {
    name: 'DELETE from a new partition',
    setup:
      "CREATE TABLE other.w PARTITION OF measurements FOR VALUES IN ('west'); INSERT INTO measurements VALUES (505, 'west', 5)",
    sql: 'DELETE FROM other.w',
  },
  {
    name: 'DELETE from a table that was attached as a partition',
    setup:
      "CREATE TABLE other.w (LIKE measurements INCLUDING ALL); INSERT INTO other.w VALUES (505, 'west', 5); ALTER TABLE measurements ATTACH PARTITION other.w FOR VALUES IN ('west')",
    sql: 'DELETE FROM other.w',
  },
  { name: 'DELETE from a child', sql: 'DELETE FROM dogs' },
  { name: 'DELETE from a child in another schema', sql: 'DELETE FROM other.cats' },
  { name: 'DELETE from a parent', sql: 'DELETE FROM animals WHERE id = 703' },
  {
    name: 'DELETE from a table that became a child',
    setup:
      "CREATE TABLE other.birds (LIKE animals INCLUDING ALL); INSERT INTO other.birds VALUES (704, 'Polly'); ALTER TABLE other.birds INHERIT animals",
    sql: 'DELETE FROM other.birds',
  },
  // tables that are new
  {
    name: 'DELETE from a table made by SELECT INTO',
    setup: 'SELECT id, upper(name) AS n INTO p FROM pets',
    sql: 'DELETE FROM p',
  },
  {
    name: 'DELETE from a table made by CREATE TABLE AS EXECUTE',
    setup: 'PREPARE q AS SELECT id, upper(name) AS n FROM pets; CREATE TABLE p AS EXECUTE q',
    sql: 'DELETE FROM p',
  },
  {
    name: 'DELETE from a table that moved in',
    setup: 'ALTER TABLE other.plain SET SCHEMA public',
    sql: 'DELETE FROM plain',
  },
  {
    name: 'DELETE from a table that a function made',
    setup:
      "DO $$ BEGIN EXECUTE 'CREATE TABLE p (id int PRIMARY KEY, n text)'; INSERT INTO p VALUES (1, 'made'); END $$",
    sql: 'DELETE FROM p',
  },
  {
    name: 'DELETE from a table made together with its schema',
    setup: `ALTER TABLE archive.departed SET SCHEMA public; DROP SCHEMA archive;
      CREATE SCHEMA archive CREATE TABLE past (id int PRIMARY KEY, n text); INSERT INTO archive.past VALUES (1, 'made')`,
    sql: 'DELETE FROM archive.past',
  },
  { name: 'DELETE from a renamed table', setup: 'ALTER TABLE pets RENAME TO beasts', sql: 'DELETE FROM beasts' },
]
