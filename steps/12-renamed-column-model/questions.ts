import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'script',
    when: [{ kind: 'file', path: 'prisma/schema.prisma', holds: 'rocketchat_user', is: 'there' }],
    choices: {
      a: { why: 'Somebody careful writes that; Prisma compares tables, never rows.' },
      b: { why: 'A person would; Prisma compares a picture of before with one of after.' },
      c: { seen: [{ kind: 'difference', says: 'Removed column `chatname`' }] },
    },
  },
  {
    name: 'deploy',
    when: [
      {
        kind: 'either',
        of: [
          [{ kind: 'history', on: 'dev', is: 'failed', about: 'rocketchat_user' }],
          [{ kind: 'history', on: 'dev', is: 'rolled back', about: 'rocketchat_user' }],
          [{ kind: 'history', on: 'dev', is: 'applied', about: 'rocketchat_user' }],
        ],
      },
    ],
    choices: {
      a: {
        seen: [
          { kind: 'history', on: 'dev', is: 'applied', about: 'rocketchat_user' },
          { kind: 'history', on: 'dev', is: 'rolled back', about: 'rocketchat_user', atLeast: 0, atMost: 0 },
        ],
        why: '`RENAME COLUMN` has no `IF EXISTS`: without the old name it fails.',
      },
      b: {
        seen: [
          {
            kind: 'either',
            of: [
              [{ kind: 'history', on: 'dev', is: 'failed', about: 'rocketchat_user' }],
              [{ kind: 'history', on: 'dev', is: 'rolled back', about: 'rocketchat_user' }],
            ],
          },
        ],
      },
      c: { why: '`deploy` looks at no table; you have to tell it.' },
    },
  },
] satisfies Questions
