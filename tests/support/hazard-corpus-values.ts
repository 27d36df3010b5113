import type { HazardCase } from './hazard-corpus.ts'

/** What loses values, or cannot succeed: H1, H5, H7, H8, H10. */
export const valueCases: readonly HazardCase[] = [
  // H1
  {
    id: 'H1',
    title: 'a required field',
    by: 'Prisma',
    sql: '-- AlterTable\nALTER TABLE "recruits" ADD COLUMN     "phone" TEXT NOT NULL;\n',
    finds: ['H1'],
    squawk: 'sees it',
  },
  {
    id: 'H1',
    title: 'among other parts, and DEFAULT NULL is none',
    by: 'a person',
    sql: 'alter table public.recruits add phone text default null::text not null, add shoe int;',
    finds: ['H1'],
    squawk: 'is blind',
  },
  {
    id: 'H1',
    title: 'in a DO block, as a primary key',
    by: 'a person',
    sql: 'DO $$ BEGIN IF true THEN ALTER TABLE badges ADD COLUMN code uuid PRIMARY KEY; END IF; END $$;',
    finds: ['H1', 'H6'],
    squawk: 'is blind',
  },
  {
    id: 'H1',
    title: 'with a constant default that goes away again',
    by: 'Prisma',
    sql: `ALTER TABLE "recruits" ADD COLUMN "phone" TEXT NOT NULL DEFAULT '';\nALTER TABLE "recruits" ALTER COLUMN "phone" DROP DEFAULT;`,
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H1',
    title: 'in a table that the file before makes',
    by: 'Prisma',
    sql: ['CREATE TABLE "notes" ("id" INTEGER NOT NULL);', 'ALTER TABLE "notes" ADD COLUMN "text" TEXT NOT NULL;'],
    finds: [],
    squawk: 'alarms for nothing',
  },
  // H5
  {
    id: 'H5',
    title: '@unique on a field with values',
    by: 'Prisma',
    sql: '-- CreateIndex\nCREATE UNIQUE INDEX "recruits_email_key" ON "recruits"("email");\n',
    finds: ['H4', 'H5'],
    squawk: 'is blind',
  },
  {
    id: 'H5',
    title: 'as a constraint',
    by: 'a person',
    sql: 'ALTER TABLE recruits ADD CONSTRAINT one_nick UNIQUE (nick);',
    finds: ['H5', 'H6'],
    squawk: 'is blind',
  },
  {
    id: 'H5',
    title: 'CONCURRENTLY, over an expression',
    by: 'a person',
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY one_email ON recruits (lower(email));',
    finds: ['H5'],
    squawk: 'is blind',
  },
  {
    id: 'H5',
    title: 'a unique column with the same default for everyone',
    by: 'a person',
    sql: "ALTER TABLE recruits ADD COLUMN handle TEXT DEFAULT 'none' UNIQUE;",
    finds: ['H5', 'H6'],
    squawk: 'is blind',
  },
  {
    id: 'H5',
    title: 'on the same columns twice, after a backfill',
    by: 'a person',
    sql: [
      'ALTER TABLE recruits ADD COLUMN handle TEXT;',
      'UPDATE recruits SET handle = lower(name) WHERE age > 1;',
      'CREATE UNIQUE INDEX CONCURRENTLY handles ON recruits (handle);',
    ],
    finds: ['H5'],
    squawk: 'is blind',
  },
  {
    id: 'H5',
    title: 'after a look for duplicates',
    by: 'a person',
    sql: [
      `DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM recruits GROUP BY email HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'two recruits share an address';
  END IF;
END $$;`,
      'CREATE UNIQUE INDEX CONCURRENTLY "recruits_email_key" ON "recruits"("email");',
    ],
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H5',
    title: 'on columns that hold the primary key, and on one that is new and empty',
    by: 'Prisma',
    sql: [
      'CREATE UNIQUE INDEX CONCURRENTLY "a" ON "recruits"("cohort_id", "id");',
      'ALTER TABLE "recruits" ADD COLUMN "handle" TEXT;',
      'CREATE UNIQUE INDEX CONCURRENTLY "b" ON "recruits"("handle");',
    ],
    finds: [],
    squawk: 'is silent',
  },
  // H7
  {
    id: 'H7',
    title: 'an index in a transaction with the column that it is for',
    by: 'a person',
    sql: 'BEGIN;\nALTER TABLE recruits ADD COLUMN phone TEXT;\nCREATE INDEX CONCURRENTLY phones ON recruits (phone);\nCOMMIT;',
    finds: ['H7'],
    squawk: 'sees it',
  },
  {
    id: 'H7',
    title: 'an index beside the column, each committed by itself',
    by: 'a person',
    sql: 'ALTER TABLE recruits ADD COLUMN phone TEXT;\nCREATE INDEX CONCURRENTLY phones ON recruits (phone);',
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H7',
    title: 'DROP INDEX CONCURRENTLY beside a setting',
    by: 'a person',
    sql: "SET lock_timeout = '5s';\nDROP INDEX CONCURRENTLY recruits_name_idx;",
    finds: ['H7'],
    squawk: 'is blind',
  },
  {
    id: 'H7',
    title: 'REINDEX CONCURRENTLY, twice',
    by: 'a person',
    sql: 'REINDEX INDEX CONCURRENTLY recruits_name_idx;\nREINDEX TABLE CONCURRENTLY cohorts;',
    finds: ['H7'],
    squawk: 'is blind',
  },
  {
    id: 'H7',
    title: 'alone in its file',
    by: 'a person',
    sql: '-- Prisma writes no CONCURRENTLY: a person adds it.\nCREATE INDEX CONCURRENTLY phones ON recruits (age);\n',
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H7',
    title: 'in two files',
    by: 'a person',
    sql: ['DROP INDEX CONCURRENTLY IF EXISTS recruits_name_idx', 'CREATE INDEX CONCURRENTLY names ON recruits (name);'],
    finds: [],
    squawk: 'is silent',
  },
  // H8
  {
    id: 'H8',
    title: 'a renamed field',
    by: 'Prisma',
    sql: `/*
  Warnings:
  - You are about to drop the column \`nick\` on the \`recruits\` table. All the data in the column will be lost.
*/
-- AlterTable
ALTER TABLE "recruits" DROP COLUMN "nick",
ADD COLUMN     "handle" VARCHAR(20);`,
    finds: ['H8'],
    squawk: 'is blind',
  },
  {
    id: 'H8',
    title: 'a renamed, required field',
    by: 'Prisma',
    sql: 'ALTER TABLE "recruits" DROP COLUMN "name",\nADD COLUMN "full_name" TEXT NOT NULL;',
    finds: ['H1', 'H8'],
    squawk: 'is blind',
  },
  {
    id: 'H8',
    title: 'in two statements, of a wider type',
    by: 'a person',
    sql: 'ALTER TABLE recruits ADD COLUMN years bigint;\nALTER TABLE recruits DROP COLUMN age;',
    finds: ['H8'],
    squawk: 'is blind',
  },
  {
    id: 'H8',
    title: 'the values are copied over first',
    by: 'a person',
    sql: [
      'ALTER TABLE recruits ADD COLUMN handle VARCHAR(20);',
      'UPDATE recruits SET handle = nick WHERE id > 0;\nUPDATE recruits SET handle = nick;',
      'ALTER TABLE recruits DROP COLUMN nick;',
    ],
    finds: ['H13'],
    squawk: 'is silent',
  },
  {
    id: 'H8',
    title: 'RENAME COLUMN',
    by: 'a person',
    sql: 'ALTER TABLE "recruits" RENAME COLUMN "nick" TO "handle";',
    finds: ['H9'],
    squawk: 'is silent',
  },
  // H10
  {
    id: 'H10',
    title: 'a field taken out of the model',
    by: 'Prisma',
    sql: '-- AlterTable\nALTER TABLE "recruits" DROP COLUMN "nick";',
    finds: ['H10'],
    squawk: 'sees it',
  },
  {
    id: 'H10',
    title: 'a model taken out',
    by: 'Prisma',
    sql: '-- DropTable\nDROP TABLE "badges";',
    finds: ['H10'],
    squawk: 'sees it',
  },
  {
    id: 'H10',
    title: 'a schema with all that is in it',
    by: 'a person',
    sql: 'DROP SCHEMA IF EXISTS old CASCADE;',
    finds: ['H10'],
    squawk: 'is blind',
  },
  {
    id: 'H10',
    title: 'TRUNCATE, hidden in a DO block',
    by: 'a person',
    sql: "DO $$ BEGIN EXECUTE 'TRUNCATE recruits CASCADE'; END $$;",
    finds: ['H10'],
    squawk: 'is blind',
  },
  {
    id: 'H10',
    title: 'a type, with the columns that use it',
    by: 'a person',
    sql: 'DROP TYPE "Mood" CASCADE;',
    finds: ['H10'],
    squawk: 'is blind',
  },
  {
    id: 'H10',
    title: 'all rows',
    by: 'a person',
    sql: 'DELETE FROM badges;',
    finds: ['H10', 'H13'],
    squawk: 'is blind',
  },
  {
    id: 'H10',
    title: 'an archive that is dropped again, and one with a part of the rows',
    by: 'a person',
    sql: [
      `CREATE TABLE kept AS SELECT id, nick FROM recruits;\nDROP TABLE kept;\nALTER TABLE recruits DROP COLUMN nick;`,
      `CREATE TABLE few AS SELECT id, email FROM recruits WHERE age > 3;\nALTER TABLE recruits DROP COLUMN email;`,
    ],
    finds: ['H10'],
    squawk: 'sees it',
  },
  {
    id: 'H10',
    title: 'the values stand in schema archive',
    by: 'a person',
    sql: `CREATE SCHEMA IF NOT EXISTS archive;
CREATE TABLE IF NOT EXISTS archive.recruits (id INTEGER PRIMARY KEY, nick TEXT);
INSERT INTO archive.recruits (id, nick) SELECT id, nick FROM recruits
ON CONFLICT (id) DO UPDATE SET nick = EXCLUDED.nick;
ALTER TABLE recruits DROP COLUMN nick;`,
    finds: [],
    squawk: 'alarms for nothing',
  },
  {
    id: 'H10',
    title: 'a table that an earlier file copied, and one that nobody has used yet',
    by: 'a person',
    sql: [
      'CREATE SCHEMA archive;\nCREATE TABLE archive.badges AS TABLE badges;',
      'DROP TABLE badges;',
      'CREATE TABLE "try" ("id" INTEGER NOT NULL);\nDROP TABLE "try";',
    ],
    finds: [],
    squawk: 'alarms for nothing',
  },
]
