import { defineVerb } from '../../kit/terminal/verb.ts'

/** What those type who maintain the workshop. */
export const houseVerbs = {
  test: defineVerb({
    does: 'everything that is promised: format, lint, types, and tests on real servers',
    words: '[WORD]',
    options: {},
    passesOnTo: 'Jest',
    examples: ['npm test', 'npm test -- drift'],
    read: 'CONTRIBUTING.md, “The tests”',
    run: async ({ args }) => (await import('../commands/test.ts')).test(args),
  }),
  walkthrough: defineVerb({
    does: 'executes WALKTHROUGH.md, and compares every output',
    words: '[FILE]',
    options: {
      from: { type: 'string', value: 'STEP', does: 'its first section' },
      to: { type: 'string', value: 'STEP', does: 'its last section' },
      record: { type: 'boolean', does: 'writes the outputs into the document' },
    },
    examples: ['npm run walkthrough -- --from 07 --to 09', 'npm run walkthrough -- --record'],
    read: 'CONTRIBUTING.md, “The walkthrough”',
    run: async ({ values, words }) => (await import('../commands/walkthrough.ts')).walkthrough(words, values),
  }),
  steps: defineVerb({
    does: 'the steps and their tags: check, build, push',
    words: 'check|build|push',
    options: {},
    examples: ['npm run steps check', 'npm run steps build'],
    read: 'CONTRIBUTING.md, “Steps and tags”',
    run: async ({ words }) => (await import('../commands/steps.ts')).steps(words),
  }),
  bench: defineVerb({
    does: 'one measurement of bench/, side by side; --check compares the last ones with what is promised',
    words: 'NAME',
    options: {},
    passesOnTo: 'the measurement',
    examples: ['npm run bench commands', 'npm run bench -- --check'],
    read: 'CONTRIBUTING.md',
    run: async ({ args }) => (await import('../commands/bench.ts')).bench(args),
  }),
}
