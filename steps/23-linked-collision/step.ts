import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Linked tables: a rename and a view, on two branches',
  bonus: true,
  todo: [
    'Ann renames lessons.held_on on her branch. Ben makes a view of it on his, and both are right.',
    'Git merges them without a conflict. Ask before the merge:  npm run review -- --base ann/taught-on',
    'Ben’s file has not landed: he writes the new name into it.',
    'Leave everything as it was:  git switch -  , then  npm run db reset  and  npm run seed:portal',
  ],
  dev: { reset: true, seeds: ['portal'] },
  leavesNothing: true,
  checks: [
    { kind: 'schema', always: true },
    { kind: 'migrations', always: true },
    { kind: 'live', on: 'dev', always: true },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod', always: true },
  ],
} satisfies Step
