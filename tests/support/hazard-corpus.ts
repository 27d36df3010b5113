import type { HazardId } from '../../kit/hazards/hazard-ids.ts'
import { changeCases } from './hazard-corpus-changes.ts'
import { failureCases } from './hazard-corpus-failures.ts'
import { fileCases } from './hazard-corpus-file.ts'
import { lockCases } from './hazard-corpus-locks.ts'
import { meaningCases } from './hazard-corpus-meaning.ts'
import { placeCases } from './hazard-corpus-place.ts'
import { valueCases } from './hazard-corpus-values.ts'

/** One or more migrations that stand on `base`, and what is found in them. */
export interface HazardCase {
  /** The hazard that it is about. */
  id: HazardId
  title: string
  /** Prisma's own SQL, or a person's. */
  by: 'Prisma' | 'a person'
  /** The files, in order. */
  sql: string | string[]
  /** All that is found, each id once; nothing in a good case. H23, which is about the file, stands in its own cases alone. */
  finds: HazardId[]
  /** What squawk-cli alone finds of `id` in the same files. */
  squawk: 'sees it' | 'is blind' | 'is silent' | 'alarms for nothing'
}

/** What has landed before: tables with rows in them. */
export const base = `
CREATE TYPE "Mood" AS ENUM ('calm', 'busy');
CREATE TABLE "cohorts" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "cohorts_pkey" PRIMARY KEY ("id"));
CREATE TABLE "recruits" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "nick" VARCHAR(20),
    "age" INTEGER,
    "score" NUMERIC(5,2),
    "mood" "Mood" NOT NULL DEFAULT 'calm',
    "joined" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cohort_id" INTEGER,

    CONSTRAINT "recruits_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "recruits_name_idx" ON "recruits"("name");
CREATE TABLE "badges" ("id" INTEGER NOT NULL, "number" INTEGER);
`

export const corpus: readonly HazardCase[] = [
  ...failureCases,
  ...valueCases,
  ...lockCases,
  ...changeCases,
  ...placeCases,
  ...meaningCases,
  ...fileCases,
]

export function filesOf({ sql }: Pick<HazardCase, 'sql'>): { name: string; sql: string }[] {
  return [sql].flat().map((text, i) => ({ name: `2025020100000${i}_file`, sql: text }))
}
