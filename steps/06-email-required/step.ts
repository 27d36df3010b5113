import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'An email address: at last required',
  todo: [
    'Make the field required: String @unique.',
    'npm run migrate -- dev --name require_personal_email_address  writes SET NOT NULL, and now it runs.',
    'Let seeds/recruits.ts give each new recruit an address.',
  ],
  dev: { deploy: true },
  checks: [
    { kind: 'schema' },
    { kind: 'migrations' },
    { kind: 'live', on: 'dev' },
    { kind: 'history', on: 'dev', always: true },
  ],
} satisfies Step
