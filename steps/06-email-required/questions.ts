import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'seed',
    when: [{ kind: 'column', on: 'dev', column: 'personal_email_address', is: 'required' }],
    choices: {
      a: { seen: [{ kind: 'rows', on: 'dev', without: 'personal_email_address', atLeast: 0, atMost: 0 }] },
      b: {
        seen: [{ kind: 'rows', on: 'dev', without: 'personal_email_address', atLeast: 1 }],
        why: 'Up to here it did: the column was optional.',
      },
      c: { why: 'A column with a default gives one, and this one has none.' },
    },
  },
] satisfies Questions
