/** One thing that somebody does. Paths are those of the project. */
export type Did =
  | { sql: string; on: 'dev' | 'prod' }
  /** Files of another step, copied into the folder. */
  | { lay: string[]; of: number }
  | { write: string; text: string }
  | { edit: string; from: string | RegExp; to: string }
  | { remove: string }
  | { run: string }
  | { git: string }

/** Where somebody may stand who learns: a new one is data. */
export interface State {
  name: string
  /** The step at whose end it begins. */
  at: number
  did: Did[]
  /** The step whose check tells whether it is right. */
  step: number
  /** What `check STEP` says of it; nothing, when it passes: a right way of one's own. */
  says?: RegExp
  /**
   * What becomes of somebody who types only what is printed after `next`: the step's check passes, or a line says what a
   * person has to decide or write. Undefined where only the check is looked at.
   */
  ends?: 'done' | RegExp
}

const migrations = 'prisma/migrations'
const schema = 'prisma/schema.prisma'
const mine = (sql: string, name = '20270101000000_mine'): Did => ({
  write: `${migrations}/${name}/migration.sql`,
  text: sql,
})
const files = (of: number, ...lay: string[]): Did => ({ lay, of })
const reset: Did = { run: 'db reset' }
const deploy: Did = { run: 'migrate deploy --env prod' }
const seeds = (...cohorts: string[]): Did[] => cohorts.map((cohort) => ({ run: `seed ${cohort}` }))
const rename = 'ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user;'
const archived = 'CREATE SCHEMA archive; CREATE TABLE archive.recruits AS SELECT id, id_number FROM recruits;'
const dropAndAdd = `CREATE SCHEMA IF NOT EXISTS archive; CREATE TABLE archive.chat AS SELECT id, chatname FROM recruits;
  ALTER TABLE recruits DROP COLUMN chatname; ALTER TABLE recruits ADD COLUMN rocketchat_user text NOT NULL DEFAULT 'unknown';
  ALTER TABLE recruits ALTER COLUMN rocketchat_user DROP DEFAULT;`

/** What only looks right: each fails, and says why. */
const wrong: State[] = [
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
    says: /a row that held "chatname of recruit 1" in chatname holds "unknown" in rocketchat_user/,
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
    says: /a row that held "id_number of recruit 1" in id_number holds it nowhere now/,
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
]

