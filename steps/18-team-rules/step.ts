import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'The rules of a team',
  todo: [
    'Work on feature branches, and let no feature branch hold a migration file: two branches would contradict each other.',
    'Write the rule into prisma/.gitignore, so that git does not even offer your trial migrations:  /migrations/*',
    'When main is deployed, the migration is made there, off the real database:  npm run release -- --env prod --name …',
  ],
  checks: [
    { kind: 'file', path: 'prisma/.gitignore', holds: '/migrations/*' },
    { kind: 'schema', always: true },
    { kind: 'migrations', always: true },
    { kind: 'history', on: 'prod', always: true },
    { kind: 'live', on: 'prod', always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C26', atLeast: 5, always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C27', atLeast: 5, always: true },
    { kind: 'recruits', on: 'prod', cohort: 'C28', atLeast: 5, always: true },
    { kind: 'kept', on: 'prod', column: 'id_number', cohorts: ['C25', 'C26', 'C27'], always: true },
  ],
} satisfies Step
