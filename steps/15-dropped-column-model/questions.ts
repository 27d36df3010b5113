import type { Questions } from '../../workshop/coach/question.ts'

export default [
  {
    name: 'migrate',
    when: [{ kind: 'script', holds: 'DROP COLUMN "id_number"', is: 'there' }],
    choices: {
      a: { seen: [{ kind: 'rows', on: 'dev', atLeast: 1 }] },
      b: { why: 'It leaves that to you; and on prod nobody asks.' },
      c: {
        seen: [{ kind: 'rows', on: 'dev', atLeast: 0, atMost: 0 }],
        why: 'So it is where dev has no rows, whatever prod holds.',
      },
    },
  },
  {
    name: 'keep',
    when: [{ kind: 'noted', event: 'check', what: 'done' }],
    choices: {
      a: { why: 'A copy is for accidents: one number would bring all of an old prod back.' },
      b: {
        seen: [{ kind: 'column', on: 'dev', column: 'id_number', is: 'there' }],
        why: 'Then each new program would have to write it for ever.',
      },
      c: { seen: [{ kind: 'rows', on: 'dev', table: 'archive.recruits', atLeast: 1 }] },
    },
  },
] satisfies Questions
