/**
 * Migrations that fail on PROD's five recruits of step 10: what it is, its SQL, the line that fails, PostgreSQL's words, and
 * of how many rows what is said. Nothing is said where no row is to blame.
 */
export const failing: [what: string, sql: string, line: number, error: string, rows: string][] = [
  [
    'a new required column',
    '-- a comment\n\nALTER TABLE recruits ADD COLUMN mentor text NOT NULL;',
    3,
    'column "mentor" of relation "recruits" contains null values',
    '5 rows of recruits: no value for the required column mentor',
  ],
  [
    'a column that becomes required',
    "ALTER TABLE recruits ADD COLUMN mentor text;\nUPDATE recruits SET mentor = 'x' WHERE id = 1;\nALTER TABLE recruits ALTER COLUMN mentor SET NOT NULL;",
    3,
    'column "mentor" of relation "recruits" contains null values',
    '4 rows of recruits: no value for the required column mentor',
  ],
  [
    'a column that becomes unique',
    'CREATE UNIQUE INDEX "a" ON "recruits" ("cohort");',
    1,
    'could not create unique index "a"',
    '5 rows of recruits: they share a value of cohort, which becomes unique',
  ],
  [
    'a check',
    '/* two\nlines */ ALTER TABLE recruits ADD CONSTRAINT c CHECK (id > 2);',
    2,
    'check constraint "c" of relation "recruits" is violated by some row',
    '2 rows of recruits: they do not pass the check c',
  ],
  [
    'a check that is validated later',
    'ALTER TABLE recruits ADD CONSTRAINT c CHECK (id > 4) NOT VALID;\nALTER TABLE recruits VALIDATE CONSTRAINT c;',
    2,
    'check constraint "c" of relation "recruits" is violated by some row',
    '4 rows of recruits: they do not pass the check c',
  ],
  [
    'a foreign key',
    "CREATE TABLE cohorts (name text PRIMARY KEY);\nINSERT INTO cohorts VALUES ('C25 Data Eng');\nALTER TABLE recruits ADD CONSTRAINT f FOREIGN KEY (cohort) REFERENCES cohorts (name);",
    3,
    'insert or update on table "recruits" violates foreign key constraint "f"',
    '5 rows of recruits: they name no row of cohorts',
  ],
  ['what is not SQL', 'SELECT 1;\nALTER TABEL recruits ADD a text;', 2, 'syntax error at or near "TABEL"', ''],
  [
    'a type that does not take the values',
    'ALTER TABLE recruits ALTER surname TYPE int USING surname::int',
    1,
    'invalid input syntax',
    "5 rows of recruits: surname holds what integer does not take ('Govender' in 1, 'Hitchinson' in 1, 'Mazibuko' in 1)",
  ],
  [
    'a drop of values that are kept nowhere',
    "ALTER TABLE recruits DROP COLUMN chatname, ADD COLUMN rocketchat_user text NOT NULL DEFAULT '';",
    1,
    'recruits.chatname was not dropped: 5 of its 5 values are kept nowhere else.',
    '',
  ],
  ['a DELETE', 'DELETE FROM recruits WHERE id > 100;', 1, 'DELETE on recruits is refused', ''],
  [
    'CONCURRENTLY in a transaction',
    'BEGIN;\nCREATE INDEX CONCURRENTLY i ON recruits (cohort);\nCOMMIT;',
    2,
    'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    '',
  ],
]
