import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 1: the column in the model, and in a migration that can run',
  todo: [
    'Add a required field cohort to the model.',
    'Prisma’s own script, ADD COLUMN … NOT NULL, would fail on PROD, where there are rows.',
    'Write the migration by hand: a default for those who are there, and then no default any more.',
    'Those are two statements, and Prisma commits each by itself: put BEGIN; and COMMIT; around them.',
    'npm run db reset  makes DEV again from the migrations, without chort.',
    'Let the seeds give each recruit a cohort, then  npm run seed:c25',
  ],
  dev: { reset: true, seeds: ['c25'] },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'live', on: 'dev' },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'recruits', on: 'dev', cohort: 'C25', atLeast: 5, filled: 'cohort' },
  ],
} satisfies Step
