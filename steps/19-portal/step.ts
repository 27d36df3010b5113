import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'The portal: 26 tables that lean on each other',
  todo: [
    'Take three files out of the tag:  git checkout step-19-portal -- prisma/schema.prisma prisma/migrations/20250203090000_add_portal seeds/portal.ts',
    'Give the migration a later date than yours, with git mv, as in the collision lab.',
    'npm run migrate -- deploy    npm run seed:portal',
    'npm run migrate -- deploy --env prod    npm run seed:portal -- --env prod',
  ],
  bonus: true,
  dev: { deploy: true, seeds: ['portal'] },
  prod: { deploy: true, seeds: ['portal'] },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'file', path: 'seeds/portal.ts' },
    { kind: 'live', on: 'dev' },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'recruits', on: 'dev', cohort: 'Portal', atLeast: 200 },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod' },
    { kind: 'recruits', on: 'prod', cohort: 'Portal', atLeast: 200 },
    { kind: 'recruits', on: 'prod', cohort: 'C28', atLeast: 5, always: true },
    { kind: 'kept', on: 'prod', column: 'id_number', cohorts: ['C25', 'C26', 'C27'], always: true },
  ],
} satisfies Step
