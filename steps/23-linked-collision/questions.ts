import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'merge',
    when: [
      {
        kind: 'either',
        of: [
          [{ kind: 'history', on: 'dev', is: 'failed', about: 'lesson_days' }],
          [{ kind: 'history', on: 'dev', is: 'applied', about: 'lesson_days' }],
        ],
      },
    ],
    choices: {
      a: { why: 'Git compares lines, and these two changes have no line in common.' },
      b: {
        seen: [{ kind: 'history', on: 'dev', is: 'applied', about: 'lesson_days' }],
        why: 'Each of the two runs on the main that it was written for.',
      },
      c: { seen: [{ kind: 'history', on: 'dev', is: 'failed', about: 'lesson_days' }] },
    },
  },
] satisfies Questions
