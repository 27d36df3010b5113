import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'The collision lab: two clones, two migrations, one dev',
  todo: [
    'Make a clone for Ben inside of yours:  git clone . .workshop/ben    Its commands use the same DEV.',
    'Ben and Ann each add a column on a branch, with  npm run migrate -- dev  on the same DEV.',
    'Ann is merged first. Ben merges her work without a conflict, and Prisma applies his older migration after hers.',
    'Three ways out: re-date the file (git mv), baseline (migrate resolve --applied), replay (npm run db reset).',
    'Leave everything as it was:  git switch -  , then  npm run db reset  and the four seeds.',
  ],
  dev: { reset: true, seeds: ['c25', 'c26', 'c27', 'c28'] },
  leavesNothing: true,
  checks: [
    { kind: 'schema', always: true },
    { kind: 'migrations', always: true },
    { kind: 'live', on: 'dev', always: true },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'recruits', on: 'dev', cohort: 'C28', atLeast: 5, always: true },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod', always: true },
    { kind: 'kept', on: 'prod', column: 'id_number', cohorts: ['C25', 'C26', 'C27'], always: true },
  ],
} satisfies Step
