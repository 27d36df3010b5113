import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'seed',
    when: [{ kind: 'rows', on: 'prod', cohort: 'C26', atLeast: 1 }],
    choices: {
      a: {
        seen: [
          { kind: 'column', on: 'prod', column: 'cohort', is: 'optional' },
          { kind: 'rows', on: 'prod', without: 'cohort', atLeast: 1 },
        ],
        why: 'Prisma leaves out what you leave out, and the seed names a cohort.',
      },
      b: {
        seen: [{ kind: 'column', on: 'prod', column: 'cohort', is: 'missing' }],
        why: 'A table takes each row that fits; this one has a column too many.',
      },
      c: { seen: [{ kind: 'column', on: 'prod', column: 'cohort', is: 'required' }] },
    },
  },
] satisfies Questions
