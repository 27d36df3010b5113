import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'dev',
    when: [{ kind: 'noted', event: 'deploy', what: 'refused', on: 'dev' }],
    choices: {
      a: { why: 'You know that it is meant to be the same; no picture of the tables shows it.' },
      b: {
        seen: [
          { kind: 'script', holds: 'cohort', is: 'there' },
          { kind: 'column', on: 'dev', column: 'chort', is: 'there' },
        ],
        why: 'It does that where dev is what its migrations made.',
      },
      c: {
        seen: [
          { kind: 'script', holds: 'cohort', is: 'missing' },
          { kind: 'column', on: 'dev', column: 'chort', is: 'there' },
        ],
      },
    },
  },
  {
    name: 'prod',
    when: [
      {
        kind: 'either',
        of: [
          [{ kind: 'noted', event: 'deploy', what: 'refused', on: 'prod' }],
          [{ kind: 'history', on: 'prod', is: 'failed', about: 'cohort' }],
          [{ kind: 'history', on: 'prod', is: 'rolled back', about: 'cohort' }],
          [{ kind: 'history', on: 'prod', is: 'applied', about: 'cohort' }],
        ],
      },
    ],
    choices: {
      a: {
        seen: [
          { kind: 'history', on: 'prod', is: 'applied', about: 'cohort' },
          { kind: 'history', on: 'prod', is: 'rolled back', about: 'cohort', atLeast: 0, atMost: 0 },
          { kind: 'rows', on: 'prod', without: 'cohort', atLeast: 0, atMost: 0 },
        ],
        why: 'An empty table has no row that could be without a value; prod has five.',
      },
      b: {
        seen: [
          {
            kind: 'either',
            of: [
              [{ kind: 'history', on: 'prod', is: 'applied', about: 'cohort', atLeast: 0, atMost: 0 }],
              [{ kind: 'history', on: 'prod', is: 'rolled back', about: 'cohort' }],
            ],
          },
        ],
      },
      c: {
        seen: [
          { kind: 'rows', on: 'prod', without: 'cohort', atLeast: 1 },
          { kind: 'history', on: 'prod', is: 'applied', about: 'cohort' },
        ],
        why: 'For that the column would need a `DEFAULT`.',
      },
    },
  },
  {
    name: 'half',
    when: [{ kind: 'history', on: 'prod', is: 'failed', about: 'cohort' }],
    choices: {
      a: { seen: [{ kind: 'column', on: 'prod', column: 'cohort', is: 'optional' }] },
      b: {
        seen: [{ kind: 'column', on: 'prod', column: 'cohort', is: 'required' }],
        why: 'The second statement is the one that failed.',
      },
      c: {
        seen: [{ kind: 'column', on: 'prod', column: 'cohort', is: 'missing' }],
        why: 'One transaction would be; Prisma sends a file statement by statement.',
      },
    },
  },
] satisfies Questions
