import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 1: the C26, on dev and on prod',
  todo: [
    'Write seeds/c26.ts, then  npm run seed:c26',
    'npm run migrate -- deploy --env prod',
    'npm run seed:c26 -- --env prod',
  ],
  dev: { seeds: ['c26'] },
  prod: { deploy: true, seeds: ['c26'] },
  checks: [
    { kind: 'file', path: 'seeds/c26.ts' },
    { kind: 'recruits', on: 'dev', cohort: 'C26', atLeast: 5 },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod', always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C25', atLeast: 5, always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C26', atLeast: 5, always: true },
  ],
} satisfies Step
