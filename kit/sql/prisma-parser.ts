import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  Constraint,
  CommentStmt,
  CreateFunctionStmt,
  CreateStmt,
  GrantStmt,
  RenameStmt,
} from 'libpg-query'
import type { Tree, TreeStatement } from './tree.ts'

/**
 * Whether the parser inside Prisma's native engine is known to read a statement. The engine cuts a script into statements
 * with it, and sends the script whole where there is one that it does not read. It is a parser of its own (the crate
 * sqlparser), not PostgreSQL's: what stands here was tried with its versions 0.58 to 0.62. What they disagree on counts as
 * not read, and so does what nobody has tried: sent whole, a script leaves less behind when it fails.
 */
export function isReadByPrisma({ tree, sql }: Pick<TreeStatement, 'tree' | 'sql'>): boolean {
  const [kind, node] = Object.entries(tree)[0] ?? []
  const reads = readers[kind as keyof Tree] as true | ((node: unknown, sql: string) => boolean) | undefined
  return typeof reads === 'function' ? reads(node, sql) : reads === true
}

type Readers = { [Kind in keyof Tree]?: true | ((node: NonNullable<Tree[Kind]>, sql: string) => boolean) }

const readers: Readers = {
  // Rows
  SelectStmt: (_, sql) => !/^table\b|\brows\s+from\b|\border\s+by\b.*\busing\b/is.test(sql),
  InsertStmt: ({ override = 'OVERRIDING_NOT_SET' }, sql) =>
    override === 'OVERRIDING_NOT_SET' && !/\bon\s+conflict\s+on\s+constraint\b|\btable\b/i.test(sql),
  UpdateStmt: true,
  DeleteStmt: true,
  MergeStmt: (_, sql) => !/\bdo\s+nothing\b/i.test(sql),
  TruncateStmt: true,
  CopyStmt: ({ is_from, filename }) => !is_from || filename !== undefined,
  // Tables, their columns and constraints
  CreateStmt: readsTable,
  CreateTableAsStmt: ({ into }, sql) => !into?.skipData && !/\bwith\s+data\s*;?$/i.test(sql),
  AlterTableStmt: readsAlterTable,
  RenameStmt: readsRename,
  DropStmt: ({ removeType, concurrent }) => !concurrent && dropped.has(removeType ?? ''),
  IndexStmt: ({ relation, tableSpace }) => relation?.inh === true && !tableSpace,
  // Everything else that a schema holds
  CreateSchemaStmt: ({ schemaElts = [] }) => schemaElts.length === 0,
  CreateSeqStmt: true,
  CreateEnumStmt: true,
  CompositeTypeStmt: true,
  CreateDomainStmt: ({ constraints = [] }) =>
    (constraints as Tree[]).every(({ Constraint }) => Constraint?.contype === 'CONSTR_CHECK'),
  AlterEnumStmt: true,
  ViewStmt: ({ withCheckOption = 'NO_CHECK_OPTION' }, sql) =>
    withCheckOption === 'NO_CHECK_OPTION' && !/^create\s+(or\s+replace\s+)?(temp\w*\s+)?recursive\b/i.test(sql),
  CreateFunctionStmt: readsFunction,
  CallStmt: true,
  CreateTrigStmt: ({ row, args = [] }, sql) =>
    args.length === 0 && (row === true || /\bfor\s+(each\s+)?statement\b/i.test(sql)),
  CreatePolicyStmt: true,
  CreateExtensionStmt: true,
  CommentStmt: ({ objtype }: CommentStmt) => ['OBJECT_TABLE', 'OBJECT_COLUMN', 'OBJECT_SCHEMA'].includes(objtype ?? ''),
  // Roles, rights, databases
  CreateRoleStmt: ({ stmt_type }) => stmt_type === 'ROLESTMT_ROLE',
  AlterRoleStmt: true,
  AlterRoleSetStmt: ({ setstmt }) => setstmt?.args?.length === 1,
  DropRoleStmt: true,
  GrantStmt: ({ targtype, objtype }: GrantStmt) =>
    granted.has(objtype ?? '') && !(targtype === 'ACL_TARGET_ALL_IN_SCHEMA' && objtype !== 'OBJECT_TABLE'),
  CreatedbStmt: ({ options = [] }) => options.length === 0,
  DropdbStmt: true,
  // Sessions
  VariableSetStmt: ({ kind, name }) =>
    (kind === 'VAR_SET_VALUE' || kind === 'VAR_SET_DEFAULT') && name !== 'session_authorization',
  VariableShowStmt: true,
  DiscardStmt: true,
  TransactionStmt: (_, sql) => !/^(abort|prepare)\b/i.test(sql),
  PrepareStmt: true,
  ExecuteStmt: true,
  DeallocateStmt: true,
  ListenStmt: true,
  NotifyStmt: true,
  ExplainStmt: true,
}

