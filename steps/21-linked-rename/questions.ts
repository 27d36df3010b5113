import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'inside',
    when: [{ kind: 'table', on: 'dev', table: 'partners', is: 'there' }],
    choices: {
      a: {
        seen: [{ kind: 'table', on: 'dev', table: 'offer_cards', is: 'missing' }],
        why: 'A view is kept as what was read of its text, and not as its text.',
      },
      b: { why: 'They hold numbers of tables and columns, and numbers stay.' },
      c: { seen: [{ kind: 'table', on: 'dev', table: 'offer_cards', is: 'there' }] },
    },
  },
  {
    name: 'script',
    when: [{ kind: 'file', path: 'prisma/schema.prisma', holds: '@@map("partners")', is: 'there' }],
    choices: {
      a: { seen: [{ kind: 'difference', says: 'Removed tables' }] },
      b: { why: 'A person would, and Prisma compares a picture of before with one of after.' },
      c: { why: 'It compares the names of indexes and constraints too, and of all else.' },
    },
  },
] satisfies Questions
