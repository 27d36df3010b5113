import type { AlterTableStmt, InsertStmt, SelectStmt } from 'libpg-query'
import type { Action } from './action.ts'
import { alterActions, newColumn, ownConstraint } from './alter-table.ts'
import { copiedRows, copiedValues, isWhole, looksForDuplicates } from './copied-rows.ts'
import { objectName, qualified, tableName } from './names.ts'
import { parseScript, statementsIn, statementsInBody, SqlUnreadable, type Tree, type TreeStatement } from './tree.ts'
import { uniqueKeys } from './unique-keys.ts'

/** What a whole script does; nothing for one that cannot be read: whoever runs it says so. `loadParser` comes first. */
export function actionsIn(script: string): Action[] {
  return (statementsIn(script) ?? []).flatMap(actionsOf)
}

/** What a statement does, in order. What changes neither rows nor tables that are there is nothing. */
export function actionsOf({ tree, sql }: Pick<TreeStatement, 'tree' | 'sql'>): Action[] {
  const [kind, node] = Object.entries(tree)[0] ?? []
  return (readers as Record<string, (node: unknown, sql: string) => Action[]>)[kind ?? '']?.(node, sql) ?? []
}

/** How each kind of statement is read. */
const readers: { [Kind in keyof Tree]: (node: NonNullable<Tree[Kind]>, sql: string) => Action[] } = {
  CreateStmt({ relation, tableElts = [] }) {
    const parts = tableElts as Tree[]
    const columns = parts.flatMap(({ ColumnDef }) => (ColumnDef ? [newColumn(ColumnDef)] : []))
    const constraints = [
      ...parts.flatMap(({ Constraint }) => (Constraint ? [ownConstraint(Constraint)] : [])),
      ...columns.flatMap((column) => column.constraints),
    ]
    const keys = constraints.filter(({ kind }) => kind === 'unique' || kind === 'primary key')
    const foreignKeys = constraints.filter(({ kind }) => kind === 'foreign key')
    return [
      { do: 'create table', table: tableName(relation!), columns, keys: keys.map((key) => key.columns), foreignKeys },
    ]
  },
  CreateTableAsStmt({ query, into, objtype }) {
    const table = tableName(into!.rel!)
    if (objtype !== 'OBJECT_TABLE') return []
    const copies = into!.skipData ? [] : copiedRows((query as Tree).SelectStmt, into!.rel!)
    return [{ do: 'create table', table, columns: [], keys: [] }, ...copies]
  },
  SelectStmt(select: SelectStmt) {
    if (!select.intoClause?.rel) return inner(select.withClause)
    const { rel } = select.intoClause
    return [{ do: 'create table', table: tableName(rel), columns: [], keys: [] }, ...copiedRows(select, rel)]
  },
  AlterTableStmt(alter: AlterTableStmt, sql) {
    if (alter.objtype === 'OBJECT_TYPE') return droppedAttributes(alter)
    return alter.objtype === 'OBJECT_TABLE' ? alterActions(alter, sql) : []
  },
  IndexStmt(node, sql) {
    const { relation, idxname = '', indexParams = [], unique = false, concurrent = false, whereClause } = node
    const keys = unique ? uniqueKeys(node, sql) : undefined
    const columns = (indexParams as Tree[]).map(({ IndexElem }) => IndexElem?.name ?? '')
    const index = { do: 'create index', table: tableName(relation!), name: idxname, unique, concurrent, keys } as const
    const isPlain = !whereClause && columns.every(Boolean)
    return [
      { ...index, columns: isPlain ? columns : [] },
      ...(concurrent ? [{ do: 'outside a transaction', what: 'CREATE INDEX CONCURRENTLY' } as const] : []),
    ]
  },
  RenameStmt({ renameType, relationType, relation, subname = '', newname = '' }) {
    if (renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE')
      return [{ do: 'rename column', table: tableName(relation!), from: subname, to: newname }]
    if (renameType === 'OBJECT_TABLE')
      return [{ do: 'rename table', table: tableName(relation!), to: qualified(relation!.schemaname, newname) }]
    return []
  },
  AlterObjectSchemaStmt({ objectType, relation, newschema }) {
    if (objectType !== 'OBJECT_TABLE') return []
    return [{ do: 'move table', table: tableName(relation!), to: qualified(newschema, relation!.relname!) }]
  },
  AlterEnumStmt({ typeName, oldVal, newVal = '' }) {
    const type = objectName({ List: { items: typeName ?? [] } })
    return oldVal === undefined ? [] : [{ do: 'rename value', type, from: oldVal, to: newVal }]
  },
  DropStmt({ objects = [], removeType = '', behavior, concurrent }) {
    const what = removeType.replace('OBJECT_', '').replace('MATVIEW', 'MATERIALIZED VIEW')
    const names = (objects as Tree[]).map(objectName)
    if (concurrent) return [{ do: 'outside a transaction', what: 'DROP INDEX CONCURRENTLY' }]
    return [{ do: 'drop', what, names, cascade: behavior === 'DROP_CASCADE' }]
  },
  DropOwnedStmt: () => [{ do: 'drop', what: 'OWNED', names: [], cascade: false }],
  DropdbStmt: ({ dbname = '' }) => [
    { do: 'drop', what: 'DATABASE', names: [dbname], cascade: false },
    { do: 'outside a transaction', what: 'DROP DATABASE' },
  ],
  TruncateStmt: ({ relations = [], behavior }) => [
    {
      do: 'truncate',
      tables: (relations as Tree[]).map(({ RangeVar }) => tableName(RangeVar!)),
      cascade: behavior === 'DROP_CASCADE',
    },
  ],
  UpdateStmt(update) {
    const table = tableName(update.relation!)
    const isAll = !update.fromClause && isWhole(update.whereClause as Tree | undefined)
    return [...inner(update.withClause), { do: 'update', table, sets: copiedValues(update), isWhole: isAll }]
  },
  DeleteStmt(one) {
    const isAll = !one.usingClause && isWhole(one.whereClause as Tree | undefined)
    return [...inner(one.withClause), { do: 'delete', table: tableName(one.relation!), isWhole: isAll }]
  },
  InsertStmt(insert: InsertStmt) {
    const select = (insert.selectStmt as Tree | undefined)?.SelectStmt
    const isFromQuery = select !== undefined && !select.valuesLists
    return [
      ...inner(insert.withClause),
      { do: 'insert', table: tableName(insert.relation!), isFromQuery },
      ...(isFromQuery && !insert.withClause ? copiedRows(select, insert.relation!, insert) : []),
    ]
  },
  ViewStmt: ({ view }) => [{ do: 'create view', name: tableName(view!) }],
  ReindexStmt: ({ params = [] }) =>
    (params as Tree[]).some(({ DefElem }) => DefElem?.defname === 'concurrently')
      ? [{ do: 'outside a transaction', what: 'REINDEX CONCURRENTLY' }]
      : [],
  VacuumStmt: ({ is_vacuumcmd }) => (is_vacuumcmd ? [{ do: 'outside a transaction', what: 'VACUUM' }] : []),
  CreatedbStmt: () => [{ do: 'outside a transaction', what: 'CREATE DATABASE' }],
  AlterSystemStmt: () => [{ do: 'outside a transaction', what: 'ALTER SYSTEM' }],
  DoStmt({ args = [] }) {
    const body = (args as Tree[]).find(({ DefElem }) => DefElem?.defname === 'as')?.DefElem?.arg as Tree | undefined
    return body?.String?.sval === undefined ? [] : actionsOfBody(body.String.sval)
  },
}

/** `ALTER TYPE address DROP ATTRIBUTE town`. */
function droppedAttributes({ relation, cmds = [] }: AlterTableStmt): Action[] {
  const type = tableName(relation!)
  return (cmds as Tree[]).flatMap(({ AlterTableCmd: command }): Action[] =>
    command?.subtype === 'AT_DropColumn' ? [{ do: 'drop attribute', type, attribute: command.name ?? '' }] : [],
  )
}

/** `WITH gone AS (DELETE …) …` */
function inner(clause: { ctes?: unknown[] } | undefined): Action[] {
  return ((clause?.ctes ?? []) as Tree[]).flatMap(({ CommonTableExpr }) =>
    actionsOf({ tree: (CommonTableExpr?.ctequery ?? {}) as Tree, sql: '' }),
  )
}

/** What a `DO` block does counts as if it stood there itself, whatever `IF` is around it. */
function actionsOfBody(body: string): Action[] {
  try {
    const statements = statementsInBody(body)
    const run = statements.flatMap(({ sql }): Action[] =>
      sql === null
        ? [{ do: 'unknown SQL', what: 'EXECUTE of a text that is built at run time' }]
        : parseScript(sql).flatMap(actionsOf),
    )
    return [...run, ...looksForDuplicates(body)]
  } catch (error) {
    if (!(error instanceof SqlUnreadable)) throw error
    return [{ do: 'unknown SQL', what: `a DO block: ${error.message}` }]
  }
}
