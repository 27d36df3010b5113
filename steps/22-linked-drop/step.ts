import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Linked tables: a column that goes, and a view that leans on it',
  bonus: true,
  todo: [
    'On DEV somebody has dropped devices.serial with CASCADE. See what went along.',
    'Take serial out of the model. A model says nothing of the view device_register, and a release asks for it.',
    'Ask main:  npm run release -- --env prod --name drop_serial    Values go into the archive, and the view is made anew.',
    'npm run db reset  makes DEV again, then  npm run seed:portal    And deploy on PROD.',
  ],
  dev: { reset: true, seeds: ['portal'] },
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
