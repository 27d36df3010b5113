import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'An email address: first the column, still optional',
  todo: [
    'Add personalEmailAddress to the model as a required, unique field, and try  npm run migrate -- dev --name add_personal_email_address',
    'Prisma refuses: the five recruits on DEV have no address. Make the field optional: String? @unique.',
    'The same command again:  npm run migrate -- dev --name add_personal_email_address',
  ],
  dev: { deploy: true },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'live', on: 'dev' },
    { kind: 'history', on: 'dev', always: true },
  ],
} satisfies Step
