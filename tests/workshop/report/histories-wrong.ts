import { archived, lay, migration, mine, both, pastGuard, schema, type History } from './histories.ts'

const dropAndAdd = `ALTER TABLE recruits DROP COLUMN chatname; ALTER TABLE recruits ADD COLUMN rocketchat_user text NOT NULL DEFAULT 'unknown';
ALTER TABLE recruits ALTER COLUMN rocketchat_user DROP DEFAULT;`
const create = 'prisma/migrations/20250106090000_create_recruits/migration.sql'

/** What submissions of such an exercise do wrong with migrations and schemas. */
export const wrongMigrations: History[] = [
  {
    name: 'a drop and an add in place of the rename',
    at: 10,
    did: [lay(12, schema, 'seeds'), ...pastGuard(dropAndAdd)],
    wrong: [
      /^C25: rocketchat_user, which was chatname, of 5 recruits changed: id 1 was "\S+", is "unknown"/,
      /^C26: rocketchat_user, which was chatname, of 5 recruits changed/,
      /^chatname, which is rocketchat_user then, is not kept: DROP COLUMN in \S+; ADD COLUMN rocketchat_user in \S+; .* 0 of 25 values kept/,
    ],
    shows: [/\| chatname \| rocketchat_user \| .* \| ✗ 0 of 25 .*\| ✗ 0 of 10/, /✗ .*dangerous/],
  },
  {
    name: 'a drop and an add, and the values typed by hand',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      ...pastGuard(dropAndAdd),
      { on: 'prod', sql: "UPDATE recruits SET rocketchat_user = lower(first_name || '.' || surname)" },
    ],
    wrong: [/^chatname, which is rocketchat_user then, is not kept/],
  },
  {
    name: 'a rename that copies another column',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      ...pastGuard(
        'ALTER TABLE recruits ADD rocketchat_user text; UPDATE recruits SET rocketchat_user = github_name; ALTER TABLE recruits ALTER rocketchat_user SET NOT NULL; ALTER TABLE recruits DROP chatname;',
      ),
    ],
    wrong: [
      /^C26: rocketchat_user, which was chatname, of 5 recruits changed/,
      /"[^"]*chatname[^"]*" became "[^"]*github_name/,
    ],
  },
  {
    name: 'a rename in the model alone, without a migration',
    at: 10,
    did: [lay(12, schema, 'seeds'), { commit: 'The model' }],
    wrong: [
      /^Not so: the migrations make what the models say: recruits.rocketchat_user is called chatname/,
      /^Step 12/,
    ],
    shows: [/chatname \| rocketchat_user \| no migration does it/],
  },
  {
    name: 'a rename typed in psql on both, without a migration',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      { on: 'dev', sql: 'ALTER TABLE recruits RENAME chatname TO rocketchat_user' },
      { on: 'prod', sql: 'ALTER TABLE recruits RENAME chatname TO rocketchat_user' },
    ],
    wrong: [
      /^Not so: PROD is what its migrations make: recruits.chatname is called rocketchat_user/,
      /^Not so: DEV is what/,
    ],
    shows: [/no migration does it .*\| ✓ 10 of 10 values kept/],
  },
  {
    name: 'no rename at all: a new column beside the old one',
    at: 10,
    did: [
      lay(12, 'seeds'),
      {
        edit: schema,
        from: /(\n\s+chatname\s+String)/,
        to: '$1\n  rocketchatUser String @default("") @map("rocketchat_user")',
      },
      migration("ALTER TABLE recruits ADD rocketchat_user text NOT NULL DEFAULT '';"),
      ...both,
    ],
    wrong: [/^chatname, which is rocketchat_user then, is not kept: ADD COLUMN rocketchat_user/],
    shows: [/the column is still called chatname/],
  },
  {
    name: 'a history that does not replay from empty',
    at: 10,
    did: [migration('ALTER TABLE nowhere ADD a text;', '20250101000000_first'), { commit: 'Mine' }],
    wrong: [/^Not so: the migrations run one after the other from an empty database: .*nowhere/],
  },
  {
    name: 'a migration that cannot run where there are rows',
    at: 7,
    did: [
      lay(9, schema, 'seeds'),
      migration('ALTER TABLE recruits ADD COLUMN cohort TEXT NOT NULL;'),
      { commit: 'Mine' },
      { on: 'dev', sql: 'TRUNCATE recruits' },
      { apply: 'dev' },
    ],
    wrong: [/^The renames|fails where there are rows|the migrations fail there/],
  },
  {
    name: 'an applied migration edited',
    at: 18,
    did: [{ edit: create, from: '"surname"', to: ' "surname"' }, { commit: 'Edit' }],
    wrong: [/^Not so: PROD is what its migrations make: .*edited after it had been applied/],
  },
  {
    name: 'an applied migration edited, and git rewritten',
    at: 18,
    did: [
      { edit: create, from: '"surname"', to: ' "surname"' },
      { git: ['checkout', '--quiet', '--orphan', 'fresh'] },
      { commit: 'All' },
      { git: ['branch', '--quiet', '-D', 'my-work'] },
    ],
    wrong: [/edited after it had been applied/],
  },
  {
    name: 'an applied migration deleted',
    at: 13,
    did: [{ remove: 'prisma/migrations/20250120090000_rename_chatname_to_rocketchat_user' }, { commit: 'Delete' }],
    wrong: [/^Not so: PROD .*applied, and not in the folder/],
  },
  {
    name: 'a migration that PROD ran and nobody committed',
    at: 13,
    did: [migration('ALTER TABLE recruits ADD note text;'), { apply: 'prod' }, { remove: `prisma/migrations/${mine}` }],
    wrong: [
      /^Does not fit together: each migration that PROD has run .* nowhere in git, with the text that PROD ran: 20270101000000/,
    ],
  },
  {
    name: 'a migration that is not deployed',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      migration('ALTER TABLE recruits RENAME chatname TO rocketchat_user;'),
      { commit: 'Mine' },
      { apply: 'dev' },
    ],
    wrong: [/^Not so: PROD is what its migrations make: migration 20270101000000_mine is pending/],
  },
  {
    name: 'a squash: one migration in place of all',
    at: 13,
    did: [
      { remove: 'prisma/migrations' },
      migration(
        'CREATE TABLE recruits (id SERIAL PRIMARY KEY, first_name TEXT NOT NULL, surname TEXT NOT NULL, rocketchat_user TEXT NOT NULL, github_name TEXT NOT NULL, id_number TEXT NOT NULL, personal_email_address TEXT NOT NULL, cohort TEXT NOT NULL); CREATE UNIQUE INDEX recruits_personal_email_address_key ON recruits (personal_email_address);',
      ),
      { commit: 'Squash' },
    ],
    wrong: [/^Not so: PROD is what its migrations make: .*applied, and not in the folder/],
  },
  {
    name: 'DEV changed by hand, at the end',
    at: 18,
    did: [{ on: 'dev', sql: 'ALTER TABLE recruits ADD COLUMN chort TEXT' }],
    wrong: [/^Not so: DEV is what its migrations make: column recruits.chort is extra/],
  },
  {
    name: 'PROD changed by hand, at the end',
    at: 18,
    did: [{ on: 'prod', sql: 'ALTER TABLE recruits ADD COLUMN "<b>note</b>" text' }],
    wrong: [/^Not so: PROD is what its migrations make: column recruits\."?&lt;b&gt;note&lt;\/b&gt;"? is extra/],
  },
  {
    name: 'id numbers dropped, and archived nowhere',
    at: 13,
    did: [lay(15, schema, 'seeds'), ...pastGuard('ALTER TABLE recruits DROP COLUMN id_number;')],
    wrong: [
      /^C25: id_number of 5 recruits changed: id 1 was "\d+", is nothing/,
      /^id_number, which leaves the table, is not kept: DROP COLUMN/,
    ],
  },
  {
    name: 'an archive of every other row',
    at: 13,
    did: [
      lay(15, schema, 'seeds'),
      ...pastGuard(
        `${archived.replace('FROM recruits;', 'FROM recruits WHERE id % 2 = 0;')} ALTER TABLE recruits DROP id_number;`,
      ),
    ],
    wrong: [/^C25: id_number of 3 recruits changed/, /^id_number, which leaves the table, is not kept: .* values kept/],
  },
  {
    name: 'an archive of hashes',
    at: 13,
    did: [
      lay(15, schema, 'seeds'),
      ...pastGuard(
        `${archived.replace('id, id_number', 'id, md5(id_number) AS id_number')} ALTER TABLE recruits DROP id_number;`,
      ),
    ],
    wrong: [/^C26: id_number of 5 recruits changed/],
  },
]
