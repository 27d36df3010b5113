import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Situation 1, a new column: drift, by hand',
  todo: [
    'npm run psql  opens DEV. Add a column by hand, name and all:  ALTER TABLE recruits ADD COLUMN chort TEXT;',
    "Everyone is in the C25:  UPDATE recruits SET chort = 'C25 Data Eng';",
    'npm run shell  and  await prisma.recruit.findFirst()  : it works, and does not see the column.',
    'npm run migrate -- dev  detects the drift, asks for an empty DEV, and stops. Nothing is changed.',
  ],
  dev: { typed: ['ALTER TABLE recruits ADD COLUMN chort TEXT', "UPDATE recruits SET chort = 'C25 Data Eng'"] },
  checks: [
    { kind: 'live', on: 'dev' },
    { kind: 'recruits', on: 'dev', atLeast: 5, filled: 'chort' },
  ],
} satisfies Step
