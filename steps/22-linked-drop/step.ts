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
  ],
} satisfies Step
