import { blind, seen, type DriftCase } from './drift-case.ts'

/** Drift of what no model can say, and of several things at once. */
export const leftOutCases: DriftCase[] = [
  // what Prisma leaves out
  {
    kind: 'a new view',
    sql: 'CREATE VIEW grown AS SELECT name FROM recruits WHERE age > 20',
    found: ['view grown is extra: SELECT'],
    diff: blind,
  },
  {
    kind: 'another view',
    sql: 'CREATE OR REPLACE VIEW names AS SELECT id, name FROM recruits WHERE age > 20',
    found: ['view names is SELECT id, name FROM recruits WHERE (age > 20); it should be'],
    diff: blind,
  },
  {
    kind: 'a dropped materialized view',
    sql: 'DROP MATERIALIZED VIEW moods',
    found: ['materialized view moods is missing'],
    diff: blind,
  },
  {
    kind: 'a new CHECK',
    sql: "ALTER TABLE recruits ADD CONSTRAINT named CHECK (name <> '')",
    found: ["check named on recruits is extra: CHECK ((name <> ''::text))"],
    diff: blind,
  },
  {
    kind: 'a dropped CHECK',
    sql: 'ALTER TABLE recruits DROP CONSTRAINT grown_up',
    found: ['check grown_up on recruits is missing: CHECK ((age >= 16))'],
    diff: blind,
  },
  {
    kind: 'another CHECK',
    sql: 'ALTER TABLE recruits DROP CONSTRAINT grown_up, ADD CONSTRAINT grown_up CHECK (age >= 18)',
    found: ['check grown_up on recruits is CHECK ((age >= 18)); it should be CHECK ((age >= 16))'],
    diff: blind,
  },
  {
    kind: 'a new trigger',
    sql: 'CREATE TRIGGER twice BEFORE UPDATE ON recruits FOR EACH ROW EXECUTE FUNCTION stamp()',
    found: ['trigger twice on recruits is extra'],
    diff: blind,
  },
  {
    kind: 'a dropped trigger',
    sql: 'DROP TRIGGER stamped ON recruits',
    found: ['trigger stamped on recruits is missing'],
    diff: blind,
  },
  {
    kind: 'a trigger that is switched off',
    sql: 'ALTER TABLE recruits DISABLE TRIGGER stamped',
    found: ['disabled trigger stamped on recruits is extra'],
    diff: blind,
  },
  {
    kind: 'another function',
    sql: "CREATE OR REPLACE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)'",
    found: ['function shout(text) is', 'it should be'],
    diff: blind,
  },
  {
    kind: 'a new function',
    sql: "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
    found: ['function twice(integer) is extra'],
    diff: blind,
  },
  {
    kind: 'another domain',
    sql: "ALTER DOMAIN short_text ADD CHECK (VALUE <> '')",
    found: ["CHECK ((VALUE <> ''::text)); it should be text CHECK"],
    diff: blind,
  },
  {
    kind: 'a new sequence',
    sql: 'CREATE SEQUENCE more_numbers',
    found: ['sequence more_numbers is extra'],
    diff: blind,
  },
  {
    kind: 'a comment',
    sql: "COMMENT ON TABLE recruits IS 'people'",
    found: ['comment on recruits is extra: people'],
    diff: blind,
  },
  {
    kind: 'a policy',
    sql: 'CREATE POLICY own ON recruits FOR SELECT USING (age > 20); ALTER TABLE recruits ENABLE ROW LEVEL SECURITY',
    found: ['policy own on recruits is extra: FOR SELECT USING ((age > 20))', 'row security of recruits is extra'],
    diff: blind,
  },
  // several at once
  {
    kind: 'three things at once',
    sql: 'ALTER TABLE recruits ADD COLUMN chort TEXT, DROP COLUMN note; DROP INDEX recruits_name_idx',
    found: ['recruits.chort is extra', 'recruits.note is missing', 'recruits_name_idx on recruits is missing'],
    diff: seen,
  },
  {
    kind: 'things in two tables at once',
    sql: 'ALTER TABLE recruits ALTER COLUMN age SET NOT NULL; ALTER TABLE cohorts ADD COLUMN place TEXT; CREATE TABLE pets (id INTEGER)',
    found: ['recruits.age is integer, required', 'cohorts.place is extra', 'table pets is extra'],
    diff: seen,
  },
]
