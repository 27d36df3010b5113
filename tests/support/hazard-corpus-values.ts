import type { HazardCase } from './hazard-corpus.ts'

/** What loses values: H8, H10. */
export const valueCases: readonly HazardCase[] = [
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
    title: 'a collation and a routine, with the columns that use them',
    by: 'a person',
    sql: ['DROP COLLATION german CASCADE;', 'DROP ROUTINE shout CASCADE;'],
    finds: ['H10'],
    squawk: 'is blind',
  },
  {
    id: 'H10',
    title: 'an attribute of a composite type',
    by: 'a person',
    sql: 'ALTER TYPE address DROP ATTRIBUTE town CASCADE;',
    finds: ['H10'],
    squawk: 'is blind',
  },
  {
    id: 'H10',
    title: 'an attribute that comes, and one with a new name',
    by: 'a person',
    sql: 'ALTER TYPE address ADD ATTRIBUTE zip TEXT CASCADE;\nALTER TYPE address RENAME ATTRIBUTE town TO city;',
    finds: [],
    squawk: 'is silent',
  },
  {
    id: 'H10',
    title: 'all rows, and all rows beside a SELECT',
    by: 'a person',
    sql: ['DELETE FROM badges;', 'WITH gone AS (DELETE FROM cohorts RETURNING *) SELECT count(*) FROM gone;'],
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
