import type { HazardId } from './hazard-ids.ts'
import { describeStatements, isTransactionControl, type Transaction } from '../sql/script-runs.ts'
import type { TreeStatement } from '../sql/tree.ts'

/** What a file does as a whole is dangerous, whatever its statements are. */
export interface FileCheck {
  id: HazardId
  name: string
  /** Refused everywhere; without it, only where a database with migrations is asked. */
  isNeverRight?: boolean
  finds(transactions: readonly Transaction[]): { words: string; at: TreeStatement } | undefined
  why: string
  accepted: string
}

const around = 'BEGIN; before the first statement and COMMIT; after the last one, or one statement a file.'

export const fileChecks: readonly FileCheck[] = [
  {
    id: 'H23',
    name: 'several statements, and no transaction around them',
    finds(transactions) {
      const told = transactions.filter(({ statements }) => !statements.every(isSetting))
      const first = told.findIndex(({ statements }) => statements.some(leavesSomething))
      const next = told[first + 1]
      if (first === -1 || !next) return undefined
      const at = next.statements.find((one) => !isTransactionControl(one)) ?? next.statements[0]!
      const stays = told.slice(0, -1).flatMap(({ statements }) => statements.filter(leavesSomething))
      return { words: `can be left half applied. A failure at the end would leave: ${describeStatements(stays)}`, at }
    },
    why: 'Prisma 7.4 and later commits each statement by itself: a failure in the middle leaves the database between two states.',
    accepted: around,
  },
  {
    id: 'H23',
    name: 'a transaction that is left open',
    isNeverRight: true,
    finds(transactions) {
      const open = transactions.find(({ isLeftOpen }) => isLeftOpen)
      const begin = open?.statements.findLast(({ tree }) => tree.TransactionStmt) ?? open?.statements[0]
      return begin && { words: 'leaves its transaction open: there is a BEGIN and no COMMIT', at: begin }
    },
    why: 'When Prisma hangs up, PostgreSQL takes all of it back, and Prisma has said that it is applied.',
    accepted: 'COMMIT; after the last statement.',
  },
]

/** Sets something for the session, and leaves nothing in the database. */
function isSetting({ tree }: TreeStatement): boolean {
  return Boolean(tree.VariableSetStmt ?? tree.VariableShowStmt ?? tree.DiscardStmt)
}

/** A SELECT without a function is taken for a look. */
function leavesSomething(statement: TreeStatement): boolean {
  const { SelectStmt: select } = statement.tree
  if (isTransactionControl(statement) || isSetting(statement)) return false
  return !select || select.intoClause !== undefined || JSON.stringify(select).includes('"FuncCall"')
}
