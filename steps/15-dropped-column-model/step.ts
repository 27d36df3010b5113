import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 3: the column out of the model, and its values into an archive',
  todo: [
    'Take idNumber out of the model and out of seeds/recruits.ts.',
    'Prisma’s own script is DROP COLUMN: on PROD every id number would be lost.',
    'Write the migration by hand: copy id and id_number to archive.recruits, then drop the column.',
    'All in one transaction (BEGIN; … COMMIT;) that locks the table first, so that nothing is written in between.',
    'npm run db reset  makes DEV again from the migrations. Then  npm run seed:c25,  seed:c26  and  seed:c27',
  ],
  dev: { reset: true, seeds: ['c25', 'c26', 'c27'] },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'live', on: 'dev', always: true },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'recruits', on: 'dev', cohort: 'C27', atLeast: 5, always: true },
  ],
} satisfies Step
