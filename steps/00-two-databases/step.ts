import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Two databases, and a blank start',
  todo: [
    'npm start  brings up both databases: DEV to experiment on, PROD to keep safe.',
    'Open prisma/schema.prisma: it has no model yet.',
    'npm run db status  says what is in each database: nothing.',
  ],
  checks: [
    { kind: 'schema' },
    { kind: 'history', on: 'dev', always: true },
    { kind: 'history', on: 'prod', always: true },
  ],
} satisfies Step
