import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'table',
    when: [{ kind: 'file', path: 'prisma/schema.prisma', holds: 'model Recruit', is: 'there' }],
    choices: {
      a: {
        seen: [
          {
            kind: 'either',
            of: [
              [{ kind: 'table', on: 'dev', table: 'recruits', is: 'missing' }],
              [{ kind: 'history', on: 'dev', is: 'applied' }],
            ],
          },
        ],
      },
      b: { why: '“Valid” sounds as if somebody had asked the database; only the file was read.' },
      c: {
        seen: [
          { kind: 'table', on: 'dev', table: 'recruits', is: 'there' },
          { kind: 'history', on: 'dev', is: 'applied', atLeast: 0, atMost: 0 },
        ],
        why: 'Some frameworks make the tables when the program starts.',
      },
    },
  },
] satisfies Questions
