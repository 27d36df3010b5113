import type { DatabaseCheck } from '../../../kit/review/database-checks.ts'

/** What happened to a database after its three migrations were deployed. */
export interface DatabaseCase {
  id: DatabaseCheck['id']
  title: string
  /** SQL that somebody ran in it; each statement is sent by itself. */
  sql?: string[]
  /** Changes of the folder: a text, or null for one that is gone. */
  folder?: Record<string, string | null>
  finds: RegExp[]
}

const row = (name: string, rest = '') =>
  `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at${rest && ', rolled_back_at'})
   VALUES (gen_random_uuid(), repeat('0', 64), '${name}', now()${rest})`
const applied = (name: string) =>
  `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES (gen_random_uuid(), repeat('0', 64), '${name}', now())`
const second = '20250102000000_second'
const secondSql = 'ALTER TABLE "recruits" ADD COLUMN "age" INTEGER;\n'

export const databaseCorpus: readonly DatabaseCase[] = [
  {
    id: 'H15',
    title: 'another type',
    folder: { [second]: secondSql.replace('INTEGER', 'BIGINT') },
    finds: [/second was edited/],
  },
  { id: 'H15', title: 'a comment', folder: { [second]: `-- why\n${secondSql}` }, finds: [/second was edited/] },
  {
    id: 'H15',
    title: 'its line ends',
    folder: { [second]: secondSql.replace('\n', '\r\n') },
    finds: [/second was edited/],
  },
  { id: 'H15', title: 'nothing', finds: [] },
  {
    id: 'H15',
    title: 'a new one, which is pending',
    folder: { '20250104000000_new': 'SELECT 1;\n' },
    finds: [],
  },
  {
    id: 'H16',
    title: 'a folder that is gone',
    folder: { [second]: null },
    finds: [/second is applied, and not in the folder/],
  },
  {
    id: 'H16',
    title: 'one of another branch',
    sql: [applied('20250102120000_theirs')],
    finds: [/theirs is applied, and not/],
  },
  {
    id: 'H16',
    title: 'a folder under another name',
    folder: { [second]: null, '20250109000000_second': secondSql },
    finds: [/20250102000000_second is applied, and not/],
  },
  {
    id: 'H16',
    title: 'one that was rolled back, and taken out',
    sql: [row('20250103000000_idea', ', now()')],
    finds: [],
  },
  { id: 'H16', title: 'a pending one', folder: { '20250105000000_next': 'SELECT 1;\n' }, finds: [] },
  {
    id: 'H17',
    title: 'started, and never finished',
    sql: [row('20250104000000_half')],
    finds: [/half was started, and neither/],
  },
  {
    id: 'H17',
    title: 'one of the folder',
    sql: [`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '${second}'`],
    finds: [/second was started/],
  },
  {
    id: 'H17',
    title: 'tried again after it was rolled back',
    sql: [row('20250104000000_half', ', now()'), row('20250104000000_half')],
    finds: [/half was started/],
  },
  { id: 'H17', title: 'rolled back', sql: [row('20250104000000_half', ', now()')], finds: [] },
  {
    id: 'H17',
    title: 'rolled back, then applied',
    sql: [row(second, ', now()')],
    finds: [],
  },
  {
    id: 'H18',
    title: 'a column by hand',
    sql: ['ALTER TABLE recruits ADD COLUMN chort TEXT'],
    finds: [/column recruits\.chort is extra/],
  },
  {
    id: 'H18',
    title: 'a renamed column',
    sql: ['ALTER TABLE recruits RENAME COLUMN nick TO handle'],
    finds: [/column recruits\.nick is called handle/],
  },
  {
    id: 'H18',
    title: 'a trigger, which Prisma does not see',
    sql: [
      'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER t BEFORE INSERT ON recruits FOR EACH ROW EXECUTE FUNCTION f()',
    ],
    finds: [/function f\(\) is extra/, /trigger t on recruits is extra/],
  },
  {
    id: 'H18',
    title: 'rows, and tables in another schema',
    sql: ["INSERT INTO recruits (name) VALUES ('Ada')", 'CREATE SCHEMA side; CREATE TABLE side.t (id INT)'],
    finds: [],
  },
  {
    id: 'H18',
    title: 'a migration that is pending',
    folder: { '20250104000000_new': 'ALTER TABLE recruits ADD x INT;\n' },
    finds: [],
  },
  {
    id: 'H22',
    title: 'a concurrent build that failed',
    sql: [
      "INSERT INTO recruits (name) VALUES ('Ada'), ('Ada')",
      '! CREATE UNIQUE INDEX CONCURRENTLY one_name ON recruits (name)',
    ],
    finds: [/index one_name on recruits is not valid/],
  },
  {
    id: 'H22',
    title: 'a check that was never validated',
    sql: ['ALTER TABLE recruits ADD CONSTRAINT grown CHECK (age > 15) NOT VALID'],
    finds: [/constraint grown on recruits was never validated/],
  },
  {
    id: 'H22',
    title: 'the check that made SET NOT NULL cheap',
    sql: [
      'ALTER TABLE recruits ADD CONSTRAINT has_nick CHECK (nick IS NOT NULL)',
      'ALTER TABLE recruits ALTER COLUMN nick SET NOT NULL',
    ],
    finds: [/check has_nick on recruits says again/],
  },
  {
    id: 'H22',
    title: 'an index that was built to its end',
    sql: ['CREATE INDEX CONCURRENTLY names ON recruits (name)'],
    finds: [],
  },
  {
    id: 'H22',
    title: 'checks that are validated',
    sql: [
      'ALTER TABLE recruits ADD CONSTRAINT grown CHECK (age > 15) NOT VALID',
      'ALTER TABLE recruits VALIDATE CONSTRAINT grown',
    ],
    finds: [],
  },
]
