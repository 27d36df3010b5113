import type { Options } from '../kit/terminal/verb.ts'
import { databaseVerbs } from './verbs/database-verbs.ts'
import { exerciseVerbs } from './verbs/exercise-verbs.ts'
import { houseVerbs } from './verbs/house-verbs.ts'
import { labVerbs } from './verbs/lab-verbs.ts'
import { pictureVerbs } from './verbs/picture-verbs.ts'
import { teamVerbs } from './verbs/team-verbs.ts'

/** For a learner, in the order of use; then for those who work in a team, or maintain the workshop. */
export const groups = {
  'The exercise': exerciseVerbs,
  'The two databases': databaseVerbs,
  'The whole picture': pictureVerbs,
  'In a team': teamVerbs,
  'Large tables': labVerbs,
  'The workshop itself': houseVerbs,
}

/** Each verb, and all that is known of it. What it needs is loaded when it runs. */
export const verbs = {
  ...exerciseVerbs,
  ...databaseVerbs,
  ...pictureVerbs,
  ...teamVerbs,
  ...labVerbs,
  ...houseVerbs,
}

export type VerbName = keyof typeof verbs

/** What a verb was called before, and what it is called now. */
export const formerly: Record<string, VerbName> = { guard: 'review' }

/** Flags of Prisma's that `migrate` passes on; npm takes them for its own all the same. */
export const prismaFlags: Options = Object.fromEntries(
  [
    ['name', 'string'],
    ['create-only', 'boolean'],
    ['applied', 'string'],
    ['rolled-back', 'string'],
    ['exit-code', 'boolean'],
    ['script', 'boolean'],
    ['from-empty', 'boolean'],
    ['from-migrations', 'string'],
    ['from-schema', 'string'],
    ['from-config-datasource', 'boolean'],
    ['to-empty', 'boolean'],
    ['to-migrations', 'string'],
    ['to-schema', 'string'],
    ['to-config-datasource', 'boolean'],
  ].map(([flag, type]) => [flag!, { type: type as 'string' | 'boolean', does: 'Prisma’s own' }]),
)
