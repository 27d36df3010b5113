import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 3, a deleted column: drift, by hand',
  todo: [
    'npm run psql  opens DEV. Drop a column by hand:  ALTER TABLE recruits DROP COLUMN id_number;',
    'npm run shell  and  await prisma.recruit.findFirst()  : P2022, the column id_number does not exist.',
    'npm run migrate -- dev  detects the drift, asks for an empty DEV, and stops. Nothing is changed.',
  ],
  dev: { typed: ['ALTER TABLE recruits DROP COLUMN id_number'] },
  checks: [{ kind: 'live', on: 'dev' }],
} satisfies Step
