import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'seed',
    when: [{ kind: 'rows', on: 'dev', cohort: 'C28', atLeast: 1 }],
    choices: {
      a: { why: 'That was the error of sections 10 and 13; now code and table have changed places.' },
      b: {
        seen: [
          {
            kind: 'either',
            of: [
              [{ kind: 'column', on: 'prod', column: 'id_number', is: 'required' }],
              [{ kind: 'rows', on: 'prod', table: 'archive.recruits', atLeast: 1 }],
            ],
          },
        ],
      },
      c: {
        seen: [{ kind: 'column', on: 'prod', column: 'id_number', is: 'optional' }],
        why: 'It would, were the column optional.',
      },
    },
  },
  {
    name: 'deploy',
    when: [
      {
        kind: 'either',
        of: [
          [{ kind: 'column', on: 'prod', column: 'id_number', is: 'missing' }],
          [{ kind: 'noted', event: 'deploy', what: 'refused', on: 'prod' }],
        ],
      },
    ],
    choices: {
      a: { seen: [{ kind: 'rows', on: 'prod', table: 'archive.recruits', atLeast: 1 }] },
      b: {
        seen: [
          { kind: 'column', on: 'prod', column: 'id_number', is: 'missing' },
          { kind: 'table', on: 'prod', table: 'archive.recruits', is: 'missing' },
        ],
        why: 'Prisma’s own script would have done that.',
      },
      c: {
        seen: [{ kind: 'column', on: 'prod', column: 'id_number', is: 'there' }],
        why: 'What is counted are the values, wherever they stand; these stay.',
      },
    },
  },
] satisfies Questions
