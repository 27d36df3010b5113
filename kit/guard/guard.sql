-- The guard of PROD: nothing that would lose a value gets through, whatever client sends it.
--
-- Two things do it. A trigger on every table refuses DELETE and TRUNCATE. Event triggers stand around each command that may
-- drop a column or a table, or give a column another type: before it, the values that it names are counted and each gets
-- a mark (ddl_command_start); after it, each mark has to be found again, in what stands there then (sql_drop,
-- ddl_command_end). What is gone and was not counted is refused: the guard fails closed.
--
-- The mark of a value is a hash of its text and of the key of its row. It is found again in the same column, cast back to
-- the type that it had, or as the only value of a list or a json; in a table of schema archive; or in a column of the same
-- table that was made or filled since the last deploy. In a table without a key, the whole row is its key. What repeats a
-- value by coincidence is no place for it: no key of another name, nothing under the name of another column of the table,
-- and nothing of another name for a column that holds one value again and again.
--
-- A rename is never in the way: a column is known by its number, not by its name.
--
-- It stands against the mistakes of people and tools, whatever client they use. It ends at UPDATE, which an application
-- needs (what a deploy overwrites, the ledger reports), at a superuser, and at values that are overwritten one by one.
--
-- Read it in this order: guard.sql, guard-rows.sql, guard-before.sql, guard-risk.sql, guard-marks.sql, guard-after.sql,
-- guard-install.sql. So it is run, too: as superuser, after ledger.sql. Can be run again. What it refuses has the SQLSTATE WK001.

-- Of an older guard.
DROP TABLE IF EXISTS workshop.guard_notes, workshop.guard_open, workshop.guard_scripts CASCADE;
DROP VIEW IF EXISTS workshop.descendants;
DROP FUNCTION IF EXISTS workshop.columns_at_risk(text, text), workshop.tables_at_risk(text, text), workshop.note_columns(oid, int2[], boolean, boolean), workshop.count_lost(oid, int2, boolean),
  workshop.count_lost_rows(oid, text), workshop.check_type_change(oid, int2), workshop.same_key(oid, text[], oid, text[]), workshop.guard_new_tables(),
  workshop.without_comments(text), workshop.names(text, text);

-- The command of each session that something is noted for, until it ends.
CREATE UNLOGGED TABLE workshop.guard_open (
  pid     int PRIMARY KEY,
  command bigint NOT NULL GENERATED ALWAYS AS IDENTITY
);

-- The columns of the tables that a command names, until it ends; attnum 0 is a whole table. "values" is NULL where
-- nothing was counted. key_part is a column's place in the key of the table.
CREATE UNLOGGED TABLE workshop.guard_notes (
  command     bigint NOT NULL,
  table_oid   oid NOT NULL,
  attnum      int2 NOT NULL,
  table_name  text NOT NULL,
  column_name text,
  key_part    int,
  atttypid    oid,
  atttypmod   int,
  is_generated boolean NOT NULL DEFAULT false,
  may_go      boolean NOT NULL DEFAULT false,
  -- By a command without USING.
  is_plain    boolean NOT NULL DEFAULT false,
  -- By a command with USING, which may fill what is NULL.
  may_fill    boolean NOT NULL DEFAULT false,
  "rows"      bigint,
  "values"    bigint,
  fingerprint numeric,
  marks       bigint[],
  is_constant boolean NOT NULL DEFAULT false,
  -- Of json and text, the same again as read_loosely reads them.
  loosely     numeric,
  is_rewritten boolean NOT NULL DEFAULT false,
  hint        text,
  PRIMARY KEY (command, table_oid, attnum)
);

-- The commands of what a client has sent, and how many of them have begun.
CREATE UNLOGGED TABLE workshop.guard_scripts (
  pid      int PRIMARY KEY,
  sent_at  timestamptz NOT NULL,
  commands text[] NOT NULL,
  begun    int NOT NULL
);
