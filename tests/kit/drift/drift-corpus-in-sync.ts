/** What changes nothing that counts: no alarm. */
export const inSync: [kind: string, sql: string][] = [
  ['nothing', 'SELECT 1'],
  ['more rows', "INSERT INTO cohorts (name) VALUES ('C27')"],
  ['other values', "UPDATE recruits SET name = 'Alan', age = 40"],
  ['no rows', 'TRUNCATE recruits'],
  ['another order of columns', 'ALTER TABLE cohorts DROP COLUMN started; ALTER TABLE cohorts ADD COLUMN started DATE'],
  ['a column that came and went', 'ALTER TABLE recruits ADD COLUMN x TEXT; ALTER TABLE recruits DROP COLUMN x'],
  ['an index built again', 'DROP INDEX recruits_name_idx; CREATE INDEX recruits_name_idx ON recruits (name)'],
  ['a table in schema archive', 'CREATE SCHEMA archive; CREATE TABLE archive.recruits (id INTEGER)'],
  ['a table in schema workshop', 'CREATE SCHEMA workshop; CREATE TABLE workshop.marker (id INTEGER)'],
  [
    'a trigger of the workshop',
    "CREATE SCHEMA workshop; CREATE FUNCTION workshop.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'; CREATE TRIGGER keep BEFORE DELETE ON recruits FOR EACH ROW EXECUTE FUNCTION workshop.keep()",
  ],
  ['Prisma’s own table', 'CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY)'],
  ['an extension with its functions', 'CREATE EXTENSION pg_trgm'],
  [
    'a view written otherwise',
    'CREATE OR REPLACE VIEW names AS SELECT recruits.id, recruits.name FROM public.recruits',
  ],
  ['statistics', 'ANALYZE; ALTER TABLE recruits ALTER COLUMN name SET STATISTICS 500'],
  ['a temporary table', 'CREATE TEMPORARY TABLE recruits (id INTEGER)'],
  ['a sequence that counts on', "SELECT nextval('badge_numbers'), nextval('recruits_id_seq')"],
  ['a materialized view that is fresh', 'REFRESH MATERIALIZED VIEW moods'],
  ['a default that is set again', "ALTER TABLE recruits ALTER COLUMN note SET DEFAULT 'none'"],
  ['rights', 'GRANT SELECT ON recruits TO PUBLIC'],
  [
    'another schema with a table of the same name',
    'CREATE SCHEMA other; CREATE TABLE other.recruits (id INTEGER, x TEXT)',
  ],
  [
    'a CHECK written again',
    'ALTER TABLE recruits DROP CONSTRAINT grown_up; ALTER TABLE recruits ADD CONSTRAINT grown_up CHECK (age >= 16)',
  ],
]