/** Right ways that are not the course's: each passes. */
const right: State[] = [
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
        'ALTER TABLE recruits ADD rocketchat_user text; UPDATE recruits SET rocketchat_user = chatname; ALTER TABLE recruits ALTER rocketchat_user SET NOT NULL; ALTER TABLE recruits DROP chatname;',
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
      mine(`${archived.replace('archive.recruits', 'archive.numbers')} ALTER TABLE recruits DROP COLUMN id_number;`),
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

/** Half-way, and astray: each leads to the end of its step, or to a line that says what to decide. */
const astray: State[] = [
  {
    name: 'the field required at once, and the migration refused',
    at: 3,
    step: 4,
    did: [files(6, schema)],
    says: /personal_email_address/,
    ends: /optional/,
  },
  {
    name: 'the question mark taken away too early',
    at: 4,
    step: 5,
    did: [files(6, schema)],
    says: /should be optional/,
    ends: /optional/,
  },
  {
    name: 'the column of step 08 typed on PROD',
    at: 7,
    step: 8,
    did: [
      { on: 'prod', sql: 'ALTER TABLE recruits ADD COLUMN chort TEXT' },
      { on: 'prod', sql: "UPDATE recruits SET chort = 'C25 Data Eng'" },
    ],
    says: /the tables are those of this step/,
    ends: 'done',
  },
  {
    name: 'the rename of step 11 typed on PROD',
    at: 10,
    step: 11,
    did: [{ on: 'prod', sql: rename }],
    says: /changed by hand/,
    ends: 'done',
  },
  {
    name: 'DEV made empty by a goto that was cut off',
    at: 12,
    step: 12,
    did: [{ run: 'db reset' }, { on: 'dev', sql: 'DROP TABLE recruits, _prisma_migrations' }],
    says: /not applied yet/,
    ends: 'done',
  },
  {
    name: 'the archive written, and not yet resolved',
    at: 14,
    step: 15,
    did: [files(15, schema, 'seeds', migrations)],
    says: /not applied yet: 20250127090000/,
    ends: 'done',
  },
  {
    name: 'the rename written, and not yet resolved',
    at: 11,
    step: 12,
    did: [files(12, schema, 'seeds', migrations)],
    says: /not applied yet: 20250120090000/,
    ends: 'done',
  },
  {
    name: 'an old migration edited, nothing else',
    at: 9,
    step: 9,
    did: [{ edit: `${migrations}/20250106090000_create_recruits/migration.sql`, from: '"surname"', to: ' "surname"' }],
    says: /edited/,
    ends: 'done',
  },
  {
    name: 'a seed that was forgotten on PROD',
    at: 9,
    step: 10,
    did: [files(10, 'seeds'), ...seeds('c26'), deploy],
    says: /0 of the C26/,
    ends: 'done',
  },
  {
    name: 'a deploy that was forgotten',
    at: 12,
    step: 13,
    did: [files(13, 'seeds'), ...seeds('c27')],
    says: /not applied yet/,
    ends: 'done',
  },
  {
    name: 'step 09 without its reset',
    at: 8,
    step: 9,
    did: [files(9, schema, 'seeds', migrations)],
    says: /missing: column cohort/,
    ends: 'done',
  },
  {
    name: 'a plain switch to an earlier tag',
    at: 16,
    step: 5,
    did: [{ git: 'switch --quiet --detach step-05-email-backfill' }],
    says: /./,
    ends: 'done',
  },
  {
    name: 'a deleted cohort script',
    at: 10,
    step: 10,
    did: [{ remove: 'seeds/c26.ts' }],
    says: /there is no such file/,
    ends: /check 10/,
  },
  {
    name: 'the history of PROD lost: made by hand',
    at: 10,
    step: 10,
    did: [{ on: 'prod', sql: 'CREATE SCHEMA archive; ALTER TABLE _prisma_migrations SET SCHEMA archive' }],
    says: /not applied yet/,
    ends: 'done',
  },
  {
    name: 'a squash: one migration in place of all',
    at: 13,
    step: 13,
    did: [
      { remove: migrations },
      mine(
        `CREATE TABLE recruits (id SERIAL PRIMARY KEY, first_name TEXT NOT NULL, surname TEXT NOT NULL, rocketchat_user TEXT NOT NULL, github_name TEXT NOT NULL, id_number TEXT NOT NULL, personal_email_address TEXT NOT NULL, cohort TEXT NOT NULL); CREATE UNIQUE INDEX recruits_personal_email_address_key ON recruits (personal_email_address);`,
        '20270101000000_all',
      ),
      { git: 'add --all --force prisma/migrations' },
      { git: 'commit --quiet -m Squash' },
    ],
    says: /applied, and not in the folder/,
    ends: 'done',
  },
  {
    name: 'a failed migration on PROD',
    at: 9,
    step: 10,
    did: [
      mine('ALTER TABLE nowhere ADD a text;', '20270101000000_wrong'),
      { run: 'prisma-deploy prod' },
      { remove: `${migrations}/20270101000000_wrong` },
      files(10, 'seeds'),
      ...seeds('c26'),
    ],
    says: /failed half-way/,
    ends: 'done',
  },
]

/** A step that is not begun: what a person has to write is said, and what is only typed leads to its end. */
const notBegun: State[] = Object.entries({
  1: /Edit prisma\/schema.prisma/,
  2: /Make the migration/,
  3: /Write seeds\/c25.ts/,
  4: /Edit prisma\/schema.prisma/,
  5: /they leave|they make no/,
  6: /Edit prisma\/schema.prisma/,
  7: 'done',
  8: 'done',
  9: /Edit prisma\/schema.prisma/,
  10: /Write seeds\/c26.ts/,
  11: 'done',
  12: /Edit prisma\/schema.prisma/,
  13: /Write seeds\/c27.ts/,
  14: 'done',
  15: /Edit prisma\/schema.prisma/,
  16: /Write seeds\/c28.ts/,
} as const).map(([step, ends]) => ({
  name: `step ${step}, not begun`,
  at: Number(step) - 1,
  step: Number(step),
  did: [],
  says: /✗/,
  ends,
}))

/** The files of a step are written, and nothing was typed yet. */
const onlyWritten: State[] = [2, 3, 4, 5, 6, 9, 10, 12, 13, 15, 16].map((step) => ({
  name: `step ${step}, only written`,
  at: step - 1,
  step,
  did: [files(step, 'prisma', 'seeds')],
  says: /✗/,
  ends: 'done',
}))

export const states: readonly State[] = [...wrong, ...right, ...astray, ...notBegun, ...onlyWritten]
