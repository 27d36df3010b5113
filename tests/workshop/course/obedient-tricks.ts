import { files, mine, rename, reset, schema, seeds, type State } from './obedient-state.ts'

const cohort = 'ALTER TABLE recruits ADD cohort text'
const archive = (select: string, kind = 'TABLE') =>
  `BEGIN; CREATE SCHEMA archive; CREATE ${kind} archive.recruits AS SELECT ${select} FROM recruits;
  ALTER TABLE recruits DROP COLUMN id_number; COMMIT;`

/** Migrations of one's own that make the right tables, and do something else to the rows that were there. */
export const tricks: State[] = [
  ...over(11, ['c25', 'c26'], {
    'a rename that copies another column': [
      `ALTER TABLE recruits ADD rocketchat_user text; UPDATE recruits SET rocketchat_user = github_name;
      ALTER TABLE recruits ALTER rocketchat_user SET NOT NULL; ALTER TABLE recruits DROP chatname;`,
      /in chatname holds " github_name of Recruit 1, É. {2}" in rocketchat_user/,
    ],
    'a rename, and surnames made small': [
      `BEGIN; ${rename} UPDATE recruits SET surname = lower(surname); COMMIT;`,
      /a row that held " surname of Recruit 1, É. {2}" in surname holds/,
    ],
    'a rename, and names without spaces around them': [
      `BEGIN; ${rename} UPDATE recruits SET first_name = trim(first_name); COMMIT;`,
      /a row that held " first_name of Recruit 1, É. {2}" in first_name holds/,
    ],
    'a rename on DEV alone': [
      `DO $$ BEGIN IF current_database() = 'dev' THEN ${rename} END IF; END $$;`,
      /recruits has no column rocketchat_user/,
    ],
  }),
  ...over(14, ['c25', 'c26', 'c27'], {
    'an archive of every other row': [
      archive('id, id_number', 'TABLE').replace('FROM recruits;', 'FROM recruits WHERE id % 2 = 0;'),
      /holds it nowhere now/,
    ],
    'an archive of the first ten': [
      archive('id, id_number').replace('FROM recruits;', 'FROM recruits ORDER BY id LIMIT 10;'),
      /holds it nowhere now/,
    ],
    'an archive of hashes': [archive('id, md5(id_number) AS id_number'), /holds it nowhere now/],
    'an archive that does not say whose': [archive('id_number'), /no other table keeps it beside the row’s id/],
    'an archive that says the wrong one': [
      archive('id + 1 AS id, id_number'),
      /no other table keeps it beside the row’s id/,
    ],
    'an archive that a crash empties': [archive('id, id_number', 'UNLOGGED TABLE'), /archive.recruits is UNLOGGED/],
    'a view in place of an archive': [
      'ALTER TABLE recruits DROP COLUMN id_number; CREATE SCHEMA archive; CREATE VIEW archive.recruits AS SELECT id FROM recruits;',
      /holds it nowhere now/,
    ],
  }),
  ...over(8, ['c25'], {
    'a cohort in two spellings': [
      `BEGIN; ${cohort} NOT NULL DEFAULT 'C25'; UPDATE recruits SET cohort = 'C25 data engineering' WHERE id % 2 = 0; ALTER TABLE recruits ALTER cohort DROP DEFAULT; COMMIT;`,
      /they write "C25" and "C25 data engineering" into cohort|they write "C25 data engineering" and "C25" into cohort/,
    ],
    'a default that stays': [`${cohort} NOT NULL DEFAULT 'C25 Data Eng';`, /default changed/],
    'an empty cohort': [
      `BEGIN; ${cohort} NOT NULL DEFAULT ''; ALTER TABLE recruits ALTER cohort DROP DEFAULT; COMMIT;`,
      /they leave cohort empty/,
    ],
    'a cohort that says nothing': [
      `BEGIN; ${cohort} NOT NULL DEFAULT 'unknown'; ALTER TABLE recruits ALTER cohort DROP DEFAULT; COMMIT;`,
      /they write "unknown" into cohort of rows that were there: it is "C25 Data Eng"/,
    ],
    'a cohort for the first five alone': [
      `BEGIN; ${cohort}; UPDATE recruits SET cohort = 'C25 Data Eng' WHERE id <= 5; ALTER TABLE recruits ALTER cohort SET NOT NULL; COMMIT;`,
      /fails where there are rows: column "cohort"/,
    ],
    'rows deleted to make room': [`DELETE FROM recruits; ${cohort} NOT NULL;`, /who was there before them, is gone/],
  }),
]

/** Each migration stands in the place of the next step's own, on a DEV that was made again. */
function over(at: number, cohorts: string[], scripts: Record<string, [sql: string, says: RegExp]>): State[] {
  return Object.entries(scripts).map(([name, [sql, says]]) => ({
    name,
    at,
    step: at + 1,
    did: [files(at + 1, schema, 'seeds'), mine(sql), reset, ...seeds(...cohorts)],
    says,
  }))
}
