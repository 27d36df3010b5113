import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'query',
    when: [
      { kind: 'drift', on: 'dev', is: 'there' },
      { kind: 'column', on: 'dev', column: 'rocketchat_user', is: 'there' },
    ],
    choices: {
      a: {
        seen: [{ kind: 'query', on: 'dev', is: 'works' }],
        why: 'They are there, under a name that nobody asks for.',
      },
      b: { seen: [{ kind: 'query', on: 'dev', is: 'fails' }] },
      c: { why: 'Prisma asks for the column by name; the database has no empty answer for that.' },
    },
  },
  {
    name: 'migrate',
    when: [
      {
        kind: 'either',
        of: [
          [{ kind: 'noted', event: 'deploy', what: 'refused', on: 'dev' }],
          [{ kind: 'noted', event: 'check', what: 'done' }],
        ],
      },
      { kind: 'column', on: 'dev', column: 'rocketchat_user', is: 'there' },
    ],
    choices: {
      a: {
        seen: [
          { kind: 'drift', on: 'dev', is: 'there' },
          { kind: 'script', holds: 'rocketchat_user', is: 'missing' },
        ],
      },
      b: {
        seen: [
          { kind: 'drift', on: 'dev', is: 'missing' },
          { kind: 'script', holds: 'rocketchat_user', is: 'missing' },
        ],
        why: 'No model has; `dev` compares the database, too.',
      },
      c: {
        seen: [{ kind: 'script', holds: 'rocketchat_user', is: 'there' }],
        why: 'You know that it is the same column; two pictures do not show it.',
      },
    },
  },
] satisfies Questions
