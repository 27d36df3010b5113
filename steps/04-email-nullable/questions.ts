import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'theirs',
    when: [{ kind: 'column', on: 'dev', column: 'personal_email_address', is: 'there' }],
    choices: {
      a: { seen: [{ kind: 'column', on: 'dev', column: 'personal_email_address', is: 'optional' }] },
      b: { why: 'A default could; but one default for all is not unique.' },
      c: {
        seen: [
          { kind: 'column', on: 'dev', column: 'personal_email_address', is: 'required' },
          { kind: 'rows', on: 'dev', without: 'personal_email_address', atLeast: 1 },
        ],
        why: 'Some databases do so; but five empty texts would not be unique.',
      },
    },
  },
] satisfies Questions
