import type { HazardCase } from './hazard-corpus.ts'

const bad = (title: string, sql: string, by: HazardCase['by'] = 'a person'): HazardCase => ({
  id: 'H23',
  title,
  by,
  sql,
  finds: ['H23'],
  squawk: 'is blind',
})
const good = (title: string, sql: string | string[]): HazardCase => ({
  id: 'H23',
  title,
  by: 'a person',
  sql,
  finds: [],
  squawk: 'is silent',
})

/** A file that can be left half applied: H23. Nothing in it is dangerous by itself. */
export const fileCases: readonly HazardCase[] = [
  bad(
    'two columns',
    'ALTER TABLE "recruits" ADD COLUMN "phone" TEXT;\n\nALTER TABLE "badges" ADD COLUMN "colour" TEXT;',
    'Prisma',
  ),
  bad(
    'a new table, and its foreign key',
    'CREATE TABLE "notes" ("id" INTEGER NOT NULL);\nALTER TABLE "notes" ADD COLUMN "by" INTEGER;',
    'Prisma',
  ),
  bad(
    'a transaction, and a statement after it',
    'BEGIN;\nALTER TABLE badges ADD COLUMN a TEXT;\nCOMMIT;\nALTER TABLE badges ADD COLUMN b TEXT;',
  ),
  bad(
    'a COMMIT in the middle',
    'BEGIN;\nALTER TABLE badges ADD COLUMN a TEXT;\nCOMMIT;\nBEGIN;\nALTER TABLE badges ADD COLUMN b TEXT;\nCOMMIT;',
  ),
  bad(
    'a function that is called first',
    "SELECT setval('recruits_id_seq', 100);\nALTER TABLE badges ADD COLUMN b TEXT;",
  ),
  bad(
    'a function, and its trigger',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$;\nCREATE TRIGGER t BEFORE INSERT ON badges FOR EACH ROW EXECUTE FUNCTION f();',
  ),
  bad('a BEGIN without its COMMIT', 'BEGIN;\nALTER TABLE badges ADD COLUMN a TEXT;'),
  good(
    'one transaction around all',
    '-- Both or none.\nBEGIN;\nALTER TABLE badges ADD COLUMN a TEXT;\nALTER TABLE badges ADD COLUMN b TEXT;\nCOMMIT;\n',
  ),
  good(
    'START TRANSACTION and END',
    'START TRANSACTION; ALTER TABLE badges ADD COLUMN a TEXT; ALTER TABLE badges ADD COLUMN b TEXT; END;',
  ),
  good('a statement a file', ['ALTER TABLE badges ADD COLUMN a TEXT;', 'ALTER TABLE badges ADD COLUMN b TEXT;']),
  good('a setting before the one statement', "SET lock_timeout = '5s';\nALTER TABLE badges ADD COLUMN a TEXT;"),
  good('two changes in one ALTER TABLE', 'ALTER TABLE badges ADD COLUMN a TEXT, ADD COLUMN b TEXT;'),
  good('a look, and then a change', 'SELECT id FROM badges;\nALTER TABLE badges ADD COLUMN a TEXT;'),
  good(
    'one batch, because Prisma does not read DO',
    "ALTER TABLE badges ADD COLUMN a TEXT;\nDO $$ BEGIN RAISE NOTICE 'done'; END $$;",
  ),
]
