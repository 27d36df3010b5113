import { archived, files, mine, rename, reset, schema, seeds, type State } from './obedient-state.ts'

/** Right ways that are not the course's: each passes. */
export const right: State[] = [
  {
    name: 'one migration for the address, in several statements',
    at: 3,
    step: 6,
    did: [
      files(6, schema, 'seeds'),
      mine(
        "ALTER TABLE recruits ADD personal_email_address text; UPDATE recruits SET personal_email_address = id || '@example.com'; ALTER TABLE recruits ALTER personal_email_address SET NOT NULL; CREATE UNIQUE INDEX recruits_personal_email_address_key ON recruits (personal_email_address);",
      ),
      { run: 'migrate deploy' },
    ],
  },
  {
    name: 'a CHECK before SET NOT NULL',
    at: 5,
    step: 6,
    did: [
      files(6, schema, 'seeds'),
      mine(
        'ALTER TABLE recruits ADD CONSTRAINT c CHECK (personal_email_address IS NOT NULL) NOT VALID; ALTER TABLE recruits VALIDATE CONSTRAINT c; ALTER TABLE recruits ALTER personal_email_address SET NOT NULL; ALTER TABLE recruits DROP CONSTRAINT c;',
      ),
      { run: 'migrate deploy' },
    ],
  },
  {
    name: 'a cohort in three migrations',
    at: 8,
    step: 9,
    did: [
      files(9, schema, 'seeds'),
      mine('ALTER TABLE recruits ADD cohort text;', '20270101000001_a'),
      mine("UPDATE recruits SET cohort = 'C25 Data Eng';", '20270101000002_b'),
      mine('ALTER TABLE recruits ALTER cohort SET NOT NULL;', '20270101000003_c'),
      reset,
      ...seeds('c25'),
    ],
  },
  {
    name: 'a rename on a DEV that was made again',
    at: 11,
    step: 12,
    did: [files(12, schema, 'seeds'), mine(rename), reset, ...seeds('c25', 'c26')],
  },
  {
    name: 'a rename by copying',
    at: 11,
    step: 12,
    did: [
      files(12, schema, 'seeds'),
      mine(
        'BEGIN; ALTER TABLE recruits ADD rocketchat_user text; UPDATE recruits SET rocketchat_user = chatname; ALTER TABLE recruits ALTER rocketchat_user SET NOT NULL; ALTER TABLE recruits DROP chatname; COMMIT;',
      ),
      reset,
      ...seeds('c25', 'c26'),
    ],
  },
  {
    name: 'an archive of another shape, on a DEV that keeps its drift',
    at: 14,
    step: 15,
    did: [
      files(15, schema, 'seeds'),
      mine(
        `BEGIN; ${archived.replace('archive.recruits', 'archive.numbers')} ALTER TABLE recruits DROP COLUMN id_number; COMMIT;`,
      ),
      { run: 'migrate resolve --applied 20270101000000_mine' },
    ],
  },
  {
    name: 'recruits who were added by hand',
    at: 10,
    step: 10,
    did: [
      {
        on: 'prod',
        sql: "INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address, cohort) VALUES ('A', 'B', 'c', 'd', 'e', 'f@example.com', 'C26 Data Eng')",
      },
    ],
  },
  {
    name: 'cohorts seeded with --count and --random',
    at: 10,
    step: 10,
    did: [{ run: 'seed c26 --count 12 --env prod' }, { run: 'seed c26 --random --env prod' }],
  },
]
