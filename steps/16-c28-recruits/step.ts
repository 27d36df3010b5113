import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 3: the C28, on dev and on prod, with nothing lost',
  todo: [
    'Write seeds/c28.ts, then  npm run seed:c28',
    'npm run migrate -- deploy --env prod',
    'npm run seed:c28 -- --env prod',
  ],
  dev: { seeds: ['c28'] },
  prod: { deploy: true, seeds: ['c28'] },
  checks: [
    { kind: 'file', path: 'seeds/c28.ts' },
    { kind: 'recruits', on: 'dev', cohort: 'C28', atLeast: 5 },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod', always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C28', atLeast: 5, always: true },
    { kind: 'kept', on: 'prod', column: 'id_number', cohorts: ['C25', 'C26', 'C27'], always: true },
  ],
} satisfies Step
