import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'All migrations, on prod',
  todo: [
    'npm run migrate -- deploy --env prod  runs every migration on PROD, in order.',
    'npm run seed:c25 -- --env prod  adds the C25, with their addresses.',
    'From here on nothing is ever deleted from PROD.',
  ],
  prod: { deploy: true, seeds: ['c25'] },
  checks: [
    { kind: 'live', on: 'prod' },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C25', atLeast: 5, filled: 'personal_email_address', always: true },
  ],
} satisfies Step
