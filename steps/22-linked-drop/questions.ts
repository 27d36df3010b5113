import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'along',
    when: [{ kind: 'drift', on: 'dev', is: 'there' }],
    choices: {
      a: {
        seen: [{ kind: 'table', on: 'dev', table: 'device_register', is: 'there' }],
        why: 'The index goes, and a view that shows the column could not be read any more.',
      },
      b: { seen: [{ kind: 'table', on: 'dev', table: 'device_register', is: 'missing' }] },
      c: { why: 'Nothing points to a serial, and rows of other tables stay in any case.' },
    },
  },
] satisfies Questions
