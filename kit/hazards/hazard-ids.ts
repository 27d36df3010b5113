/** All that is judged, by its number: in a migration, in how migrations are run, in a history, and in a live database. */
export const hazardIds = {
  H1: 'a required column without a value for the rows that are there',
  H2: 'a new column that PostgreSQL fills by writing the whole table anew',
  H3: 'SET NOT NULL without a CHECK that was validated before',
  H4: 'an index that is not built CONCURRENTLY',
  H5: 'a unique index or constraint, and nobody has looked for duplicates',
  H6: 'a unique constraint or primary key without USING INDEX',
  H7: 'CONCURRENTLY in a transaction',
  H8: 'a drop and an add that look like a rename',
  H9: 'a new name for what an application uses',
  H10: 'values that are dropped or truncated',
  H11: 'another type, for which the table is written anew',
  H12: 'a foreign key or CHECK without NOT VALID, or validated beside it',
  H13: 'the rows of a whole table written, or written after a change of the table',
  H14: 'a deploy without a lock_timeout',
  H15: 'a migration that was edited after it ran',
  H16: 'a migration in the history without a folder',
  H17: 'a migration that neither finished nor was rolled back',
  H18: 'a database that is not what its migrations make',
  H19: 'a schema.prisma that says something else than the migrations make',
  H20: 'a migration that has landed and changes, or one with a name that is too early',
  H21: 'a command for DEV, or a shadow database, on PROD',
  H22: 'leftovers: an index that is not valid, a constraint that nobody has checked',
  H23: 'a file that can be left half applied',
  H24: 'SQL that may do something else on PROD than on a copy',
  H25: 'an instant that is read in the time zone of whoever runs the migration',
  H26: 'a value that says something else afterwards: another target of a foreign key, another label of an enum',
} as const

/** `?` is SQL that nobody can judge before it runs. */
export type HazardId = keyof typeof hazardIds | '?' | 'unreadable'
