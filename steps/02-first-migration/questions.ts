import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'notes',
    when: [{ kind: 'history', on: 'dev', is: 'applied' }],
    choices: {
      a: { why: 'The files lie there; but one folder serves two databases, and each has had something else.' },
      b: {
        seen: [{ kind: 'table', on: 'dev', table: '_prisma_migrations', is: 'missing' }],
        why: 'It would have to guess: many histories lead to the same tables.',
      },
      c: { seen: [{ kind: 'table', on: 'dev', table: '_prisma_migrations', is: 'there' }] },
    },
  },
] satisfies Questions
