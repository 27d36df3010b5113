import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint as ConstraintNode } from 'libpg-query'
import type { Action, Constraint, NewColumn } from './action.ts'
import { checksIn, newTypesIn } from './clauses.ts'
import { columnOf, stringsOf, tableName, typeOf } from './names.ts'
import type { Tree } from './tree.ts'

/** What the parts of an `ALTER TABLE` do. */
export function alterActions({ relation, cmds = [] }: AlterTableStmt, sql: string): Action[] {
  const table = tableName(relation!)
  const actions = (cmds as Tree[]).flatMap(({ AlterTableCmd }) => {
    const command = AlterTableCmd!
    return parts[command.subtype as keyof typeof parts]?.(table, command) ?? []
  })
  return withTexts(actions, sql)
}

/** What the tree has not: the texts of checks and types, which stand in the statement in the same order. */
function withTexts(actions: readonly Action[], sql: string): Action[] {
  const isCheck = ({ kind }: Constraint) => kind === 'check'
  const checksOf = (action: Action) =>
    action.do === 'add constraint' ? [action.constraint] : action.do === 'add column' ? action.column.constraints : []
  const checks = actions.some((action) => checksOf(action).some(isCheck)) ? checksIn(sql) : []
  const types = actions.some((action) => action.do === 'set type') ? newTypesIn(sql) : []
  return actions.map((action) => {
    if (action.do === 'set type') return { ...action, written: types.shift() }
    const own = checksOf(action).filter(isCheck)
    const [expression] = checks.splice(0, own.length)
    return action.do === 'add constraint' && own.length > 0
      ? { ...action, constraint: { ...action.constraint, expression } }
      : action
  })
}

const parts: Record<string, (table: string, command: AlterTableCmd) => Action[]> = {
  AT_AddColumn: (table, { def }) => [{ do: 'add column', table, column: newColumn((def as Tree).ColumnDef!) }],
  AT_DropColumn: (table, { name = '', behavior }) => [
    { do: 'drop column', table, column: name, cascade: behavior === 'DROP_CASCADE' },
  ],
  AT_SetNotNull: (table, { name = '' }) => [{ do: 'set not null', table, column: name }],
  AT_AlterColumnType(table, { name = '', def }) {
    const { typeName, raw_default } = (def as Tree).ColumnDef!
    const type = typeOf(typeName)
    const isConverted = raw_default !== undefined && columnOf(raw_default as Tree) !== name
    // AT TIME ZONE is a call of timezone().
    const namesZone = JSON.stringify(raw_default ?? null).includes('"timezone"')
    return [{ do: 'set type', table, column: name, type, isConverted, namesZone, written: undefined }]
  },
  AT_AddConstraint: (table, { def }) => [
    { do: 'add constraint', table, constraint: ownConstraint((def as Tree).Constraint!) },
  ],
  AT_ValidateConstraint: (table, { name = '' }) => [{ do: 'validate', table, name }],
  AT_DropConstraint: (table, { name = '', behavior }) => [
    { do: 'drop constraint', table, name, cascade: behavior === 'DROP_CASCADE' },
  ],
  AT_DetachPartition: (_, { def }) =>
    (def as Tree).PartitionCmd?.concurrent
      ? [{ do: 'outside a transaction', what: 'DETACH PARTITION CONCURRENTLY' }]
      : [],
}

export function newColumn({ colname = '', typeName, constraints = [] }: ColumnDef): NewColumn {
  const nodes = (constraints as Tree[]).map(({ Constraint }) => Constraint!)
  const of = (contype: string) => nodes.find((node) => node.contype === contype)
  const type = typeOf(typeName)
  const value = of('CONSTR_DEFAULT')?.raw_expr as Tree | undefined
  const generated = of('CONSTR_GENERATED')
  const filled = /^(big|small)?serial\d?$/.test(type.name)
    ? 'serial'
    : of('CONSTR_IDENTITY')
      ? 'identity'
      : generated && (generated.generated_kind === 'v' ? 'virtual' : 'stored')
  return {
    name: colname,
    type,
    required: Boolean(of('CONSTR_NOTNULL') ?? of('CONSTR_PRIMARY')),
    default: isNull(value) ? undefined : value,
    filled,
    constraints: nodes
      .filter(({ contype = '' }) => contype in kinds && contype !== 'CONSTR_NOTNULL')
      .map((node) => ({ ...ownConstraint(node), columns: [colname] })),
  }
}

export function ownConstraint(node: ConstraintNode): Constraint {
  const expression = node.raw_expr as Tree | undefined
  const { arg, nulltesttype } = expression?.NullTest ?? {}
  const kind = kinds[node.contype ?? ''] ?? 'check'
  return {
    kind,
    name: node.conname ?? '',
    columns: stringsOf(kind === 'foreign key' ? node.fk_attrs : node.keys),
    usingIndex: node.indexname,
    notValid: node.skip_validation ?? false,
    nullsAreEqual: node.nulls_not_distinct ?? false,
    references: node.pktable && tableName(node.pktable),
    referenced: stringsOf(node.pk_attrs),
    required: nulltesttype === 'IS_NOT_NULL' ? columnOf(arg as Tree) : undefined,
  }
}

const kinds: Record<string, Constraint['kind']> = {
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_CHECK: 'check',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not null',
}

function isNull(value: Tree | undefined): boolean {
  return value?.A_Const?.isnull === true || (value?.TypeCast ? isNull(value.TypeCast.arg as Tree) : false)
}
