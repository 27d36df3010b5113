import { blind, seen, type DriftCase } from './drift-case.ts'

/** Drift of what is around a column: indexes, enums, foreign keys, tables. */
export const tableCases: DriftCase[] = [
  // indexes and uniques
  {
    kind: 'a new index',
    sql: 'CREATE INDEX by_age ON recruits (age)',
    found: ['index by_age on recruits is extra'],
    diff: seen,
  },
  {
    kind: 'a dropped index',
    sql: 'DROP INDEX recruits_name_idx',
    found: ['index recruits_name_idx on recruits is missing'],
    diff: seen,
  },
  {
    kind: 'an index on other columns',
    sql: 'DROP INDEX recruits_name_idx; CREATE INDEX recruits_name_idx ON recruits (name, age)',
    found: [
      'index recruits_name_idx on recruits is CREATE INDEX recruits_name_idx ON public.recruits USING btree (name, age); it should be',
    ],
    diff: seen,
  },
  {
    // With the preview feature partialIndexes, which our comparisons have on.
    kind: 'an index that became partial',
    sql: 'DROP INDEX recruits_name_idx; CREATE INDEX recruits_name_idx ON recruits (name) WHERE age > 20',
    found: ['WHERE (age > 20); it should be'],
    diff: seen,
  },
  {
    kind: 'an index on an expression',
    sql: 'CREATE INDEX loud_names ON recruits (upper(name))',
    found: ['index loud_names on recruits is extra'],
    diff: blind,
  },
  {
    kind: 'a new unique index',
    sql: 'CREATE UNIQUE INDEX cohorts_name_key ON cohorts (name)',
    found: ['unique index cohorts_name_key on cohorts is extra'],
    diff: seen,
  },
  {
    kind: 'a unique that is gone',
    sql: 'DROP INDEX recruits_email_key',
    found: ['unique index recruits_email_key on recruits is missing'],
    diff: seen,
  },
  {
    kind: 'a unique constraint',
    sql: 'ALTER TABLE cohorts ADD CONSTRAINT one_name UNIQUE (name)',
    found: ['unique constraint one_name on cohorts is extra: UNIQUE (name)'],
    diff: seen,
  },
  {
    kind: 'a dropped primary key',
    sql: 'ALTER TABLE recruits DROP CONSTRAINT recruits_pkey',
    found: ['primary key recruits_pkey on recruits is missing: PRIMARY KEY (id)'],
    diff: seen,
  },
  // enums
  {
    kind: 'a new value of an enum',
    sql: "ALTER TYPE mood ADD VALUE 'tired'",
    found: ["enum mood is 'calm', 'busy', 'tired'; it should be 'calm', 'busy'"],
    diff: seen,
  },
  {
    kind: 'a value of an enum with another name',
    sql: "ALTER TYPE mood RENAME VALUE 'busy' TO 'hectic'",
    found: ["enum mood is 'calm', 'hectic'; it should be 'calm', 'busy'"],
    diff: seen,
  },
  {
    kind: 'a new enum',
    sql: "CREATE TYPE size AS ENUM ('s', 'm')",
    found: ["enum size is extra: 's', 'm'"],
    diff: seen,
  },
  // foreign keys
  {
    kind: 'a dropped foreign key',
    sql: 'ALTER TABLE recruits DROP CONSTRAINT recruits_cohort_id_fkey',
    found: ['foreign key recruits_cohort_id_fkey on recruits is missing'],
    diff: seen,
  },
  {
    kind: 'a foreign key that deletes along',
    sql: 'ALTER TABLE recruits DROP CONSTRAINT recruits_cohort_id_fkey, ADD CONSTRAINT recruits_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES cohorts (id) ON DELETE CASCADE',
    found: ['REFERENCES cohorts(id) ON DELETE CASCADE; it should be'],
    diff: seen,
  },
  {
    kind: 'a new foreign key',
    sql: 'ALTER TABLE recruits ADD CONSTRAINT again FOREIGN KEY (age) REFERENCES cohorts (id) NOT VALID',
    found: ['foreign key again on recruits is extra'],
    diff: seen,
  },
  // tables
  {
    kind: 'a new table',
    sql: 'CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT)',
    found: ['table pets is extra: id, name'],
    diff: seen,
  },
  {
    kind: 'a dropped table',
    sql: 'TRUNCATE recruits; DROP TABLE cohorts CASCADE',
    found: [
      'table cohorts is missing: id, name, started',
      'foreign key recruits_cohort_id_fkey on recruits is missing',
    ],
    diff: seen,
  },
  {
    kind: 'a renamed table',
    sql: 'TRUNCATE recruits; ALTER TABLE cohorts RENAME TO groups',
    found: ['table cohorts is missing', 'table groups is extra'],
    diff: seen,
  },
]
