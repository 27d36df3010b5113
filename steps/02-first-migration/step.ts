import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'The first migration',
  todo: [
    'npm run migrate -- dev --name create_recruits  writes a migration and runs it on DEV.',
    'Read the new file in prisma/migrations: it is plain SQL.',
    'npm run psql -- -c "\\d recruits"  shows the table in DEV.',
  ],
  dev: { deploy: true },
  checks: [{ kind: 'migrations' }, { kind: 'live', on: 'dev' }, { kind: 'history', on: 'dev', always: true }],
} satisfies Step
