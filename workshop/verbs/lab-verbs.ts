import { defineVerb } from '../../kit/terminal/verb.ts'

/** What shows migrations on large tables. */
export const labVerbs = {
  lab: defineVerb({
    does: 'a migration under traffic, on a portal of its own with a million rows: what it does to those who work meanwhile',
    words: 'naive|expand|rename|queue|index|type|open|compare|remove',
    options: {
      scale: { type: 'string', value: 'N', does: '1 makes a million recruits; 0.1 without it' },
      rate: { type: 'string', value: 'N', does: 'operations a second; 200 without it' },
      connections: { type: 'string', value: 'N', does: 'of the application; 16 without it' },
      trouble: { type: 'string', value: 'duplicates|nulls', does: 'with expand: rows that make the last step fail' },
      yes: { type: 'boolean', does: 'asks nothing' },
    },
    examples: ['npm run lab naive', 'npm run lab expand -- --scale 0.01'],
    read: 'docs/lab.md',
    run: async ({ values, words }) => (await import('../commands/lab.ts')).lab(words, values),
  }),
}
