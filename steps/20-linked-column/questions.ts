import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'parts',
    when: [{ kind: 'history', on: 'prod', is: 'applied', about: 'reviews_project_id_fkey' }],
    choices: {
      // The migration of step 19 speaks of reviews too.
      a: {
        seen: [{ kind: 'history', on: 'prod', is: 'applied', about: '"reviews"', atLeast: 2, atMost: 2 }],
        why: 'On an empty table that works, and the reviews of PROD are there before their projects.',
      },
      b: { seen: [{ kind: 'history', on: 'prod', is: 'applied', about: '"reviews"', atLeast: 3 }] },
      c: { why: 'A tool cannot know it, and so a release asks for an expression.' },
    },
  },
] satisfies Questions
