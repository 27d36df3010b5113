import { defineVerb } from '../../kit/terminal/verb.ts'
import { env, port } from './shared-options.ts'

/** What shows all layers at once, and how far somebody is. */
export const pictureVerbs = {
  drift: defineVerb({
    does: 'what differs between models, migrations, DEV, PROD and client, and what to type',
    options: {
      env: { ...env.env, does: 'one of the two databases; both without it' },
      json: { type: 'boolean', does: 'for programs' },
      'exit-code': { type: 'boolean', does: 'ends with 2 where something differs' },
    },
    examples: ['npm run drift', 'npm run drift -- --env prod --exit-code'],
    read: 'WALKTHROUGH.md, section 08',
    run: async ({ values }) => (await import('../commands/drift.ts')).drift(values),
  }),
  watch: defineVerb({
    does: 'where you are and what is missing, in this terminal, live while you work in another one',
    options: {},
    examples: ['npm run watch'],
    read: 'docs/coach.md',
    run: async () => (await import('../commands/watch.ts')).watch(),
  }),
  board: defineVerb({
    does: 'the whole picture in a browser, live while you type',
    options: { port: { ...port, does: 'where it listens; 15430 without it' } },
    examples: ['npm run board', 'npm run board -- --port 15440'],
    read: 'README.md, “The board”',
    run: async ({ values }) => (await import('../board/board.ts')).board(values),
  }),
  report: defineVerb({
    does: 'one page on all that was done, each step and each value checked anew',
    options: {
      export: { type: 'boolean', does: 'writes one file for a marker, who makes the page anew from it' },
      from: { type: 'string', value: 'FILE', does: 'makes the page from such a file' },
      class: { type: 'string', value: 'FOLDER', does: 'one table of all such files of a folder, and a page of each' },
      into: { type: 'string', value: 'FOLDER', does: 'where the pages are written; report without it' },
    },
    examples: ['npm run report', 'npm run report -- --from FILE'],
    read: 'docs/marking.md',
    run: async ({ values }) => (await import('../commands/report.ts')).report(values),
  }),
}
