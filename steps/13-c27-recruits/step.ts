import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 2: the C27, on dev and on prod',
  todo: [
    'Write seeds/c27.ts, then  npm run seed:c27',
    'npm run migrate -- deploy --env prod',
    'npm run seed:c27 -- --env prod',
  ],
  dev: { seeds: ['c27'] },
  prod: { deploy: true, seeds: ['c27'] },
  checks: [
    { kind: 'file', path: 'seeds/c27.ts' },
    { kind: 'recruits', on: 'dev', cohort: 'C27', atLeast: 5 },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod', always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C25', atLeast: 5, filled: 'rocketchat_user', always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C27', atLeast: 5, always: true },
  ],
} satisfies Step
