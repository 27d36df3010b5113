import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'prod',
    when: [
      {
        kind: 'either',
        of: [[{ kind: 'history', on: 'prod', is: 'applied' }], [{ kind: 'history', on: 'prod', is: 'failed' }]],
      },
    ],
    choices: {
      a: {
        seen: [
          { kind: 'history', on: 'prod', is: 'applied', atLeast: 2 },
          { kind: 'history', on: 'prod', is: 'failed', about: 'personal_email_address', atLeast: 0, atMost: 0 },
          { kind: 'history', on: 'prod', is: 'rolled back', about: 'personal_email_address', atLeast: 0, atMost: 0 },
        ],
      },
      b: {
        seen: [{ kind: 'history', on: 'prod', is: 'applied', atLeast: 1, atMost: 1 }],
        why: 'A file says what changes, and not what the table is in the end.',
      },
      c: {
        seen: [
          {
            kind: 'either',
            of: [
              [{ kind: 'history', on: 'prod', is: 'failed', about: 'personal_email_address' }],
              [{ kind: 'history', on: 'prod', is: 'rolled back', about: 'personal_email_address' }],
            ],
          },
        ],
        why: 'They were about the rows on dev, and prod has none yet.',
      },
    },
  },
] satisfies Questions
