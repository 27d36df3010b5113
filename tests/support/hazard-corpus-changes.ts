import type { HazardCase } from './hazard-corpus.ts'

/** What is there and changes, under the application that runs: H9, H11, H13; and what cannot be read. */
export const changeCases: readonly HazardCase[] = [
  // H9
  {
    id: 'H9',
    title: 'a column',
    by: 'a person',
    sql: 'ALTER TABLE recruits RENAME nick TO handle;',
    finds: ['H9'],
    squawk: 'sees it',
  },
  {
    id: 'H9',
    title: 'a table',
    by: 'a person',
    sql: 'ALTER TABLE IF EXISTS "recruits" RENAME TO "people";',
    finds: ['H9'],
    squawk: 'sees it',
  },
  {
    id: 'H9',
    title: 'a table into another schema',
    by: 'a person',
    sql: 'CREATE SCHEMA archive;\nALTER TABLE badges SET SCHEMA archive;',
    finds: ['H9'],
    squawk: 'is blind',
  },
  {
    id: 'H9',
    title: 'a value of an enum',
    by: 'a person',
    sql: `ALTER TYPE "Mood" RENAME VALUE 'busy' TO 'at work';`,
    finds: ['H9'],
    squawk: 'is blind',
  },
  {
    id: 'H9',
    title: 'an index and a constraint',
    by: 'Prisma',
    sql: `ALTER INDEX "recruits_name_idx" RENAME TO "names";\nALTER TABLE "recruits" RENAME CONSTRAINT "recruits_pkey" TO "people_pkey";`,
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H9',
    title: 'a table, with a view in its place',
    by: 'a person',
    sql: 'ALTER TABLE recruits RENAME TO people;\nCREATE VIEW recruits AS SELECT * FROM people;',
    finds: [],
    squawk: 'alarms for nothing',
  },
  // H11
  {
    id: 'H11',
    title: 'a field that becomes a BigInt',
    by: 'Prisma',
    sql: '-- AlterTable\nALTER TABLE "recruits" ALTER COLUMN "age" SET DATA TYPE BIGINT;',
    finds: ['H11'],
    squawk: 'sees it',
  },
  {
    id: 'H11',
    title: 'text to varchar(10)',
    by: 'a person',
    sql: 'ALTER TABLE recruits ALTER email TYPE varchar(10);',
    finds: ['H11'],
    squawk: 'sees it',
  },
  {
    id: 'H11',
    title: 'an enum that loses a value',
    by: 'Prisma',
    sql: `BEGIN;
CREATE TYPE "Mood_new" AS ENUM ('calm');
ALTER TABLE "recruits" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "recruits" ALTER COLUMN "mood" TYPE "Mood_new" USING ("mood"::text::"Mood_new");
ALTER TYPE "Mood" RENAME TO "Mood_old";
ALTER TYPE "Mood_new" RENAME TO "Mood";
DROP TYPE "Mood_old";
COMMIT;`,
    finds: ['H11'],
    squawk: 'sees it',
  },
  {
    id: 'H11',
    title: 'a longer varchar, then text; a wider numeric',
    by: 'Prisma',
    sql: `ALTER TABLE "recruits" ALTER COLUMN "nick" SET DATA TYPE VARCHAR(40);
ALTER TABLE "recruits" ALTER COLUMN "nick" SET DATA TYPE TEXT, ALTER COLUMN "score" SET DATA TYPE NUMERIC(8,2);`,
    finds: [],
    squawk: 'alarms for nothing',
  },
  {
    id: 'H11',
    title: 'a finer timestamp',
    by: 'a person',
    sql: 'ALTER TABLE recruits ALTER COLUMN joined TYPE timestamp(6);',
    finds: [],
    squawk: 'alarms for nothing',
  },
  // H13
  {
    id: 'H13',
    title: 'a backfill of all rows',
    by: 'a person',
    sql: "UPDATE recruits SET email = 'recruit-' || id || '@example.com' WHERE email IS NULL;",
    finds: ['H13'],
    squawk: 'is blind',
  },
  {
    id: 'H13',
    title: 'rows by a condition, after the column',
    by: 'a person',
    sql: 'BEGIN;\nALTER TABLE recruits ADD COLUMN phone TEXT;\nUPDATE recruits SET phone = nick WHERE age > 20;\nCOMMIT;',
    finds: ['H13'],
    squawk: 'is blind',
  },
  {
    id: 'H13',
    title: 'rows of another table, after the column',
    by: 'a person',
    sql: 'BEGIN;\nALTER TABLE recruits ADD COLUMN phone TEXT;\nINSERT INTO badges (id) SELECT id FROM recruits;\nCOMMIT;',
    finds: ['H13'],
    squawk: 'is blind',
  },
  {
    id: 'H13',
    title: 'some rows, in a file of their own',
    by: 'a person',
    sql: "UPDATE recruits SET mood = 'busy' WHERE id BETWEEN 1 AND 1000;",
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H13',
    title: 'rows after the column, in a transaction of their own',
    by: 'a person',
    sql: 'ALTER TABLE recruits ADD COLUMN phone TEXT;\nUPDATE recruits SET phone = nick WHERE age > 20;',
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H13',
    title: 'the rows of a table that is new',
    by: 'a person',
    sql: "CREATE TABLE colours (name TEXT PRIMARY KEY);\nINSERT INTO colours VALUES ('red'), ('blue');\nUPDATE colours SET name = upper(name);",
    finds: [],
    squawk: 'is silent',
  },
  // ?
  {
    id: '?',
    title: 'SQL that is built when it runs',
    by: 'a person',
    sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || (SELECT relname FROM pg_class LIMIT 1) || ' ADD COLUMN x INT'; END $$;",
    finds: ['?'],
    squawk: 'is blind',
  },
]
