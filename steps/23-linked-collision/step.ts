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
    {
      kind: 'each',
      on: 'prod',
      table: 'reviews',
      what: 'each review has the project of its submission',
      holds:
        't.project_id = (SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = t.submission_id)',
      mend: 'UPDATE reviews SET project_id = (SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = reviews.submission_id);',
      always: true,
    },
    {
      kind: 'each',
      on: 'prod',
      table: 'offers',
      what: 'each offer of the portal has the partner that it had',
      holds: 't.salary <> 15000 + t.id % 20000 OR t.partner_id = 1 + t.id % 50',
      mend: 'UPDATE offers SET partner_id = 1 + id % 50 WHERE salary = 15000 + id % 20000;',
      always: true,
    },
  ],
} satisfies Step
