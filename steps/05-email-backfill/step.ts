import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'An email address: then a value for everyone',
  todo: [
    'npm run migrate -- dev --create-only --name backfill_personal_email_address  makes an empty migration.',
    'Write an UPDATE into it that gives each recruit without an address one of their own.',
    'npm run migrate -- deploy  runs it on DEV.',
  ],
  dev: { deploy: true },
  checks: [
    { kind: 'schema', always: true },
    { kind: 'migrations', always: true },
    { kind: 'trial' },
    { kind: 'recruits', on: 'dev', atLeast: 5, filled: 'personal_email_address' },
    { kind: 'history', on: 'dev', always: true },
  ],
} satisfies Step
