import { defineVerb } from '../../kit/terminal/verb.ts'
import { command, env, port } from './shared-options.ts'

/** What works on the two databases, in the order of use. */
export const databaseVerbs = {
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
    run: async ({ values, words, args }) => (await import('../commands/db.ts')).db(words, values, args),
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
    run: async ({ args }) => (await import('../commands/migrate.ts')).migrate(args),
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
    run: async ({ values, words }) => (await import('../commands/seed.ts')).seed(words, values),
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
    run: async ({ values }) => (await import('../commands/psql.ts')).psql(values),
  }),
  shell: defineVerb({
    does: 'a Node prompt with prisma connected',
    options: { ...env, command: { ...command, value: 'CODE', does: 'runs this and ends' } },
    examples: ['npm run shell', 'npm run shell -- --env prod -c "await prisma.recruit.count()"'],
    read: 'README.md, “Commands”',
    run: async ({ values }) => (await import('../commands/shell.ts')).shell(values),
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
    run: async ({ values }) => (await import('../commands/studio.ts')).studio(values),
  }),
}