const dropped = new Set(
  'TABLE VIEW MATVIEW INDEX SEQUENCE SCHEMA TYPE DOMAIN FUNCTION PROCEDURE TRIGGER POLICY EXTENSION'
    .split(' ')
    .map((kind) => `OBJECT_${kind}`),
)
const granted = new Set('TABLE SEQUENCE SCHEMA DATABASE FUNCTION'.split(' ').map((kind) => `OBJECT_${kind}`))
const renamed = new Set('COLUMN TABLE TABCONSTRAINT INDEX TYPE POLICY ROLE'.split(' ').map((kind) => `OBJECT_${kind}`))

function readsTable({ relation, tableElts = [], partbound, ofTypename, accessMethod }: CreateStmt): boolean {
  const isPlain = relation?.relpersistence !== 'u' && !partbound && !ofTypename && !accessMethod
  const readsPart = ({ ColumnDef: column, Constraint: constraint }: Tree) =>
    column ? readsColumn(column) : constraint !== undefined && readsConstraint(constraint)
  return isPlain && (tableElts as Tree[]).every(readsPart)
}

function readsConstraint({ contype, indexname, including, nulls_not_distinct, fk_matchtype }: Constraint): boolean {
  return contype !== 'CONSTR_EXCLUSION' && !indexname && !including && !nulls_not_distinct && fk_matchtype !== 'f'
}

function readsRename({ renameType, relationType }: RenameStmt): boolean {
  return renamed.has(renameType ?? '') && (renameType !== 'OBJECT_COLUMN' || relationType === 'OBJECT_TABLE')
}

function readsAlterTable({ objtype, cmds = [] }: AlterTableStmt): boolean {
  return objtype === 'OBJECT_TABLE' && (cmds as Tree[]).every(({ AlterTableCmd }) => readsChange(AlterTableCmd!))
}

function readsChange({ subtype, def }: AlterTableCmd): boolean {
  const { Constraint: constraint, ColumnDef: column } = (def as Tree | undefined) ?? {}
  if (constraint) {
    // NULLS NOT DISTINCT is read here, and not in CREATE TABLE.
    return readsConstraint({ ...constraint, nulls_not_distinct: false }) && constraint.contype !== 'CONSTR_NOTNULL'
  }
  if (subtype === 'AT_AlterColumnType' && column?.collClause) return false
  return changes.has(subtype ?? '') && (!column || readsColumn(column))
}

const changes = new Set(
  (
    'AddColumn DropColumn ColumnDefault SetNotNull DropNotNull AlterColumnType AddIdentity ValidateConstraint DropConstraint ' +
    'ChangeOwner EnableRowSecurity DisableRowSecurity EnableTrig DisableTrig EnableTrigAll DisableTrigAll ReplicaIdentity'
  )
    .split(' ')
    .map((change) => `AT_${change}`),
)

function readsColumn({ storage_name, compression, constraints = [] }: ColumnDef): boolean {
  const own = (constraints as Tree[]).flatMap(({ Constraint }) => Constraint ?? [])
  return !storage_name && !compression && own.every(readsConstraint)
}

function readsFunction({ is_procedure, sql_body, options = [] }: CreateFunctionStmt, sql: string): boolean {
  const names = (options as Tree[]).map(({ DefElem }) => DefElem?.defname ?? '')
  const hasBody = sql_body !== undefined && /\bbegin\s+atomic\b/i.test(sql)
  return (
    !is_procedure && !hasBody && !/\breturns\s+setof\b|\bvariadic\b/i.test(sql) && names.every((name) => said.has(name))
  )
}

const said = new Set(['as', 'language', 'volatility', 'strict', 'parallel'])
