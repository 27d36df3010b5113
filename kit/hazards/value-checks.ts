import type { HazardCheck } from './hazard.ts'
import { counted } from '../terminal/numbers.ts'
import type { Action } from '../sql/action.ts'
import {
  addedConstraints,
  cannotBeTwice,
  isKept,
  isNew,
  isWholeKept,
  keepsValues,
  list,
  newNameOf,
} from './statement-looks.ts'
import { columnKeys, describeKeys, type UniqueKeys } from '../sql/unique-keys.ts'

/** What loses values, or cannot succeed where there are rows. */
export const valueChecks: readonly HazardCheck[] = [
  {
    id: 'H1',
    name: 'a required column without a default',
    kind: 'fails',
    finds(action, seen) {
      if (action.do !== 'add column' || isNew(seen, action.table)) return undefined
      const { name, required, default: value, filled } = action.column
      if (!required || value || filled) return undefined
      return `adds the required column ${action.table}.${name}, and the rows that are there have no value for it`
    },
    why: 'On a table with rows it fails with 23502, and Prisma then refuses every deploy until it is resolved.',
    accepted: 'Add it nullable, fill it in batches, then require it (CHECK … NOT VALID, VALIDATE, SET NOT NULL).',
  },
  ...(['unique index', 'unique constraint', 'unique column'] as const).map((what): HazardCheck => ({
    id: 'H5',
    name: `a ${what} without a look for duplicates`,
    kind: 'fails',
    finds(action, seen) {
      const found = uniqueness[what](action)
      if (!found || cannotBeTwice(seen, found)) return undefined
      const { columns, keys } = found
      const names = columns.length > 0 ? `${found.table}.${list(columns)}` : `${found.table} by ${describeKeys(keys)}`
      const isSure = seen.facts.hasDuplicates?.(found.table, keys) === true
      return `makes ${names} unique, and ${isSure ? 'there are rows' : 'nobody has looked for rows'} that are equal`
    },
    why: 'One pair of equal rows is enough to fail (23505); a concurrent build also leaves an invalid index behind.',
    accepted:
      'Look on PROD first:  SELECT … GROUP BY … HAVING count(*) > 1  — or in a DO block that raises an exception.',
  })),
  {
    id: 'H7',
    name: 'CONCURRENTLY in a transaction',
    kind: 'fails',
    finds(action, { transaction: { statements, isExplicit } }) {
      if (action.do !== 'outside a transaction' || statements < 2) return undefined
      if (isExplicit) return `${action.what} stands between BEGIN and COMMIT`
      return `${action.what} is sent in one batch with ${counted(statements - 1, 'other statement')}: Prisma’s parser does not read them all`
    },
    why: 'What is sent in one batch is one transaction, and there it fails with 25001; Prisma says P3018, then P3009.',
    accepted: 'One such statement a file, and nothing else in it.',
  },
  {
    id: 'H8',
    name: 'a drop and an add that look like a rename',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'drop column' || isNew(seen, action.table)) return undefined
      const to = newNameOf(action, seen)
      if (to === undefined || isKept(seen, action.table, action.column)) return undefined
      return `drops ${action.table}.${action.column} and adds ${to}: a rename as Prisma writes it, and all values are lost`
    },
    why: 'Prisma cannot tell a renamed field from a new one; the new column begins empty.',
    accepted: 'ALTER TABLE … RENAME COLUMN, or @map in schema.prisma, or expand and contract.',
  },
  {
    id: 'H10',
    name: 'a dropped column',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'drop column') return undefined
      const { table, column } = action
      if (isKept(seen, table, column)) return undefined
      if (isNew(seen, table) ? !keepsValues(seen, table) : newNameOf(action, seen)) return undefined
      if (seen.tables.get(table)?.columns.get(column)?.isEmpty) return undefined
      return `drops the column ${table}.${column}, with its values`
    },
    why: 'A dropped value comes back from a backup only, and the old application still asks for it.',
    accepted: 'Keep the values in schema archive first, one release after nothing uses the column; then drop it.',
  },
  {
    id: 'H10',
    name: 'a dropped table',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'drop' || action.what !== 'TABLE') return undefined
      const lost = action.names.filter((name) =>
        isNew(seen, name) ? keepsValues(seen, name) : !isWholeKept(seen, name),
      )
      return lost.length > 0 ? `drops the table ${list(lost)}, with its rows` : undefined
    },
    why: 'Dropped rows come back from a backup only.',
    accepted: 'Move it away first (ALTER TABLE … SET SCHEMA archive), or copy all its rows; drop it a release later.',
  },
  {
    id: 'H10',
    name: 'a dropped schema or database',
    kind: 'loses',
    finds(action) {
      if (action.do !== 'drop' || !['SCHEMA', 'DATABASE', 'OWNED'].includes(action.what)) return undefined
      return `drops ${action.what === 'OWNED' ? 'all that a role owns' : `the ${action.what.toLowerCase()} ${list(action.names)}`}`
    },
    why: 'All that stands in it goes along.',
    accepted: 'Drop what is in it by name, after its values are kept.',
  },
  {
    id: 'H10',
    name: 'TRUNCATE',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'truncate') return undefined
      const lost = action.tables.filter((name) => !isNew(seen, name) && !seen.kept.has(`${name}.*`))
      if (lost.length === 0 && !action.cascade) return undefined
      return `empties ${list(action.tables)}${action.cascade ? ', and every table that points to it' : ''}`
    },
    why: 'All rows are gone, without a trigger of a row and without a word.',
    accepted: 'Copy all rows into schema archive first.',
  },
  {
    id: 'H10',
    name: 'a DELETE of all rows',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'delete' || !action.isWhole) return undefined
      if (isNew(seen, action.table) || seen.kept.has(`${action.table}.*`)) return undefined
      return `deletes all rows of ${action.table}`
    },
    why: 'Deleted rows come back from a backup only.',
    accepted: 'Copy all rows into schema archive first.',
  },
  {
    id: 'H10',
    name: 'a dropped attribute',
    kind: 'loses',
    finds(action) {
      if (action.do !== 'drop attribute') return undefined
      return `drops the attribute ${action.type}.${action.attribute}, and with it a part of every value of that type`
    },
    why: 'Every column of the type loses it at once, in whatever table it stands.',
    accepted:
      'Make a new type and a new column of it, copy the values; archive and drop the old column a release later.',
  },
  {
    id: 'H10',
    name: 'CASCADE',
    kind: 'loses',
    finds(action) {
      if (action.do !== 'drop' || !action.cascade || !mayTakeColumns.has(action.what)) return undefined
      return `drops ${list(action.names)} with CASCADE: every column that uses it goes along`
    },
    why: 'CASCADE drops what nobody has named: a column of a dropped type, with its values.',
    accepted: 'Without CASCADE PostgreSQL names what is in the way; change each of them on purpose.',
  },
]

const mayTakeColumns = new Set(['TYPE', 'DOMAIN', 'EXTENSION', 'COLLATION', 'FUNCTION', 'ROUTINE'])

type Found = { table: string; columns: string[]; keys: UniqueKeys } | undefined

const uniqueness: Record<'unique index' | 'unique constraint' | 'unique column', (action: Action) => Found> = {
  'unique index': (action) =>
    action.do === 'create index' && action.keys ? { ...action, keys: action.keys } : undefined,
  'unique constraint'(action) {
    if (action.do !== 'add constraint') return undefined
    const { kind, usingIndex, columns, nullsAreEqual } = action.constraint
    const isBuilt = (kind === 'unique' || kind === 'primary key') && !usingIndex
    return isBuilt ? { table: action.table, columns, keys: columnKeys(columns, nullsAreEqual) } : undefined
  },
  /** Without a default all values are NULL, and equal to nothing. */
  'unique column'(action) {
    const [added] = addedConstraints(action).filter(
      ({ constraint: { kind } }) => kind === 'unique' || kind === 'primary key',
    )
    if (!added?.column?.default) return undefined
    const columns = [added.column.name]
    return { table: added.table, columns, keys: columnKeys(columns) }
  },
}
