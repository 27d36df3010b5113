import type { HazardCheck } from './hazard.ts'
import { addedConstraints, isChecked, isNew, isRows, list, stopsOthers } from './statement-looks.ts'
import { typeText } from '../sql/names.ts'
import { isSafeWidening, isVolatile } from './locks.ts'

const inBatches = 'Add it without one, SET DEFAULT for new rows, and fill the old ones in batches.'
const rewritten = 'Every row is written anew under ACCESS EXCLUSIVE: nobody reads or writes meanwhile.'

/** What makes others wait, or breaks the application that still runs. */
export const lockChecks: readonly HazardCheck[] = [
  {
    id: 'H2',
    name: 'a volatile default',
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'add column' || isNew(seen, action.table)) return undefined
      const { name, default: value, filled } = action.column
      if (filled || !value || !isVolatile(value)) return undefined
      return `adds ${action.table}.${name} with a default that is another one for each row`
    },
    why: rewritten,
    accepted: inBatches,
  },
  ...(['serial', 'identity', 'stored'] as const).map((filled): HazardCheck => ({
    id: 'H2',
    name: { serial: 'SERIAL', identity: 'IDENTITY', stored: 'a STORED column' }[filled],
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'add column' || action.column.filled !== filled || isNew(seen, action.table)) return undefined
      const what = { serial: 'a number', identity: 'an identity', stored: 'a computed value' }[filled]
      return `adds ${action.table}.${action.column.name}, and each row gets ${what}`
    },
    why: rewritten,
    accepted: filled === 'stored' ? 'A plain column that a trigger and a backfill fill, or a view.' : inBatches,
  })),
  {
    id: 'H3',
    name: 'SET NOT NULL without a checked CHECK',
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'set not null' || isNew(seen, action.table)) return undefined
      if (isChecked(seen.tables.get(action.table), action.column)) return undefined
      return `requires ${action.table}.${action.column}, and reads every row to see that none is NULL`
    },
    why: 'The whole table is read under ACCESS EXCLUSIVE.',
    accepted:
      'CHECK (c IS NOT NULL) NOT VALID; VALIDATE in another file; SET NOT NULL; then drop the CHECK. PostgreSQL 18: ADD CONSTRAINT … NOT NULL c NOT VALID, and VALIDATE in another file.',
  },
  {
    id: 'H4',
    name: 'an index that is not built CONCURRENTLY',
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'create index' || action.concurrent || isNew(seen, action.table)) return undefined
      return `builds an index on ${action.table}`
    },
    why: 'Whoever writes to the table waits until the index is built.',
    accepted: 'CREATE INDEX CONCURRENTLY, alone in its file.',
  },
  ...(['unique', 'primary key', 'exclusion'] as const).map((kind): HazardCheck => ({
    id: 'H6',
    name: `ADD ${kind.toUpperCase()} without USING INDEX`,
    kind: 'locks',
    finds(action, seen) {
      const added = addedConstraints(action).find(
        ({ constraint }) => constraint.kind === kind && !constraint.usingIndex,
      )
      if (!added || isNew(seen, added.table)) return undefined
      return `adds a ${kind === 'primary key' ? kind : `${kind} constraint`} to ${added.table}, and builds its index`
    },
    why: 'The index is built under ACCESS EXCLUSIVE: nobody reads or writes meanwhile.',
    accepted: 'CREATE UNIQUE INDEX CONCURRENTLY in a file of its own; then ADD CONSTRAINT … USING INDEX.',
  })),
  {
    id: 'H9',
    name: 'a renamed column',
    kind: 'note',
    finds(action, seen) {
      if (action.do !== 'rename column' || isNew(seen, action.table)) return undefined
      return `renames ${action.table}.${action.from} to ${action.to}`
    },
    why: 'The application that still runs asks for the old name (P2022) until it is replaced.',
    accepted: '@map in schema.prisma, two columns for a while, or a view.',
  },
  {
    id: 'H9',
    name: 'a renamed table',
    kind: 'note',
    finds(action, seen) {
      if ((action.do !== 'rename table' && action.do !== 'move table') || isNew(seen, action.table)) return undefined
      if (seen.file.actions.some((one) => one.do === 'create view' && one.name === action.table)) return undefined
      return `${action.do === 'rename table' ? 'renames' : 'moves'} the table ${action.table} to ${action.to}`
    },
    why: 'The application that still runs asks for the old name (P2021) until it is replaced.',
    accepted: '@@map in schema.prisma, or a view with the old name in the same file.',
  },
  {
    id: 'H9',
    name: 'a renamed value of an enum',
    kind: 'note',
    finds(action) {
      return action.do === 'rename value' ? `renames ${action.from} of ${action.type} to ${action.to}` : undefined
    },
    why: 'The application that still runs writes the old value, and fails (22P02).',
    accepted: 'Add the new value, move the rows, and leave the old one.',
  },
  {
    id: 'H11',
    name: 'another type',
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'set type' || isNew(seen, action.table)) return undefined
      const before = seen.tables.get(action.table)?.columns.get(action.column)?.type
      if (!action.isConverted && isSafeWidening(before, action.type)) return undefined
      const from = before ? ` from ${typeText(before)}` : ''
      return `changes the type of ${action.table}.${action.column}${from} to ${typeText(action.type)}`
    },
    why: rewritten,
    accepted: 'A new column of the new type, filled in batches; then the application moves over.',
  },
  ...(['foreign key', 'check'] as const).map((kind): HazardCheck => ({
    id: 'H12',
    name: `a ${kind} without NOT VALID`,
    kind: 'locks',
    finds(action, seen) {
      const added = addedConstraints(action).find(({ constraint }) => constraint.kind === kind && !constraint.notValid)
      if (!added || isNew(seen, added.table)) return undefined
      // PostgreSQL does not look at the rows of a column that begins empty.
      if (kind === 'foreign key' && added.column && !added.column.default) return undefined
      return `adds a ${kind} to ${added.table}, and reads every row to see that it holds`
    },
    why: 'The whole table is read under a lock that others wait behind.',
    accepted: 'Add it NOT VALID; VALIDATE CONSTRAINT in another file.',
  })),
  {
    id: 'H12',
    name: 'VALIDATE beside its NOT VALID',
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'validate' || isNew(seen, action.table)) return undefined
      const isAdded = seen.before.some((one) => one.do === 'add constraint' && one.constraint.name === action.name)
      return isAdded ? `checks ${action.name} in the transaction that adds it` : undefined
    },
    why: 'The rows are read under the strong lock that NOT VALID was to make short: a transaction keeps its locks to the end.',
    accepted: 'VALIDATE CONSTRAINT in another file.',
  },
  {
    id: 'H13',
    name: 'an UPDATE or a DELETE of a whole table',
    kind: 'locks',
    finds(action, seen) {
      if ((action.do !== 'update' && action.do !== 'delete') || !action.isWhole || isNew(seen, action.table))
        return undefined
      return `${action.do === 'update' ? 'writes' : 'deletes'} all rows of ${action.table} in one transaction`
    },
    why: 'Every row stays locked to the end of the transaction, and the table is twice as big afterwards.',
    accepted: 'In batches, outside the migration.',
  },
  {
    id: 'H13',
    name: 'rows are written after a change of the table',
    kind: 'locks',
    finds(action, seen) {
      if (action.do !== 'update' && action.do !== 'delete' && !(action.do === 'insert' && action.isFromQuery))
        return undefined
      const changed = seen.before.find((one) => !isRows(one) && stopsOthers(one, seen))
      if (!changed || isNew(seen, action.table)) return undefined
      const table = 'table' in changed ? changed.table : list('names' in changed ? changed.names : [])
      return `writes rows of ${action.table}, while the lock on ${table} is held`
    },
    why: 'The lock of the statement before is held to the end of the transaction, however long the rows take.',
    accepted: 'The rows in a file of their own, or in batches outside the migration.',
  },
  {
    id: '?',
    name: 'SQL that cannot be judged',
    kind: 'note',
    finds: (action) => (action.do === 'unknown SQL' ? `runs ${action.what}` : undefined),
    why: 'Nobody can tell what it does before it runs.',
    accepted: 'Write the statements out.',
  },
]
