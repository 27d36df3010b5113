import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Linked tables: a required column that points to another table',
  bonus: true,
  todo: [
    'On DEV somebody has added reviews.project_id by hand, and filled a part of it. Look at it, and take it away again.',
    'In the model, a review gets a required project. Commit that.',
    'Ask main:  npm run release -- --env prod --name review_project    The value stands two tables away.',
    'Deploy what it writes, on DEV and on PROD.',
  ],
  dev: { deploy: true },
  prod: { deploy: true },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'live', on: 'dev' },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'live', on: 'prod' },
    { kind: 'history', on: 'prod', always: true },
    {
      kind: 'each',
      on: 'prod',
      table: 'reviews',
      what: 'each review has the project of its submission',
      holds:
        't.project_id = (SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = t.submission_id)',
      mend: 'UPDATE reviews SET project_id = (SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = reviews.submission_id);',
    },
  ],
} satisfies Step
