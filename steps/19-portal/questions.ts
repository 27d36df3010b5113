import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'waits',
    when: [{ kind: 'history', on: 'prod', is: 'applied', about: 'REFERENCES "recruits"' }],
    choices: {
      a: {
        seen: [{ kind: 'script', holds: 'REFERENCES "recruits"', is: 'missing' }],
        why: 'A foreign key locks two tables: its own, and the one that it points to.',
      },
      b: { why: 'A lock is on a table, and never on a database.' },
      c: { seen: [{ kind: 'script', holds: 'REFERENCES "recruits"', is: 'there' }] },
    },
  },
  {
    name: 'guard',
    when: [{ kind: 'rows', on: 'prod', table: 'skills', atLeast: 1 }],
    choices: {
      a: { why: 'The guard is told of each table that a migration makes, in the same transaction.' },
      b: {
        seen: [
          { kind: 'guard', on: 'prod', is: 'whole' },
          { kind: 'rows', on: 'prod', table: 'skills', atLeast: 30 },
        ],
      },
      c: { why: 'That foreign key says CASCADE: it would take the links along.' },
    },
  },
] satisfies Questions
