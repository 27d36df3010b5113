import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'who',
    when: [{ kind: 'file', path: 'prisma/.gitignore', holds: '/migrations/*', is: 'there' }],
    choices: {
      a: { why: 'Then there would be two again.' },
      b: { seen: [{ kind: 'file', path: 'prisma/.gitignore', holds: '/migrations/*', is: 'there' }] },
      c: { why: '`deploy` runs files, and writes none.' },
    },
  },
] satisfies Questions
