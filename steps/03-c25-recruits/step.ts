import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Create the recruits of the C25',
  todo: [
    'Write seeds/recruits.ts, which invents a recruit, and seeds/c25.ts, which adds five of them.',
    'npm run seed:c25  adds them to DEV. Type it again: nobody is added twice.',
  ],
  dev: { seeds: ['c25'] },
  checks: [
    { kind: 'file', path: 'seeds/c25.ts' },
    { kind: 'recruits', on: 'dev', cohort: 'C25', atLeast: 5 },
    { kind: 'live', on: 'dev', always: true },
  ],
} satisfies Step
