import { isReadByPrisma } from './prisma-parser.ts'
import { statementsIn, type Tree, type TreeStatement } from './tree.ts'

/** A text that is sent to PostgreSQL at once, as Prisma's native engine sends it since 7.4. */
export interface Run {
  /** With the comments before it. */
  sql: string
  /** Where it begins in the script, in characters. */
  offset: number
  statements: readonly TreeStatement[]
}

/** Statements that take hold together or not at all. */
export interface Transaction {
  runs: readonly Run[]
  statements: readonly TreeStatement[]
  /** Ends with the script's last statement, and no COMMIT. */
  isLeftOpen: boolean
  /** Begins with BEGIN, or goes on where another one ended with AND CHAIN. */
  isExplicit: boolean
}

/**
 * How Prisma runs a script: statement by statement, each committed by itself; or whole, where there is a statement that
 * its parser does not read. PostgreSQL runs several statements that arrive together in one implicit transaction.
 * `loadParser` comes first.
 */
export function runsOf(script: string, statements = statementsIn(script)): Run[] {
  // What PostgreSQL does not read, it refuses whole; so it is sent.
  if (statements === undefined) return [{ sql: script, offset: 0, statements: [] }]
  if (statements.length === 0) return []
  if (!statements.every(isReadByPrisma)) return [{ sql: script, offset: 0, statements }]
  const bytes = Buffer.from(script)
  let [at, characters] = [0, 0]
  return statements.map((statement) => {
    const text = bytes.subarray(at, statement.to).toString()
    const sql = text.replace(/^[\s;]+/, '')
    const offset = characters + text.length - sql.length
    at = statement.to
    characters += text.length
    return { sql, offset, statements: [statement] }
  })
}

/** The transactions in which a script runs. */
export function transactionsOf(runs: readonly Run[]): Transaction[] {
  const all: Transaction[] = []
  let open: { runs: Run[]; statements: TreeStatement[]; isExplicit: boolean } | undefined
  const close = (isLeftOpen = false) => {
    if (open) all.push({ ...open, isLeftOpen })
    open = undefined
  }
  for (const run of runs) {
    for (const statement of run.statements) {
      const verb = verbOf(statement)
      open ??= { runs: [], statements: [], isExplicit: false }
      if (open.runs.at(-1) !== run) open.runs.push(run)
      open.statements.push(statement)
      if (verb === 'begin') open.isExplicit = true
      if (verb === 'end' || verb === 'end and chain') close()
      if (verb === 'end and chain') open = { runs: [], statements: [], isExplicit: true }
    }
    if (!open?.isExplicit) close()
  }
  close(true)
  return all
}

/** Whether a failure leaves nothing of a transaction behind: no statement in it commits by itself, or is half there. */
export function isAtomic({ statements }: Pick<Transaction, 'statements'>): boolean {
  return !statements.some(commitsByItself)
}

/** Runs outside a transaction, or ends one by itself. */
export function commitsByItself({ tree, sql }: Pick<TreeStatement, 'tree' | 'sql'>): boolean {
  if (tree.CallStmt || /\bconcurrently\b/i.test(withoutStrings(sql))) return true
  if (tree.VacuumStmt?.is_vacuumcmd || tree.CreatedbStmt || tree.DropdbStmt || tree.AlterSystemStmt) return true
  return tree.DoStmt ? endsTransaction(tree.DoStmt.args as Tree[] | undefined) : false
}

/** Whether a note can be written in the same transaction, and changes nothing about it. */
export function takesNote(transaction: Transaction): boolean {
  const { statements, isLeftOpen } = transaction
  // Alone these are refused outside a transaction, and a note beside them would make one.
  const [{ tree } = { tree: {} as Tree }] = statements
  const isAlone =
    statements.length === 1 && (tree.LockStmt ?? tree.DeclareCursorStmt ?? tree.TransactionStmt) !== undefined
  return isAtomic(transaction) && !isLeftOpen && !isAlone
}

/** BEGIN and its relatives, which do nothing by themselves. */
export function isTransactionControl({ tree }: Pick<TreeStatement, 'tree'>): boolean {
  return tree.TransactionStmt !== undefined
}

/** `line 3: ALTER TABLE "recruits" ADD COLUMN … · line 6: …`, without BEGIN and COMMIT. */
export function describeStatements(statements: readonly TreeStatement[]): string {
  const told = statements.filter((one) => !isTransactionControl(one))
  const shown = told.slice(0, 5).map(({ line, sql }) => `line ${line}, ${short(sql)}`)
  return [...shown, ...(told.length > 5 ? [`and ${told.length - 5} more`] : [])].join(' · ')
}

function short(sql: string): string {
  const line = sql.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function verbOf({ tree }: TreeStatement): 'begin' | 'end' | 'end and chain' | undefined {
  const { kind, chain } = tree.TransactionStmt ?? {}
  if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') return 'begin'
  const ends = ['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE']
  if (!ends.includes(kind ?? '')) return undefined
  return chain ? 'end and chain' : 'end'
}

function endsTransaction(args: Tree[] = []): boolean {
  const body = args.find(({ DefElem }) => DefElem?.defname === 'as')?.DefElem?.arg as Tree | undefined
  return /\b(commit|rollback)\b/i.test(body?.String?.sval ?? '')
}

function withoutStrings(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[^]*?\*\//g, ' ')
}
