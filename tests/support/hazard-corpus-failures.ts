import type { HazardCase } from './hazard-corpus.ts'

/** What cannot succeed on a table with rows: H1, H5, H7. */
export const failureCases: readonly HazardCase[] = [
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
]
