import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'back',
    when: [{ kind: 'noted', event: 'check', what: 'done' }],
    choices: {
      a: {
        seen: [{ kind: 'rows', on: 'dev', atLeast: 1, with: 'id_number' }],
        why: 'It would empty dev first, and lose all the other values as well.',
      },
      b: {
        seen: [
          {
            kind: 'either',
            of: [
              [{ kind: 'column', on: 'dev', column: 'id_number', is: 'missing' }],
              [{ kind: 'rows', on: 'dev', without: 'id_number', atLeast: 1 }],
            ],
          },
        ],
      },
      c: { why: 'Git keeps files, and never rows.' },
    },
  },
  {
    name: 'query',
    when: [{ kind: 'column', on: 'dev', column: 'id_number', is: 'missing' }],
    choices: {
      a: {
        seen: [{ kind: 'query', on: 'dev', is: 'works' }],
        why: 'Prisma leaves out what the model lacks, and the model has it.',
      },
      b: { why: 'To be empty, the column would have to be there.' },
      c: { seen: [{ kind: 'query', on: 'dev', is: 'fails' }] },
    },
  },
  {
    name: 'migrate',
    when: [
      { kind: 'column', on: 'dev', column: 'id_number', is: 'missing' },
      { kind: 'drift', on: 'dev', is: 'there' },
      {
        kind: 'either',
        of: [
          [{ kind: 'noted', event: 'deploy', what: 'refused', on: 'dev' }],
          [{ kind: 'noted', event: 'check', what: 'done' }],
        ],
      },
    ],
    choices: {
      a: {
        seen: [{ kind: 'history', on: 'dev', is: 'pending' }],
        why: 'That would close the gap; Prisma would rather make dev anew.',
      },
      b: {
        seen: [
          { kind: 'history', on: 'dev', is: 'pending', atLeast: 0, atMost: 0 },
          { kind: 'history', on: 'dev', is: 'failed', atLeast: 0, atMost: 0 },
        ],
      },
      c: { why: 'No model has; `dev` compares the database, too.' },
    },
  },
] satisfies Questions
