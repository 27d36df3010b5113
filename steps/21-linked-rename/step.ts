import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Linked tables: another name for what others lean on',
  bonus: true,
  todo: [
    'On DEV somebody has renamed companies to partners and offers.company_id to partner_id. See what broke inside of DEV.',
    'In the model, Company becomes Partner, and an offer has a partner. Prisma’s own script would drop both.',
    'Ask main:  npm run release -- --env prod --name partners    It asks twice whether it is a rename.',
    'Give DEV its old names back, and deploy what the release writes, on DEV and on PROD.',
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
      table: 'offers',
      what: 'each offer of the portal has the partner that it had',
      holds: 't.salary <> 15000 + t.id % 20000 OR t.partner_id = 1 + t.id % 50',
      mend: 'UPDATE offers SET partner_id = 1 + id % 50 WHERE salary = 15000 + id % 20000;',
    },
  ],
} satisfies Step
