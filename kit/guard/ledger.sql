-- The ledger: what stood in every column, deploy after deploy. It is only ever added to.
--
-- A column is known by two numbers that survive every rename: the oid of its table and its attribute number. Its
-- fingerprint is the sum of one hash a value, and each hash is seeded with the key of its row. So equal fingerprints
-- mean: the same values, each in its own row, in whatever order they lie on the disk.
--
-- Needs no superuser. Runs after ledger-texts.sql. Can be run again.

CREATE TABLE IF NOT EXISTS workshop.ledger (
  entry      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  event      text NOT NULL,
  migrations text[] NOT NULL DEFAULT '{}',
  snapshot   text
);

CREATE TABLE IF NOT EXISTS workshop.ledger_columns (
  entry       bigint NOT NULL REFERENCES workshop.ledger,
  table_oid   oid NOT NULL,
  attnum      int2 NOT NULL,
  table_name  text NOT NULL,
  column_name text NOT NULL,
  "rows"      bigint NOT NULL,
  "values"    bigint NOT NULL,
  fingerprint numeric NOT NULL,
  type        text NOT NULL,
  -- Its place in the key of the table, from 1; NULL for a column that is no part of it.
  key_part    int2,
  PRIMARY KEY (entry, table_oid, attnum)
);

-- The labels of the enums in those columns. A label has a number too, which survives when it is renamed.
CREATE TABLE IF NOT EXISTS workshop.ledger_labels (
  entry     bigint NOT NULL REFERENCES workshop.ledger,
  label_oid oid NOT NULL,
  type      text NOT NULL,
  label     text NOT NULL,
  PRIMARY KEY (entry, label_oid)
);

-- The attributes of the composite types in those columns. Their numbers survive a new name, and are never used again.
CREATE TABLE IF NOT EXISTS workshop.ledger_attributes (
  entry    bigint NOT NULL REFERENCES workshop.ledger,
  type_oid oid NOT NULL,
  attnum   int2 NOT NULL,
  type     text NOT NULL,
  name     text NOT NULL,
  PRIMARY KEY (entry, type_oid, attnum)
);

-- Of each table without a key, the sum of one hash a row: two rows that exchange their values leave each column as it was.
CREATE TABLE IF NOT EXISTS workshop.ledger_rows (
  entry       bigint NOT NULL REFERENCES workshop.ledger,
  table_oid   oid NOT NULL,
  fingerprint numeric NOT NULL,
  PRIMARY KEY (entry, table_oid)
);

-- What the last deploy knew of a column. One that is not here is new. "values" is 0 for one that was empty although its
-- table had rows, and NULL where that cannot be said. copy_of is the older column that it was seen to repeat.
CREATE TABLE IF NOT EXISTS workshop.known_columns (
  table_oid oid,
  attnum    int2,
  "values"  bigint,
  copy_of   int2,
  PRIMARY KEY (table_oid, attnum)
);

-- Scripts of migrations: that one was begun (0 statements), and how many of its statements have taken hold. Each number is
-- written in the transaction of the statement itself, so that a crash leaves no doubt, whatever Prisma had the time to
-- note. "run" is the hash of a word that only the session of the script knows: a note of another run counts for nothing.
CREATE TABLE IF NOT EXISTS workshop.scripts (
  migration_name text NOT NULL,
  -- What older versions wrote.
  has_ended      boolean,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  run            text,
  statements     int
);
ALTER TABLE workshop.scripts ALTER COLUMN has_ended DROP NOT NULL,
  ADD COLUMN IF NOT EXISTS run text, ADD COLUMN IF NOT EXISTS statements int;

CREATE OR REPLACE FUNCTION workshop.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is only ever added to: % is refused.', tg_op USING ERRCODE = 'WK001';
END $$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workshop.ledger
  EXECUTE FUNCTION workshop.refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workshop.ledger_columns
  EXECUTE FUNCTION workshop.refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workshop.ledger_labels
  EXECUTE FUNCTION workshop.refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workshop.ledger_attributes
  EXECUTE FUNCTION workshop.refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workshop.ledger_rows
  EXECUTE FUNCTION workshop.refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workshop.scripts
  EXECUTE FUNCTION workshop.refuse_change();

-- The tables whose values are kept: those of public and archive, and wherever they are their partitions, children and
-- parents: a DELETE from a parent reaches the rows of its children.
CREATE OR REPLACE VIEW workshop.kept_tables AS
WITH RECURSIVE kept AS (
  SELECT c.oid FROM pg_class c
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN (to_regnamespace('public'), to_regnamespace('archive'))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  UNION
  SELECT unnest(ARRAY[i.inhrelid, i.inhparent]) FROM pg_inherits i JOIN kept ON kept.oid IN (i.inhparent, i.inhrelid)
)
SELECT c.oid, c.relname::text AS name, n.nspname::text AS schema, c.relkind = 'p' AS is_partitioned, format('%I.%I', n.nspname, c.relname) AS sql
FROM kept JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p');

