import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 2: the new name in the model, and a migration that loses nothing',
  todo: [
    'Rename the field in the model to rocketchatUser, and map it to rocketchat_user. Rename it in seeds/recruits.ts too.',
    'Prisma’s own script is DROP COLUMN and ADD COLUMN: every value would be lost.',
    'Write the migration by hand: ALTER TABLE "recruits" RENAME COLUMN …',
    'On DEV it is done already, so only say so:  npm run migrate -- resolve --applied NAME',
  ],
  dev: { resolve: true },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'live', on: 'dev', always: true },
    { kind: 'history', on: 'dev', always: true },
  ],
} satisfies Step
