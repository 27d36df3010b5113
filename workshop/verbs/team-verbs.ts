import { defineVerb } from '../../kit/terminal/verb.ts'
import { env } from './shared-options.ts'

/** What a team does with its migrations, from a branch to a big column. */
export const teamVerbs = {
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
    run: async ({ values }) => (await import('../commands/review.ts')).review(values),
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
    run: async ({ values, args }) => (await import('../commands/release.ts')).release(values, args),
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
    run: async ({ values, words }) => (await import('../commands/backfill.ts')).backfill(words, values),
  }),
}