-- Their columns, without generated ones: those can be worked out again.
CREATE OR REPLACE VIEW workshop.kept_columns AS
SELECT t.oid AS table_oid, a.attnum, t.schema, t.name AS table_name, a.attname::text AS column_name, t.is_partitioned,
       t.sql AS table_sql, quote_ident(a.attname) AS sql, a.atttypid, a.atttypmod
FROM workshop.kept_tables t JOIN pg_attribute a ON a.attrelid = t.oid
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';

-- What tells the rows of a table apart, as column numbers: its primary key, else a unique index over columns that are
-- never NULL. NULL where there is neither.
CREATE OR REPLACE FUNCTION workshop.key_of(t oid) RETURNS int2[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (i.indkey::int2[])[0:i.indnkeyatts - 1] FROM pg_index i
  WHERE i.indrelid = t AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]) AND NOT a.attnotnull)
    -- From version 18 on a NOT NULL may be NOT VALID, and what is NULL stays.
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t AND c.contype = 'n' AND NOT c.convalidated AND c.conkey[1] = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
  ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
$$;

CREATE OR REPLACE FUNCTION workshop.key_names(t oid) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(a.attname::text ORDER BY k.n)
  FROM unnest(workshop.key_of(t)) WITH ORDINALITY AS k (attnum, n) JOIN pg_attribute a ON a.attrelid = t AND a.attnum = k.attnum
$$;

