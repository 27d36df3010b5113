import type { GuardCase } from './guard-corpus.ts'

/** Scripts that write over values: an application's right, so nothing refuses them. The ledger reports each. */
export const forTheLedger: (GuardCase & { table: string; column: string; lost: number })[] = [
  {
    name: 'a whole column to NULL',
    sql: 'UPDATE recruits SET nick = NULL',
    table: 'public.recruits',
    column: 'nick',
    lost: 3,
  },
  {
    name: 'a whole column to an empty text',
    sql: "UPDATE recruits SET id_number = ''",
    table: 'public.recruits',
    column: 'id_number',
    lost: 4,
  },
  {
    name: 'some values cut short',
    sql: 'UPDATE recruits SET surname = left(surname, 6)',
    table: 'public.recruits',
    column: 'surname',
    lost: 2,
  },
  {
    name: 'a column in a CTE',
    sql: 'WITH u AS (UPDATE pets SET name = NULL RETURNING id) SELECT count(*) FROM u',
    table: 'public.pets',
    column: 'name',
    lost: 2,
  },
  {
    name: 'a column by MERGE',
    sql: "MERGE INTO pets USING recruits r ON r.id = recruit_id WHEN MATCHED THEN UPDATE SET name = 'x'",
    table: 'public.pets',
    column: 'name',
    lost: 2,
  },
  {
    name: 'a column by ON CONFLICT',
    sql: "INSERT INTO cohorts VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    table: 'public.cohorts',
    column: 'name',
    lost: 1,
  },
  {
    name: 'a foreign key that is set to NULL',
    setup:
      'ALTER TABLE badges DROP CONSTRAINT badges_team_id_fkey, ADD FOREIGN KEY (team_id) REFERENCES other.teams ON DELETE SET NULL',
    sql: 'DELETE FROM other.teams WHERE id = 801',
    table: 'public.badges',
    column: 'team_id',
    lost: 1,
  },
  {
    name: 'a column of an archive',
    sql: 'UPDATE archive.departed SET reason = NULL',
    table: 'archive.departed',
    column: 'reason',
    lost: 2,
  },
  {
    name: 'a column of a partition',
    sql: 'UPDATE measurements_north SET value = 0',
    table: 'public.measurements_north',
    column: 'value',
    lost: 2,
  },
  {
    name: 'values that change places',
    sql: "UPDATE pets SET name = CASE name WHEN 'Rex' THEN 'Tom' ELSE 'Rex' END",
    table: 'public.pets',
    column: 'name',
    lost: 2,
  },
  {
    name: 'a column that is archived, dropped, and then written over in the archive',
    sql: "CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; ALTER TABLE recruits DROP COLUMN id_number; UPDATE archive.kept SET id_number = 'x'",
    table: 'public.recruits',
    column: 'id_number',
    lost: 4,
  },
]
