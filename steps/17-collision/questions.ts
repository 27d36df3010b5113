import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'order',
    when: [{ kind: 'history', on: 'dev', is: 'out of order' }],
    choices: {
      a: { why: 'It does not look: `status` says that all is well.' },
      b: { why: 'It should be so; but `dev` runs what is pending, also where it is older.' },
      c: { seen: [{ kind: 'history', on: 'dev', is: 'out of order' }] },
    },
  },
] satisfies Questions