-- Reads a table once, of a partitioned one the partitions too. `key` is SQL for what tells its rows apart, each of `texts`
-- SQL for a value. Rows that a policy hides from whoever reads are an error, and no gap. The mark of a value is the hash of its text, seeded with the hash of its row's key; the fingerprint is
-- the sum of the marks. So a value moves from one row to another, and the fingerprint is another.
CREATE OR REPLACE FUNCTION workshop.read_values(t oid, key text, texts text[], with_marks boolean DEFAULT false)
RETURNS TABLE (n int, "rows" bigint, "values" bigint, fingerprint numeric, marks bigint[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB' SET row_security = off
SET datestyle = 'ISO' SET intervalstyle = 'iso_8601' SET extra_float_digits = 3 SET bytea_output = 'hex' SET lc_monetary = 'C' AS $$
BEGIN
  RETURN QUERY EXECUTE (
    SELECT format($sql$
      WITH one AS MATERIALIZED (
        SELECT count(*) AS n, ARRAY[%s] AS found FROM (SELECT hashtextextended(%s, 0) AS k, %s FROM %s %s AS t OFFSET 0) AS x
      ) SELECT f.n, one.n, f.v, f.h, f.m FROM one, unnest(found) AS f (n int, v bigint, h numeric, m bigint[])$sql$,
      string_agg(format('(%1$s, count(v%1$s), coalesce(sum(hashtextextended(v%1$s, k)), 0), %2$s)', i,
        CASE WHEN with_marks THEN format('array_agg(hashtextextended(v%1$s, k)) FILTER (WHERE v%1$s IS NOT NULL)', i) ELSE 'NULL::bigint[]' END), ', '),
      key, string_agg(format('%s AS v%s', text, i), ', '), CASE relkind WHEN 'p' THEN '' ELSE 'ONLY' END, t::regclass)
    FROM pg_class, unnest(texts) WITH ORDINALITY AS x (text, i) WHERE oid = t GROUP BY relkind);
END $$;

-- Its arguments are SQL, which a server of our own runs as a role that may read everything: not for everybody.
REVOKE ALL ON FUNCTION workshop.read_values(oid, text, text[], boolean) FROM PUBLIC;

-- Count and fingerprint of each of these columns as they are; in a table without a key, number 0 is whole rows. An older ledger had it with more arguments.
DROP FUNCTION IF EXISTS workshop.fingerprints(oid, int2[], boolean, oid, int, text);
DROP FUNCTION IF EXISTS workshop.key_sql(text[], text);
CREATE OR REPLACE FUNCTION workshop.fingerprints(t oid, columns int2[])
RETURNS TABLE (attnum int2, "rows" bigint, "values" bigint, fingerprint numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(columns[r.n], 0::int2), r."rows", r."values", r.fingerprint
  FROM (SELECT array_agg(workshop.text_sql(a.atttypid, format('t.%I', a.attname)) ORDER BY c.n) AS all
        FROM unnest(columns) WITH ORDINALITY AS c (attnum, n) JOIN pg_attribute a ON a.attrelid = t AND a.attnum = c.attnum) AS texts,
       workshop.read_values(t, workshop.row_sql(workshop.texts_of(t, workshop.key_names(t))),
         texts.all || CASE WHEN cardinality(columns) > 1 AND workshop.key_of(t) IS NULL THEN ARRAY[workshop.row_sql(texts.all)] END) AS r
$$;

-- Adds an entry: count and fingerprint of every column as it stands now, in one snapshot. Returns its number.
CREATE OR REPLACE FUNCTION workshop.write_ledger(event text, migrations text[], snapshot text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  number bigint;
BEGIN
  INSERT INTO workshop.ledger (event, migrations, snapshot) VALUES (event, migrations, snapshot) RETURNING entry INTO number;
  WITH sums AS MATERIALIZED (
    SELECT t.table_oid, f.* FROM (SELECT table_oid, array_agg(attnum) AS columns FROM workshop.kept_columns
        WHERE table_name <> '_prisma_migrations' AND table_oid NOT IN (SELECT oid FROM pg_class WHERE relispartition)
        GROUP BY table_oid) AS t,
      workshop.fingerprints(t.table_oid, t.columns) AS f
  ), in_rows AS (
    INSERT INTO workshop.ledger_rows SELECT number, table_oid, fingerprint FROM sums WHERE attnum = 0
  )
  INSERT INTO workshop.ledger_columns
  SELECT number, k.table_oid, k.attnum, k.schema || '.' || k.table_name, k.column_name, f."rows", f."values", f.fingerprint, format_type(k.atttypid, k.atttypmod),
         array_position(workshop.key_of(k.table_oid), k.attnum) + 1 - array_lower(workshop.key_of(k.table_oid), 1)
  FROM sums AS f JOIN workshop.kept_columns k USING (table_oid, attnum);

  INSERT INTO workshop.ledger_labels
  SELECT number, e.oid, format_type(e.enumtypid, NULL), e.enumlabel FROM pg_enum e
  WHERE e.enumtypid IN (SELECT unnest(ARRAY[y.oid, y.typelem]) FROM workshop.kept_columns k JOIN pg_type y ON y.oid = workshop.base_type(k.atttypid));

  INSERT INTO workshop.ledger_attributes
  SELECT number, y.oid, a.attnum, format_type(y.oid, NULL), a.attname
  FROM workshop.types_below(ARRAY(SELECT DISTINCT atttypid FROM workshop.kept_columns)) AS b JOIN pg_type y USING (oid)
  JOIN pg_attribute a ON a.attrelid = y.typrelid AND a.attnum > 0 AND NOT a.attisdropped;

  -- A column that is new, or was empty, and holds what an older one holds: it was filled from that one.
  INSERT INTO workshop.known_columns AS known
  SELECT n.table_oid, n.attnum, CASE WHEN n."rows" > 0 THEN n."values" END, (
      SELECT o.attnum FROM workshop.ledger_columns o JOIN workshop.known_columns old USING (table_oid, attnum)
      WHERE o.entry = number AND o.table_oid = n.table_oid AND o.attnum <> n.attnum AND n."values" > 0
        AND (o."values", o.fingerprint) = (n."values", n.fingerprint)
        AND NOT EXISTS (SELECT FROM workshop.known_columns k WHERE (k.table_oid, k.attnum) = (n.table_oid, n.attnum) AND k."values" IS DISTINCT FROM 0)
      ORDER BY o.attnum LIMIT 1)
  FROM workshop.ledger_columns n WHERE n.entry = number
  ON CONFLICT (table_oid, attnum) DO UPDATE SET "values" = excluded."values", copy_of = coalesce(excluded.copy_of, known.copy_of);
  RETURN number;
END $$;

GRANT USAGE ON SCHEMA workshop TO PUBLIC;

DROP FUNCTION IF EXISTS workshop.note_script(text, boolean);

CREATE OR REPLACE FUNCTION workshop.note_script(name text, statements int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO workshop.scripts (migration_name, run, statements)
  VALUES (name, encode(sha256(convert_to(current_setting('workshop.run'), 'UTF8')), 'hex'), statements)
$$;

CREATE OR REPLACE FUNCTION workshop.begin_script(name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT workshop.note_script(name, 0)
$$;

-- Adds an entry without columns: what a comparison has found.
CREATE OR REPLACE FUNCTION workshop.note_ledger(event text, snapshot text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO workshop.ledger (event, snapshot) VALUES (event, snapshot)
$$;

GRANT SELECT ON workshop.ledger, workshop.ledger_columns, workshop.ledger_labels, workshop.ledger_attributes, workshop.ledger_rows, workshop.scripts, workshop.known_columns, workshop.kept_tables, workshop.kept_columns TO PUBLIC;
