import { archived, both, lay, migration, renamed, schema, type History } from './histories.ts'

/** Ways that are right, the course's and others: nothing is wrong but what is not done yet. */
export const right: History[] = [
  {
    name: 'the whole exercise',
    at: 18,
    did: [],
    wrong: [],
    shows: [
      /Steps that leave something behind \| ✓ 15 of 15/,
      /Values of PROD kept \| ✓ 150 of 150/,
      /\| chatname \| rocketchat_user \| RENAME COLUMN to rocketchat_user in 20250120090000\S+ \| ✓ 25 of 25 .* \| ✓ 10 of 10/,
      /\| C27 \| id_number \| no longer a column \| archive.recruits \| ✓ 5 of 5/,
      /3 of them on the copy prod_\S+, from before 20250113090000_add_cohort: all 35 values of 5 recruits are kept/,
    ],
  },
  {
    name: 'as far as step 7',
    at: 7,
    did: [],
    wrong: [/^Step 08-new-column-drift is not done: DEV/],
    shows: [/Values of PROD kept \| ✓ 30 of 30/],
  },
  { name: 'as far as step 10', at: 10, did: [], wrong: [/^Step 11-renamed-column-drift is not done/] },
  {
    name: 'as far as step 13',
    at: 13,
    did: [],
    wrong: [/^Step 14-dropped-column-drift is not done/],
    shows: [/chatname \| rocketchat_user/],
  },
  {
    name: 'a cohort in three migrations',
    at: 7,
    did: [
      lay(9, schema, 'seeds'),
      migration('ALTER TABLE recruits ADD cohort text;', '20270101000001_a'),
      migration("UPDATE recruits SET cohort = 'C25 Data Eng';", '20270101000002_b'),
      migration('ALTER TABLE recruits ALTER cohort SET NOT NULL;', '20270101000003_c'),
      ...both,
    ],
    wrong: [/^Step 10-c26-recruits is not done/],
    shows: [/besides, past the workshop’s deploy: 20270101000001\\?_a/],
  },
  {
    name: 'a rename by copying',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      migration(
        'BEGIN; ALTER TABLE recruits ADD rocketchat_user text; UPDATE recruits SET rocketchat_user = chatname; ALTER TABLE recruits ALTER rocketchat_user SET NOT NULL; ALTER TABLE recruits DROP chatname; COMMIT;',
      ),
      ...both,
    ],
    wrong: [/^Step 13-c27-recruits is not done/],
    shows: [/ADD COLUMN rocketchat_user in \S+; DROP COLUMN in \S+ \| ✓ 25 of 25 values kept \| ✓ 10 of 10/],
  },
  {
    name: 'a rename by a name between',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      migration(
        'BEGIN; ALTER TABLE recruits RENAME chatname TO chat; ALTER TABLE recruits RENAME chat TO rocketchat_user; COMMIT;',
      ),
      ...both,
    ],
    wrong: [/^Step 13-c27-recruits is not done/],
    shows: [/✓ 25 of 25 values kept \| ✓ 10 of 10/],
  },
  {
    name: 'an archive of another shape',
    at: 13,
    did: [
      lay(15, schema, 'seeds'),
      migration(
        `BEGIN; ${archived.replace('archive.recruits', 'archive.numbers')} ALTER TABLE recruits DROP id_number; COMMIT;`,
      ),
      ...both,
    ],
    wrong: [/^Step 16-c28-recruits is not done/],
    shows: [/✓ 10 of 10 values kept, in archive.numbers/],
  },
  {
    name: 'recruits who were added by hand',
    at: 18,
    did: [
      {
        on: 'prod',
        sql: "INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort) VALUES ('A', 'B', 'c', 'd', 'e@example.com', 'C26 Data Eng')",
      },
    ],
    wrong: [],
    shows: [/1 recruit of PROD stand in no copy and in no seed/],
  },
  {
    name: 'the copies deleted',
    at: 18,
    did: [{ remove: '.workshop/snapshots' }],
    wrong: [],
    shows: [/0 of 4; the others are not here/, /no deploy has left a copy with recruits/],
  },
  { name: 'a detached HEAD', at: 18, did: [{ git: ['switch', '--quiet', '--detach'] }], wrong: [] },
  {
    name: 'one migration for the address, and the rename in one deploy with it',
    at: 10,
    did: [
      lay(12, schema, 'seeds'),
      migration(renamed),
      ...both,
      lay(13, 'seeds'),
      { seed: 'c27', on: 'dev' },
      { seed: 'c27', on: 'prod' },
    ],
    wrong: [/^Step 14-dropped-column-drift is not done/],
    shows: [/\| C27 \| ✓ 5 \|/],
  },
]
