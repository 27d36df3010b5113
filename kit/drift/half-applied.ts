import { createHash } from 'node:crypto'
import type { MigrationText } from '../sql/migration-text.ts'
import type pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import { closingSql, compareCatalogs } from '../catalog/compare-catalogs.ts'
import {
  describeStatements,
  isAtomic,
  isTransactionControl,
  runsOf,
  takesNote,
  transactionsOf,
  type Transaction,
} from '../sql/script-runs.ts'
import { loadParser, type TreeStatement } from '../sql/tree.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import type { Catalogs } from '../catalog/catalogs.ts'
import { readAllRows, readNoted } from '../catalog/migration-history.ts'
import type { Env } from '../database/target.ts'
import type { Obstacle } from './drift-report.ts'
import { attempt } from './layers.ts'
import { findObstacles } from './obstacles.ts'
import { sqlOn } from './sql-command.ts'

/** What became of a migration that Prisma began and did not end, statement by statement. */
export interface TookHold {
  migration: MigrationText
  done: TreeStatement[]
  /** Neither the tables nor a note can tell: they write rows. */
  unsure: TreeStatement[]
  missing: TreeStatement[]
  /** What comes next is one that commits by itself, and may be half there: an index that is not valid. */
  isNextInParts: boolean
  /** SQL that makes the tables what they were before. */
  undo: string[]
  /** Rows at which what is missing would fail. */
  inTheWay: Obstacle[]
  /** Another text ran than the one that is in the folder now: only the tables tell what is there. */
  isOtherText?: boolean
}

/**
 * Compares the tables with what the migrations before this one make, and each of its own transactions after them; and
 * reads what the script itself has noted. Undefined where the tables are none of these: somebody changed them by hand.
 */
export async function whatTookHold(
  client: pg.Client,
  folder: readonly MigrationText[],
  name: string,
  after: Catalogs['after'],
): Promise<TookHold | undefined> {
  const migration = folder.find((one) => one.name === name)
  if (!migration) return undefined
  await loadParser()
  const transactions = transactionsOf(runsOf(migration.sql))
  const rows = await readAllRows(client)
  const texts = rows
    .filter(({ state }) => state === 'applied')
    .map((row) => folder.find((one) => one.name === row.name)?.sql ?? '')
  const live = await readCatalog(client)
  const failed = rows.find((row) => row.name === name && row.state === 'failed')
  if (failed && failed.checksum !== createHash('sha256').update(migration.sql).digest('hex')) {
    const { value: before } = await attempt(() => after(texts))
    const undo = before ? closingSql(compareCatalogs(before, live)) : []
    const nothing = { done: [], unsure: [], missing: [], isNextInParts: false, inTheWay: [] }
    if (undo.length > 0) return { migration, ...nothing, undo, isOtherText: true }
  }
  const prefixes = await replayed(texts, transactions, after)
  const fits = [...prefixes.keys()].filter((i) => compareCatalogs(prefixes[i]!, live).length === 0)
  const noted = placeOf(await readNoted(client, name), transactions)
  const [low, high] = narrowed(fits, noted, transactions)
  if (low === undefined || high === undefined) return undefined
  const between = (from: number, to: number) =>
    transactions.slice(from, to).flatMap(({ statements }) => statements.filter((one) => !isTransactionControl(one)))
  const missing = between(high, transactions.length)
  const scripts = missing.map(({ sql }) => sql)
  return {
    migration,
    done: between(0, low),
    unsure: between(low, high),
    missing,
    inTheWay: (await attempt(() => findObstacles(client, live, scripts))).value ?? [],
    isNextInParts: high < transactions.length && !isAtomic(transactions[high]!),
    undo: closingSql(compareCatalogs(prefixes[0]!, live)),
  }
}

/** The catalog before the first transaction, after it, and so on, as far as they run on empty tables. */
async function replayed(
  before: readonly string[],
  transactions: readonly Transaction[],
  after: Catalogs['after'],
): Promise<Catalog[]> {
  const found: Catalog[] = []
  const scripts = transactions.map(({ statements }) => statements.map(({ sql }) => sql).join(';\n'))
  for (let i = 0; i <= scripts.length; i++) {
    const { value } = await attempt(() => after([...before, ...scripts.slice(0, i)]), [])
    if (!value) break
    found.push(value)
  }
  return found
}

/** After how many transactions the script has noted that they took hold. */
function placeOf(statements: number | null, transactions: readonly Transaction[]): number | undefined {
  if (statements === null) return undefined
  let count = 0
  return transactions.filter((one) => (count += one.statements.length) <= statements).length
}

