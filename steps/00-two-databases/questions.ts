import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'empty',
    when: [{ kind: 'noted', event: 'check', what: 'done' }],
    choices: {
      a: { why: 'Many tools ask, and somebody who is tired answers yes.' },
      b: { seen: [{ kind: 'guard', on: 'prod', is: 'whole' }] },
      c: { why: 'On dev the same command does exactly that.' },
    },
  },
] satisfies Questions
