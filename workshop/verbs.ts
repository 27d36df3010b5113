import { defineVerb, type Options, type Verb } from '../kit/terminal/verb.ts'

const env = { env: { type: 'string', value: 'dev|prod', does: 'which database; dev without it' } } as const
const command = { type: 'string', short: 'c' } as const
const port = { type: 'string', short: 'p', value: 'N' } as const

/** For a learner, in the order of use; then for those who maintain the workshop, or work in a team. */
export const groups = {
  'The exercise': ['start', 'read', 'predict', 'check', 'hint', 'goto'],
  'The two databases': ['db', 'migrate', 'seed', 'psql', 'shell', 'studio'],
  'The whole picture': ['drift', 'watch', 'board', 'report'],
  'In a team': ['review', 'release', 'backfill'],
  'Large tables': ['lab'],
  'The workshop itself': ['test', 'walkthrough', 'steps', 'bench'],
} as const

export type VerbName = (typeof groups)[keyof typeof groups][number]

/** Each verb, and all that is known of it. What it needs is loaded when it runs. */
export const verbs: Record<VerbName, Verb> = {
  start: defineVerb({
    does: 'both databases up, the client generated, what to type next',
    options: {},
    examples: ['npm start'],
    read: 'README.md, “Begin”',
    run: async () => (await import('./commands/start.ts')).start(),
  }),
  read: defineVerb({
    does: 'the walkthrough’s section of a step; without a word, of the step you are at',
    words: '[STEP]',
    options: {},
    examples: ['npm run read', 'npm run read 05'],
    read: 'README.md, “Commands”',
    run: async ({ words }) => (await import('./commands/read.ts')).read(words),
  }),
  check: defineVerb({
    does: 'what is done of a step, what is missing, what to type; without a word, of the step you are at',
    words: '[STEP]',
    options: {},
    examples: ['npm run check', 'npm run check 05'],
    read: 'README.md, “Commands”',
    run: async ({ words }) => (await import('./commands/check.ts')).check(words),
  }),
  predict: defineVerb({
    does: 'what a step asks before you type, your guess, and what happened; without a word, of the step you are at',
    words: '[STEP [CHOICE]]',
    options: {},
    examples: ['npm run predict', 'npm run predict 09 b'],
    read: 'docs/coach.md',
    run: async ({ words }) => (await import('./commands/predict.ts')).predict(words),
  }),
  hint: defineVerb({
    does: 'about the first thing that is missing, a little more each time; without a word, of the step you are at',
    words: '[STEP]',
    options: {},
    examples: ['npm run hint', 'npm run hint 05'],
    read: 'docs/coach.md',
    run: async ({ words }) => (await import('./commands/hint.ts')).hint(words),
  }),
  goto: defineVerb({
    does: 'to the end of a step: files, DEV and client; your work is saved first, PROD is never taken back',
    words: 'STEP',
    options: { 'dry-run': { type: 'boolean', does: 'tells what would happen, and does nothing' } },
    examples: ['npm run goto 05', 'npm run goto 05 -- --dry-run'],
    read: 'README.md, “Commands”',
    run: async ({ values, words }) => (await import('./commands/goto.ts')).goto(words, values['dry-run'] ?? false),
  }),
  db: defineVerb({
    does: 'the two servers, and what was set aside: up, down, status, url, reset, fresh, snapshots, restore NAME, ledger, adopt',
    words: 'WORD',
    options: {
      env: { ...env.env, does: 'one of the two; without it, both where that makes sense' },
      take: { type: 'boolean', does: 'with snapshots: makes a copy of PROD now' },
      disconnect: { type: 'boolean', does: 'with restore: ends the sessions that are in the way' },
    },
    examples: ['npm run db status', 'npm run db snapshots -- --take'],
    read: 'README.md, “Commands”',
    run: async ({ values, words, args }) => (await import('./commands/db.ts')).db(words, values, args),
  }),
  migrate: defineVerb({
    does: 'Prisma’s migrate on the right database; a deploy to PROD is copied, tried out and counted',
    words: 'dev|deploy|status|diff|resolve|baseline',
    options: {
      ...env,
      'dry-run': { type: 'boolean', does: 'with deploy to PROD: tries it out, and changes nothing' },
      yes: { type: 'boolean', does: 'with deploy to PROD: answers with yes what it asks' },
    },
    passesOnTo: 'Prisma:  npx prisma migrate --help',
    examples: ['npm run migrate -- dev --name add_cohort', 'npm run migrate -- deploy --env prod --dry-run'],
    read: 'WALKTHROUGH.md, sections 02 and 07',
    run: async ({ args }) => (await import('./commands/migrate.ts')).migrate(args),
  }),
  seed: defineVerb({
    does: 'the recruits of a cohort, as seeds/c26.ts makes them',
    words: ':COHORT',
    options: {
      ...env,
      count: { type: 'string', value: 'N', does: 'so many; five without it' },
      random: { type: 'boolean', does: 'new ones each time' },
      scale: { type: 'string', value: 'N', does: 'of the portal: 1 makes a million recruits; 0.01 without it' },
    },
    examples: [
      'npm run seed:c26',
      'npm run seed:c26 -- --env prod --count 1000 --random',
      'npm run seed:portal -- --scale 0.01',
    ],
    read: 'WALKTHROUGH.md, section 03',
    run: async ({ values, words }) => (await import('./commands/seed.ts')).seed(words, values),
  }),
  psql: defineVerb({
    does: 'an SQL prompt: your psql if there is one, else our own',
    options: {
      ...env,
      command: { ...command, multiple: true, value: 'SQL', does: 'runs this and ends' },
      file: { type: 'string', short: 'f', multiple: true, value: 'FILE', does: 'runs what stands in it, and ends' },
    },
    examples: ['npm run psql -- --env prod', 'npm run psql -- -c "SELECT count(*) FROM recruits"'],
    read: 'README.md, “Commands”',
    run: async ({ values }) => (await import('./commands/psql.ts')).psql(values),
  }),
  shell: defineVerb({
    does: 'a Node prompt with prisma connected',
    options: { ...env, command: { ...command, value: 'CODE', does: 'runs this and ends' } },
    examples: ['npm run shell', 'npm run shell -- --env prod -c "await prisma.recruit.count()"'],
    read: 'README.md, “Commands”',
    run: async ({ values }) => (await import('./commands/shell.ts')).shell(values),
  }),
  studio: defineVerb({
    does: 'Prisma Studio on the right database',
    options: {
      ...env,
      port: { ...port, does: 'where it listens' },
      browser: { type: 'string', short: 'b', value: 'NAME', does: 'which browser it opens; none for none' },
    },
    examples: ['npm run studio', 'npm run studio -- --env prod --browser none'],
    read: 'README.md, “Commands”',
    run: async ({ values }) => (await import('./commands/studio.ts')).studio(values),
  }),
  drift: defineVerb({
    does: 'what differs between models, migrations, DEV, PROD and client, and what to type',
    options: {
      env: { ...env.env, does: 'one of the two databases; both without it' },
      json: { type: 'boolean', does: 'for programs' },
      'exit-code': { type: 'boolean', does: 'ends with 2 where something differs' },
    },
    examples: ['npm run drift', 'npm run drift -- --env prod --exit-code'],
    read: 'WALKTHROUGH.md, section 08',
    run: async ({ values }) => (await import('./commands/drift.ts')).drift(values),
  }),
  watch: defineVerb({
    does: 'where you are and what is missing, in this terminal, live while you work in another one',
    options: {},
    examples: ['npm run watch'],
    read: 'docs/coach.md',
    run: async () => (await import('./commands/watch.ts')).watch(),
  }),
  board: defineVerb({
    does: 'the whole picture in a browser, live while you type',
    options: { port: { ...port, does: 'where it listens; 15430 without it' } },
    examples: ['npm run board', 'npm run board -- --port 15440'],
    read: 'README.md, “The board”',
    run: async ({ values }) => (await import('./board/board.ts')).board(values),
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
    run: async ({ values }) => (await import('./commands/report.ts')).report(values),
  }),
  review: defineVerb({
    does: 'judges a branch before it is merged: 0 accepted, 1 rejected, 2 could not judge',
    options: {
      base: { type: 'string', value: 'BRANCH', does: 'what it will be merged into; main without it' },
      mode: { type: 'string', value: 'reviewed|no-migrations', does: 'whether branches may bring migrations' },
      env: { ...env.env, does: 'looks at this database too; at none without it' },
      migrations: { type: 'string', value: 'FOLDER', does: 'where they lie; prisma/migrations without it' },
      staged: { type: 'boolean', does: 'the branch ends with what is staged' },
      'files-only': { type: 'boolean', does: 'reads the files alone, in a moment' },
      json: { type: 'boolean', does: 'for programs' },
      github: { type: 'boolean', does: 'as annotations of a pull request' },
    },
    examples: ['npm run review -- --base main', 'npm run review -- --mode no-migrations --files-only'],
    read: 'docs/review.md',
    wrongWords: 2,
    run: async ({ values }) => (await import('./commands/review.ts')).review(values),
  }),
  release: defineVerb({
    does: 'makes the migrations that PROD needs, off PROD itself, and commits them',
    options: {
      env: { ...env.env, value: 'prod', does: 'has to be there' },
      name: { type: 'string', value: 'NAME', does: 'of the migration: small letters, digits and _' },
      base: { type: 'string', value: 'BRANCH', does: 'where releases are made; main without it' },
      rename: { type: 'string', multiple: true, value: 'TABLE.OLD=NEW', does: 'is a rename, no drop' },
      drop: {
        type: 'string',
        multiple: true,
        value: 'TABLE.COLUMN',
        does: 'goes; its values are kept in schema archive',
      },
      backfill: { type: 'string', multiple: true, value: 'TABLE.COLUMN=SQL', does: 'fills it in rows that are there' },
      'without-downtime': { type: 'boolean', does: 'a column that is renamed has both names until the next release' },
      'at-once': { type: 'boolean', does: 'big tables too by one UPDATE: for a PROD that stands still' },
    },
    examples: [
      'npm run release -- --env prod --name add_nickname',
      'npm run release -- --env prod --name rename_chat --rename recruits.chatname=rocketchat_user',
    ],
    read: 'docs/releases.md',
    run: async ({ values, args }) => (await import('./commands/release.ts')).release(values, args),
  }),
  backfill: defineVerb({
    does: 'fills a column of a big table in short batches, while everybody goes on working',
    words: '[TABLE.COLUMN] [EXPRESSION]',
    options: {
      ...env,
      where: { type: 'string', value: 'SQL', does: 'of the rows without a value, only those for which it is true' },
      share: { type: 'string', value: 'PERCENT', does: 'how much of the time it works; 50 without it' },
      'dry-run': { type: 'boolean', does: 'tries one batch, takes it back, and says how long all would take' },
      restart: { type: 'boolean', does: 'takes another expression than it began with; what is filled stays' },
    },
    examples: [
      'npm run backfill recruits.rocketchat_user "lower(first_name)" -- --env prod',
      'npm run backfill recruits.rocketchat_user -- --env prod --dry-run',
      'npm run backfill -- --env prod',
    ],
    read: 'docs/backfill.md',
    run: async ({ values, words }) => (await import('./commands/backfill.ts')).backfill(words, values),
  }),
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
    run: async ({ values, words }) => (await import('./commands/lab.ts')).lab(words, values),
  }),
  test: defineVerb({
    does: 'everything that is promised: format, lint, types, and tests on real servers',
    words: '[WORD]',
    options: {},
    passesOnTo: 'Jest',
    examples: ['npm test', 'npm test -- drift'],
    read: 'CONTRIBUTING.md, “The tests”',
    run: async ({ args }) => (await import('./commands/test.ts')).test(args),
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
    run: async ({ values, words }) => (await import('./commands/walkthrough.ts')).walkthrough(words, values),
  }),
  steps: defineVerb({
    does: 'the steps and their tags: check, build, push',
    words: 'check|build|push',
    options: {},
    examples: ['npm run steps check', 'npm run steps build'],
    read: 'CONTRIBUTING.md, “Steps and tags”',
    run: async ({ words }) => (await import('./commands/steps.ts')).steps(words),
  }),
  bench: defineVerb({
    does: 'one measurement of bench/, side by side; --check compares the last ones with what is promised',
    words: 'NAME',
    options: {},
    passesOnTo: 'the measurement',
    examples: ['npm run bench commands', 'npm run bench -- --check'],
    read: 'CONTRIBUTING.md',
    run: async ({ args }) => (await import('./commands/bench.ts')).bench(args),
  }),
}

/** What a verb was called before, and what it is called now. */
export const formerly: Record<string, VerbName> = { guard: 'review' }

/** Flags of Prisma's that `migrate` passes on; npm takes them for its own all the same. */
export const prismaFlags: Options = Object.fromEntries(
  [
    ['name', 'string'],
    ['create-only', 'boolean'],
    ['applied', 'string'],
    ['rolled-back', 'string'],
    ['exit-code', 'boolean'],
    ['script', 'boolean'],
    ['from-empty', 'boolean'],
    ['from-migrations', 'string'],
    ['from-schema', 'string'],
    ['from-config-datasource', 'boolean'],
    ['to-empty', 'boolean'],
    ['to-migrations', 'string'],
    ['to-schema', 'string'],
    ['to-config-datasource', 'boolean'],
  ].map(([flag, type]) => [flag!, { type: type as 'string' | 'boolean', does: 'Prisma’s own' }]),
)
