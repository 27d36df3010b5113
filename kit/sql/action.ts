import type { Tree } from './tree.ts'
import type { UniqueKeys } from './unique-keys.ts'

/** One thing that a statement does. Names of schema public stand without it: `recruits`, `archive.recruits`. */
export type Action =
  | { do: 'create table'; table: string; columns: NewColumn[]; keys: string[][]; foreignKeys?: Constraint[] }
  | { do: 'add column'; table: string; column: NewColumn }
  | { do: 'drop column'; table: string; column: string; cascade: boolean }
  | { do: 'set not null'; table: string; column: string }
  | {
      do: 'set type'
      table: string
      column: string
      type: ColumnType
      isConverted: boolean
      namesZone: boolean
      /** The type and the expression as they are written. */
      written: { type: string; using: string | undefined } | undefined
    }
  | { do: 'add constraint'; table: string; constraint: Constraint }
  | { do: 'validate'; table: string; name: string }
  | { do: 'drop constraint'; table: string; name: string; cascade: boolean }
  | {
      do: 'create index'
      table: string
      name: string
      /** None where it stands on expressions, or on some rows only. */
      columns: string[]
      unique: boolean
      concurrent: boolean
      /** Of a unique one, where the text of the statement is known. */
      keys: UniqueKeys | undefined
    }
  | { do: 'rename column'; table: string; from: string; to: string }
  | { do: 'rename table'; table: string; to: string }
  | { do: 'move table'; table: string; to: string }
  | { do: 'rename value'; type: string; from: string; to: string }
  | { do: 'drop attribute'; type: string; attribute: string }
  | { do: 'drop'; what: string; names: string[]; cascade: boolean }
  | { do: 'truncate'; tables: string[]; cascade: boolean }
  | { do: 'update'; table: string; sets: Copied[]; isWhole: boolean }
  | { do: 'delete'; table: string; isWhole: boolean }
  | { do: 'insert'; table: string; isFromQuery: boolean }
  | { do: 'copy rows'; from: string; into: string; columns: string[] | 'all' }
  | { do: 'create view'; name: string }
  | { do: 'look for duplicates'; table: string; columns: string[] }
  | { do: 'outside a transaction'; what: string }
  | { do: 'unknown SQL'; what: string }
  | { do: 'look at the place'; what: string }

export interface ColumnType {
  /** As PostgreSQL calls it inside: `int4`, `varchar`, `text`. */
  name: string
  /** Of `varchar(20)` or `numeric(10, 2)`. */
  sizes: number[]
  isArray: boolean
}

export interface NewColumn {
  name: string
  type: ColumnType
  required: boolean
  /** The expression's tree; undefined where there is none, or where it is NULL. */
  default: Tree | undefined
  filled: 'serial' | 'identity' | 'stored' | 'virtual' | undefined
  constraints: Constraint[]
}

export interface Constraint {
  kind: 'unique' | 'primary key' | 'foreign key' | 'check' | 'exclusion' | 'not null'
  name: string
  columns: string[]
  /** Made from an index that is there already. */
  usingIndex: string | undefined
  notValid: boolean
  /** Of a unique one: whether two rows without a value are equal. */
  nullsAreEqual: boolean
  /** Of a foreign key; no columns where it means the key of that table. */
  references: string | undefined
  referenced: string[]
  /** Of a check that an ALTER TABLE adds: its expression, as it is written. */
  expression?: string | undefined
  /** Of `CHECK (c IS NOT NULL)`: c. */
  required: string | undefined
}

/** `SET b = a`: the values of column `from` stand in `to` afterwards. */
export interface Copied {
  to: string
  /** Undefined where it is anything but a column's value. */
  from: string | undefined
}
