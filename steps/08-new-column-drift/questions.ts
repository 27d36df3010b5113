import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'query',
    when: [{ kind: 'drift', on: 'dev', is: 'there' }],
    choices: {
      a: {
        seen: [
          { kind: 'query', on: 'dev', is: 'works' },
          { kind: 'file', path: 'prisma/schema.prisma', holds: 'chort', is: 'there' },
        ],
        why: '`SELECT *` would show it, and Prisma never sends that.',
      },
      b: {
        seen: [
          { kind: 'query', on: 'dev', is: 'works' },
          { kind: 'file', path: 'prisma/schema.prisma', holds: 'chort', is: 'missing' },
        ],
      },
      c: {
        seen: [{ kind: 'query', on: 'dev', is: 'fails' }],
        why: 'A column that is missing breaks a query; one too many is never asked for.',
      },
    },
  },
  {
    name: 'migrate',
    when: [
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
      a: { why: 'They do, and `status` looks no further; `dev` looks at the tables.' },
      b: {
        seen: [{ kind: 'script', holds: 'chort', is: 'there' }],
        why: 'That would make dev fit again; Prisma would rather make dev anew.',
      },
      c: {
        seen: [
          { kind: 'script', holds: 'chort', is: 'missing' },
          { kind: 'history', on: 'dev', is: 'pending', atLeast: 0, atMost: 0 },
        ],
      },
    },
  },
  {
    name: 'run',
    when: [{ kind: 'noted', event: 'check', what: 'done' }],
    choices: {
      a: {
        seen: [
          { kind: 'column', on: 'dev', column: 'chort', is: 'there' },
          { kind: 'history', on: 'dev', is: 'pending', atLeast: 0, atMost: 0 },
        ],
      },
      b: {
        seen: [{ kind: 'column', on: 'dev', column: 'chort', is: 'missing' }],
        why: 'It runs files that are pending; it repairs nothing.',
      },
      c: {
        seen: [{ kind: 'history', on: 'dev', is: 'failed' }],
        why: 'It could; but it looks at names, and never at a table.',
      },
    },
  },
] satisfies Questions
