import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'back',
    when: [{ kind: 'noted', event: 'check', what: 'done' }],
    choices: {
      a: { seen: [{ kind: 'column', on: 'dev', column: 'rocketchat_user', is: 'there' }] },
      b: { why: 'A column has one name; nobody keeps the old one.' },
      c: {
        seen: [{ kind: 'column', on: 'dev', column: 'chatname', is: 'there' }],
        why: 'Git moves files, and a database is none.',
      },
    },
  },
  {
    name: 'seed',
    when: [{ kind: 'rows', on: 'prod', cohort: 'C27', atLeast: 1 }],
    choices: {
      a: {
        seen: [{ kind: 'rows', on: 'prod', cohort: 'C27', without: 'rocketchat_user', atLeast: 1 }],
        why: 'The seed gives one, and names its column.',
      },
      b: {
        seen: [{ kind: 'column', on: 'prod', column: 'rocketchat_user', is: 'missing' }],
        why: 'Dev has the column under its new name; prod has it not.',
      },
      c: { seen: [{ kind: 'rows', on: 'prod', cohort: 'C27', atLeast: 1, with: 'rocketchat_user' }] },
    },
  },
  {
    name: 'deploy',
    when: [
      {
        kind: 'either',
        of: [
          [{ kind: 'history', on: 'prod', is: 'applied', about: 'rocketchat_user' }],
          [{ kind: 'history', on: 'prod', is: 'failed', about: 'rocketchat_user' }],
        ],
      },
    ],
    choices: {
      a: {
        seen: [{ kind: 'history', on: 'prod', is: 'failed', about: 'rocketchat_user' }],
        why: 'On dev the work was done by hand; on prod it is still to do.',
      },
      b: {
        seen: [
          { kind: 'rows', on: 'prod', atLeast: 1, with: 'rocketchat_user' },
          { kind: 'rows', on: 'prod', without: 'rocketchat_user', atLeast: 0, atMost: 0 },
        ],
      },
      c: {
        seen: [{ kind: 'rows', on: 'prod', without: 'rocketchat_user', atLeast: 1 }],
        why: 'Prisma’s own script would have done that.',
      },
    },
  },
] satisfies Questions
