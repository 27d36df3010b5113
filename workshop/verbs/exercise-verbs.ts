import { defineVerb } from '../../kit/terminal/verb.ts'

/** What a learner types on the way from step to step, in the order of use. */
export const exerciseVerbs = {
  start: defineVerb({
    does: 'both databases up, the client generated, what to type next',
    options: {},
    examples: ['npm start'],
    read: 'README.md, “Begin”',
    run: async () => (await import('../commands/start.ts')).start(),
  }),
  read: defineVerb({
    does: 'the walkthrough’s section of a step; without a word, of the step you are at',
    words: '[STEP]',
    options: {},
    examples: ['npm run read', 'npm run read 05'],
    read: 'README.md, “Commands”',
    run: async ({ words }) => (await import('../commands/read.ts')).read(words),
  }),
  predict: defineVerb({
    does: 'what a step asks before you type, your guess, and what happened; without a word, of the step you are at',
    words: '[STEP [CHOICE]]',
    options: {},
    examples: ['npm run predict', 'npm run predict 09 b'],
    read: 'docs/coach.md',
    run: async ({ words }) => (await import('../commands/predict.ts')).predict(words),
  }),
  check: defineVerb({
    does: 'what is done of a step, what is missing, what to type; without a word, of the step you are at',
    words: '[STEP]',
    options: {},
    examples: ['npm run check', 'npm run check 05'],
    read: 'README.md, “Commands”',
    run: async ({ words }) => (await import('../commands/check.ts')).check(words),
  }),
  hint: defineVerb({
    does: 'about the first thing that is missing, a little more each time; without a word, of the step you are at',
    words: '[STEP]',
    options: {},
    examples: ['npm run hint', 'npm run hint 05'],
    read: 'docs/coach.md',
    run: async ({ words }) => (await import('../commands/hint.ts')).hint(words),
  }),
  goto: defineVerb({
    does: 'to the end of a step: files, DEV and client; your work is saved first, PROD is never taken back',
    words: 'STEP',
    options: { 'dry-run': { type: 'boolean', does: 'tells what would happen, and does nothing' } },
    examples: ['npm run goto 05', 'npm run goto 05 -- --dry-run'],
    read: 'README.md, “Commands”',
    run: async ({ values, words }) => (await import('../commands/goto.ts')).goto(words, values['dry-run'] ?? false),
  }),
}
