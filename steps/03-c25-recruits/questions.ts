import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'twice',
    when: [
      { kind: 'rows', on: 'dev', atLeast: 1 },
      { kind: 'noted', event: 'check', what: 'done' },
    ],
    choices: {
      a: {
        seen: [{ kind: 'rows', on: 'dev', cohort: 'C25', atLeast: 10 }],
        why: 'A plain `INSERT` does that, unless something unique stops it.',
      },
      b: { why: 'With a plain `INSERT` and a unique name, it would end so.' },
      c: { seen: [{ kind: 'rows', on: 'dev', cohort: 'C25', atLeast: 5, atMost: 9 }] },
    },
  },
] satisfies Questions
