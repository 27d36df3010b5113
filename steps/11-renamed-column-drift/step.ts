import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 2, a renamed column: drift, by hand',
  todo: [
    'npm run psql  opens DEV. Rename a column by hand:  ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user;',
    'npm run shell  and  await prisma.recruit.findFirst()  : P2022, the column chatname does not exist.',
    'npm run migrate -- dev  detects the drift, asks for an empty DEV, and stops. Nothing is changed.',
  ],
  dev: { typed: ['ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user'] },
  checks: [{ kind: 'live', on: 'dev' }],
} satisfies Step
