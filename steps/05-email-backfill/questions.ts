import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'require',
    when: [
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
        seen: [
          { kind: 'column', on: 'dev', column: 'personal_email_address', is: 'required' },
          { kind: 'rows', on: 'dev', without: 'personal_email_address', atLeast: 1 },
        ],
        why: 'With a `DEFAULT` it would fill in something, and you have given none.',
      },
      b: { why: 'The column is, and no recruit has a value in it.' },
      c: { seen: [{ kind: 'column', on: 'dev', column: 'personal_email_address', is: 'optional' }] },
    },
  },
] satisfies Questions
