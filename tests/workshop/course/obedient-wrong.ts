import { dropAndAdd, files, migrations, mine, reset, schema, seeds, type State } from './obedient-state.ts'

/** What only looks right: each fails, and says why. */
export const wrong: State[] = [
  {
    name: 'everybody added twice',
    at: 3,
    step: 3,
    did: [
      {
        on: 'dev',
        sql: 'INSERT INTO recruits (first_name, surname, chatname, github_name, id_number) SELECT first_name, surname, chatname, github_name, id_number FROM recruits',
      },
    ],
    says: /5 of 10 are there twice/,
  },
  {
    name: 'addresses typed in psql, without a migration',
    at: 4,
    step: 5,
    did: [{ on: 'dev', sql: "UPDATE recruits SET personal_email_address = id || '@example.com'" }],
    says: /they leave personal_email_address empty in rows that were there/,
  },
  {
    name: 'a seed that cannot fill the required field',
    at: 6,
    step: 6,
    did: [files(5, 'seeds/recruits.ts')],
    says: /makeRecruit gives no personalEmailAddress, which is required/,
  },
  {
    name: 'a required column without a value for the rows',
    at: 8,
    step: 9,
    did: [
      files(9, schema, 'seeds'),
      mine('ALTER TABLE recruits ADD COLUMN cohort TEXT NOT NULL;'),
      reset,
      ...seeds('c25'),
    ],
    says: /20270101000000_mine fails where there are rows: column "cohort"/,
  },
  {
    name: 'a drop and an add with an archive and a default',
    at: 11,
    step: 12,
    did: [files(12, schema, 'seeds'), mine(dropAndAdd), reset, ...seeds('c25', 'c26')],
    says: /a row that held " chatname of Recruit 1, É.  " in chatname holds "unknown" in rocketchat_user/,
  },
  {
    name: 'a column that was dropped, and archived nowhere',
    at: 14,
    step: 15,
    did: [
      files(15, schema, 'seeds'),
      mine('ALTER TABLE recruits DROP COLUMN id_number;'),
      { run: 'migrate resolve --applied 20270101000000_mine' },
    ],
    says: /a row that held " id_number of Recruit 1, É.  " in id_number holds it nowhere now/,
  },
  {
    name: 'a value of the C25 changed on PROD',
    at: 13,
    step: 13,
    did: [{ on: 'prod', sql: "UPDATE recruits SET surname = 'x' WHERE id = 2" }],
    says: /surname of 1 recruit changed: id 2 was "\w+", is "x"/,
  },
  {
    name: 'a value of the newest cohort changed on PROD',
    at: 16,
    step: 16,
    did: [{ on: 'prod', sql: "UPDATE recruits SET rocketchat_user = 'x' WHERE id = 20" }],
    says: /rocketchat_user of 1 recruit changed: id 20/,
  },
  {
    name: 'a cohort renamed on PROD',
    at: 13,
    step: 13,
    did: [{ on: 'prod', sql: "UPDATE recruits SET cohort = 'C25 Data Eng' WHERE id = 7" }],
    says: /cohort of 1 recruit changed: id 7/,
  },
  {
    name: 'an old migration edited',
    at: 7,
    step: 8,
    did: [{ edit: `${migrations}/20250106090000_create_recruits/migration.sql`, from: '"surname"', to: ' "surname"' }],
    says: /create_recruits was edited after it had been applied/,
  },
  {
    name: 'an applied migration deleted',
    at: 13,
    step: 13,
    did: [{ remove: `${migrations}/20250120090000_rename_chatname_to_rocketchat_user` }],
    says: /applied, and not in the folder: 20250120090000_rename/,
    ends: 'done',
  },
  {
    name: 'PROD changed by hand',
    at: 11,
    step: 11,
    did: [{ on: 'prod', sql: 'ALTER TABLE recruits ADD COLUMN note text' }],
    says: /changed by hand: recruits: not of this step: column note/,
    ends: 'done',
  },
  {
    name: 'a history that does not replay from empty',
    at: 9,
    step: 9,
    did: [mine('ALTER TABLE nowhere ADD COLUMN a text;', '20250101000000_first')],
    says: /fails/,
  },
  {
    name: 'a seed that finds nobody again',
    at: 3,
    step: 3,
    did: [{ edit: 'seeds/recruits.ts', from: '    githubName,', to: '    githubName: Math.random().toString(36),' }],
    says: /makeRecruit gives another githubName each time/,
  },
  {
    name: 'two statements, and nothing around them',
    at: 8,
    step: 9,
    did: [
      files(9, schema, 'seeds'),
      mine(
        "ALTER TABLE recruits ADD cohort text NOT NULL DEFAULT 'C25 Data Eng';\nALTER TABLE recruits ALTER cohort DROP DEFAULT;",
      ),
      reset,
      ...seeds('c25'),
    ],
    says: /20270101000000_mine, line 2: can be left half applied/,
  },
]
