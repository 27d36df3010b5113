import { fileChecks, type FileCheck } from './file-checks.ts'
import { lockChecks } from './lock-checks.ts'
import { meaningChecks } from './meaning-checks.ts'
import { placeActions, placeChecks } from './place-checks.ts'
import { valueChecks } from './value-checks.ts'
import { nothingSeen, remember } from './memory.ts'
import { isRows } from './statement-looks.ts'
import type { Hazard, HazardCheck, HazardFacts, Seen } from './hazard.ts'
import type { Action } from '../sql/action.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { runsOf, transactionsOf } from '../sql/script-runs.ts'
import { actionsOf } from '../sql/actions.ts'
import { mendText } from '../sql/unreadable-text.ts'
import { lockOf } from './locks.ts'
import { parseScript, SqlUnreadable, type TreeStatement } from '../sql/tree.ts'

/** All that is looked for in the text of migrations. */
export const hazardChecks: readonly HazardCheck[] = [
  ...valueChecks,
  ...meaningChecks,
  ...lockChecks,
  ...placeChecks,
].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))

export interface Judged {
  /** Migrations that ran before, oldest first: they tell which tables, types and checks there are. */
  landed?: readonly MigrationText[]
  facts?: HazardFacts
  checks?: readonly HazardCheck[]
  ofFile?: readonly FileCheck[]
}

/** A table of so many rows makes others wait longer than they notice. */
export const manyRows = 100_000

/**
 * What is dangerous in migrations that are to run, in the order given. Needs no database; with `facts` of one, what locks
 * is refused on big tables, and nothing is lost where there are no rows. `loadParser` comes first.
 */
export function hazardsOf(
  pending: readonly MigrationText[],
  { landed = [], facts = {}, checks = hazardChecks, ofFile = fileChecks }: Judged = {},
): Hazard[] {
  const seen = nothingSeen(facts)
  for (const { sql } of landed) {
    seen.before = []
    // What cannot be read leaves its tables unknown, and then they count as tables with rows.
    for (const action of read(sql).statements.flatMap(actionsOf)) remember(action, seen, false)
  }
  // A database that is new stands between no two states; and without one, it is for a person to judge.
  const ofFileLevel = facts.rows && landed.length > 0 ? 'refuse' : 'note'
  return pending.flatMap((migration) => [
    ...hazardsIn(migration, seen, checks),
    ...fileHazards(migration, ofFile, ofFileLevel),
  ])
}

function hazardsIn({ name, sql }: MigrationText, seen: Seen, checks: readonly HazardCheck[]): Hazard[] {
  const { statements, unreadable } = read(sql)
  if (unreadable) return [cannotBeRead(name, sql, unreadable)]
  const transactions = transactionsOf(runsOf(sql, statements))
  const actions = new Map(statements.map((one) => [one, [...actionsOf(one), ...placeActions(one.sql)]]))
  seen.file = { actions: [...actions.values()].flat() }
  return transactions.flatMap(({ statements: together, isExplicit }) => {
    seen.before = []
    const own = together.flatMap((statement) => actions.get(statement)!)
    seen.transaction = { actions: own, statements: together.length, isExplicit }
    return together.flatMap((statement) =>
      actions.get(statement)!.flatMap((action) => {
        const here = checks.flatMap((check) => hazard(check, action, seen, name, statement))
        remember(action, seen, true)
        return here
      }),
    )
  })
}

function read(sql: string): { statements: TreeStatement[]; unreadable?: SqlUnreadable } {
  try {
    return { statements: parseScript(sql) }
  } catch (error) {
    if (error instanceof SqlUnreadable) return { statements: [], unreadable: error }
    throw error
  }
}

function fileHazards({ name, sql }: MigrationText, checks: readonly FileCheck[], level: Hazard['level']): Hazard[] {
  const transactions = transactionsOf(runsOf(sql))
  return checks.flatMap((check): Hazard[] => {
    const found = check.finds(transactions)
    if (!found) return []
    const { id, name: checkName, why, accepted, isNeverRight } = check
    const { line, sql: statement } = found.at
    const none = { table: undefined, lock: undefined, rewrite: false, endLine: undefined }
    const ownLevel = isNeverRight ? 'refuse' : level
    return [
      {
        id,
        check: checkName,
        migration: name,
        line,
        statement,
        words: found.words,
        why,
        accepted,
        level: ownLevel,
        ...none,
      },
    ]
  })
}

function cannotBeRead(migration: string, sql: string, { line, message }: SqlUnreadable): Hazard {
  const statement = (sql.split(/\r?\n/)[line - 1] ?? '').trim()
  return {
    id: 'unreadable',
    check: 'SQL that PostgreSQL does not read',
    migration,
    line,
    endLine: line,
    statement,
    table: undefined,
    words: `is no SQL: ${message}`,
    lock: undefined,
    rewrite: false,
    level: 'refuse',
    why: 'PostgreSQL would stop there too, and the deploy with it. Nothing else in the file was judged.',
    accepted: mendText(sql).join(' ') || 'Mend the line.',
  }
}

function hazard(
  check: HazardCheck,
  action: Action,
  seen: Seen,
  migration: string,
  { sql, line, endLine }: TreeStatement,
): Hazard[] {
  const words = check.finds(action, seen)
  if (words === undefined) return []
  const { id, name, why, accepted } = check
  const table = tableOf(action)
  const level = levelOf(check, table, seen)
  const statement = sql.length > 2_000 ? `${sql.slice(0, 2_000)} …` : sql
  return [
    {
      id,
      check: name,
      migration,
      line,
      endLine,
      statement,
      table,
      words,
      ...lockOf(action, seen),
      why,
      accepted,
      level,
    },
  ]
}

function levelOf({ id, kind }: HazardCheck, table: string | undefined, { transaction, facts }: Seen): Hazard['level'] {
  const rows = table === undefined ? undefined : facts.rows?.(table)
  if (kind === 'note') return 'note'
  // Nothing can be done about the transaction that it stands in.
  if (id === 'H7') return 'refuse'
  if (kind === 'loses' || kind === 'fails') return rows === 0 ? 'note' : 'refuse'
  const isBackfillAlone = id === 'H13' && transaction.actions.every(isRows)
  return rows !== undefined && rows >= manyRows && !isBackfillAlone ? 'refuse' : 'note'
}

function tableOf(action: Action): string | undefined {
  if ('table' in action) return action.table
  if (action.do === 'truncate') return action.tables[0]
  return action.do === 'drop' && action.what === 'TABLE' ? action.names[0] : undefined
}
