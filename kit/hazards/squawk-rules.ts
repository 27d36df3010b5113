import type { HazardId } from './hazard-ids.ts'

/** Rules of squawk-cli that see what our own checks see, and the hazard that they are about. */
export const secondOpinions: Readonly<Record<string, HazardId>> = {
  'adding-required-field': 'H1',
  'adding-field-with-default': 'H2',
  'adding-not-nullable-field': 'H3',
  'require-concurrent-index-creation': 'H4',
  'disallowed-unique-constraint': 'H6',
  'adding-serial-primary-key-field': 'H6',
  'ban-concurrent-index-creation-in-transaction': 'H7',
  'renaming-column': 'H9',
  'renaming-table': 'H9',
  'ban-drop-column': 'H10',
  'ban-drop-table': 'H10',
  'ban-drop-database': 'H10',
  'ban-truncate-cascade': 'H10',
  'changing-column-type': 'H11',
  'adding-foreign-key-constraint': 'H12',
  'constraint-missing-not-valid': 'H12',
}

export interface SquawkRule {
  rule: string
  id: HazardId
  words: string
  why: string
  accepted: string
}

/** What squawk-cli alone looks for. */
export const squawkRules: readonly SquawkRule[] = [
  {
    rule: 'require-concurrent-index-deletion',
    id: 'H4',
    words: 'drops an index',
    why: 'It waits for everybody who uses the table under ACCESS EXCLUSIVE, and everybody waits behind it.',
    accepted: 'DROP INDEX CONCURRENTLY, alone in its file.',
  },
  {
    rule: 'require-concurrent-reindex',
    id: 'H4',
    words: 'builds an index anew',
    why: 'Whoever writes to the table waits until it is built.',
    accepted: 'REINDEX … CONCURRENTLY, alone in its file.',
  },
  {
    rule: 'require-concurrent-partition-detach',
    id: 'H4',
    words: 'takes a partition out',
    why: 'The parent table is locked under ACCESS EXCLUSIVE.',
    accepted: 'DETACH PARTITION … CONCURRENTLY, alone in its file.',
  },
  {
    rule: 'ban-alter-domain-with-add-constraint',
    id: 'H12',
    words: 'adds a constraint to a domain, and reads every table that uses it',
    why: 'All those tables are locked under SHARE meanwhile: writers wait.',
    accepted: 'ADD CONSTRAINT … NOT VALID; VALIDATE CONSTRAINT in another file.',
  },
]