/** The least and the most that can have taken hold; nothing where the tables and the notes contradict each other. */
function narrowed(fits: readonly number[], noted: number | undefined, transactions: readonly Transaction[]) {
  // One that notes its own end, and has not, did not take hold; nor did those after it.
  const isExact = noted !== undefined && (noted === transactions.length || takesNote(transactions[noted]!))
  const possible = fits.filter((i) => noted === undefined || (isExact ? i === noted : i >= noted))
  return [possible[0], possible.at(-1)] as const
}

/** A sentence without its end. */
export function describeTookHold({ done, unsure, missing, isOtherText }: TookHold): string {
  return [
    isOtherText && 'has left a part in the tables, and its text is not in the folder any more',
    done.length > 0 && `is there: ${describeStatements(done)}`,
    unsure.length > 0 && `cannot be seen in the tables: ${describeStatements(unsure)}`,
    missing.length > 0 && `is not there: ${describeStatements(missing)}`,
  ]
    .filter(Boolean)
    .join('; ')
}

/** Whether only a part of it is there, or nobody can tell. */
export function isHalf({ done, unsure, missing, isOtherText = false }: TookHold): boolean {
  return isOtherText || unsure.length > 0 || (done.length > 0 && missing.length > 0)
}

/** The ways out, as commands: finish by hand and say so, where rows let it end; or undo by hand and say so. */
export function waysOut(took: TookHold, env: Env): string[] {
  const { migration, done, unsure, missing, inTheWay, isOtherText } = took
  const on = env === 'dev' ? '' : ` --env ${env}`
  const resolve = (how: string) => `npm run migrate -- resolve --${how} ${migration.name}${on}`
  const look = unsure.length > 0 ? [`npm run psql -- --env ${env}    (look first: ${describeStatements(unsure)})`] : []
  if (isOtherText) {
    return [
      'Its text is not in the folder any more, so nobody can tell what it wrote into rows. Undo the tables by hand, and say so:',
      ...undone(took, env),
      resolve('rolled-back'),
    ]
  }
  if (missing.length === 0 && unsure.length === 0) return [`${resolve('applied')}    (all of it is there)`]
  if (done.length === 0 && unsure.length === 0) return [`${resolve('rolled-back')}    (nothing of it is there)`]
  const [obstacle] = inTheWay
  const finish = ['Finish it by hand, and say so:', ...finished(took, env), resolve('applied')]
  return [
    ...look,
    ...(obstacle ? [] : finish),
    obstacle
      ? `It cannot be finished as it is, for ${obstacle.words}. So undo it by hand, and say so:`
      : 'Or undo it by hand, and say so:',
    ...undone(took, env),
    resolve('rolled-back'),
  ]
}

/** All at once, or each by itself where one commits by itself, or is better copied than typed. */
function finished({ migration, missing }: TookHold, env: Env): string[] {
  const isTogether = isAtomic({ statements: missing }) && missing.every(isShort)
  if (isTogether && missing.length > 0)
    return [
      sqlOn(
        env,
        missing.map(({ sql }) => sql),
      ),
    ]
  return missing.map((statement) => typed(statement, migration.name, env))
}

/** The tables as they were, in one transaction. What was written into rows stays, and that is said. */
function undone({ done, undo }: TookHold, env: Env): string[] {
  const wrote = done.filter(writesRows)
  return [
    ...(wrote.length > 0
      ? [
          `What ${describeStatements(wrote)} wrote into rows is not undone by this. Which values are others now, says  npm run check`,
        ]
      : []),
    ...(undo.length > 0
      ? [
          sqlOn(
            env,
            undo.map((sql) => sql.replace(/\n\s*/g, ' ')),
          ),
        ]
      : []),
    ...(undo.length === 0 && done.length > 0 ? [`npm run psql -- --env ${env}    (and take back what it wrote)`] : []),
  ]
}

function writesRows({ tree }: TreeStatement): boolean {
  const { UpdateStmt, InsertStmt, DeleteStmt, MergeStmt, CopyStmt, DoStmt, CallStmt } = tree
  return Boolean(UpdateStmt ?? InsertStmt ?? DeleteStmt ?? MergeStmt ?? CopyStmt ?? DoStmt ?? CallStmt)
}

const isShort = ({ sql }: TreeStatement) => !/\n|--|\/\*/.test(sql)

/** What has more than a line, or a comment in it, is better copied than typed. */
function typed(statement: TreeStatement, name: string, env: Env): string {
  const { sql, line } = statement
  if (isShort(statement)) return sqlOn(env, [sql])
  return `npm run psql -- --env ${env}    (the statement of line ${line} of prisma/migrations/${name}/migration.sql)`
}
