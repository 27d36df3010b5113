import type { Catalog } from '../catalog/catalog.ts'
import { noAnswers, rowsWithoutValue, withAnswers, type Answers, type LiveDatabase } from './next-question.ts'
import { bare, dotted, dottedPart, isLabel, splitHalves, splitName } from '../catalog/dotted-name.ts'
import { renamedTo } from '../catalog/rename-steps.ts'
import { notReleased } from '../git/release-branch.ts'
import { shownColumns } from './shown-columns.ts'

/** What was typed, as `--rename people=recruits --drop recruits.id_number --backfill "recruits.cohort='C25'"`. */
export interface Flags {
  rename?: string[] | undefined
  drop?: string[] | undefined
  backfill?: string[] | undefined
  'at-once'?: boolean | undefined
  'without-downtime'?: boolean | undefined
}

/** Throws a Problem for a flag that cannot be read. */
export function readAnswers(flags: Flags): Answers {
  const { rename = [], drop = [], backfill = [], 'at-once': isAtOnce = false } = flags
  return {
    ...noAnswers,
    isAtOnce,
    isWithoutDowntime: flags['without-downtime'] ?? false,
    renames: rename.map((words) => {
      const [from, to] = halves('rename', words, 'recruits.chatname=rocketchat_user')
      return { from: asWritten(from), to: bare(to) }
    }),
    drops: drop.map(asWritten),
    backfills: new Map(
      backfill.map((words) => {
        const [name, value] = halves('backfill', words, "recruits.cohort='C25 Data Eng'")
        return [asWritten(name), value]
      }),
    ),
  }
}

/** Throws a Problem for an answer to what is no question: a name that is not there is mostly a slip of the hand. */
export function assertAnswersFit(model: Catalog, live: LiveDatabase, answers: Answers): void {
  for (const rename of answers.renames) {
    const { from, to } = rename
    const whole = renamedTo(rename)
    const [table, column] = splitName(from)
    // A column is named by its table's new name.
    const renamed = answers.renames.find((one) => one.to === table && splitName(one.from).length === 1)
    const old = renamed ? splitName(renamed.from)[0] : table
    const isThere = isLabel(to) ? hasLabel(live.catalog, table, column) : has(live.catalog, old, column)
    const isWanted = isLabel(to)
      ? hasLabel(model, table, to)
      : column === undefined
        ? has(model, to)
        : has(model, table, to)
    const isTwice = answers.renames.some((one) => one !== rename && (one.from === from || renamedTo(one) === whole))
    if (isTwice) throw unfit(`--rename ${from}=${dottedPart(to)}`, 'Another --rename has one of these names, too.', '')
    const isTaken = !isLabel(to) && has(live.catalog, column === undefined ? to : old, column && to)
    if (!isThere)
      throw unfit(`--rename ${from}=${dottedPart(to)}`, `PROD has no ${from}.`, namesIn(live.catalog, table))
    if (!isWanted)
      throw unfit(
        `--rename ${from}=${dottedPart(to)}`,
        `schema.prisma has no ${to}.`,
        namesIn(model, column === undefined ? '' : table),
      )
    if (isTaken && !answers.renames.some((one) => one.from === whole))
      throw unfit(`--rename ${from}=${dottedPart(to)}`, `PROD has ${whole} already.`, '')
  }
  const now = withAnswers(live, answers)
  for (const name of answers.drops) {
    const [table, column] = splitName(name)
    if (shownColumns(live.views ?? [], answers.drops).some((one) => one.name === name)) continue
    if (!has(now.catalog, table, column))
      throw unfit(`--drop ${name}`, `PROD has no ${name}.`, namesIn(now.catalog, table))
    if (has(model, table, column)) throw unfit(`--drop ${name}`, `schema.prisma has ${name}, so it stays.`, '')
  }
  for (const name of answers.backfills.keys()) {
    const [table, column] = splitName(name)
    const wanted = model.tables.find((one) => one.name === table)?.columns.find((one) => one.name === column)
    if (!wanted) throw unfit(`--backfill ${name}`, `schema.prisma has no column ${name}.`, namesIn(model, table))
    if (rowsWithoutValue(table, wanted, now) === 0)
      throw unfit(`--backfill ${name}`, 'No row of PROD needs a value there.', '')
  }
}

function halves(flag: string, words: string, example: string): [string, string] {
  // Pasted as it was printed: it would stand in every row.
  if (/…|\.\.\./.test(words))
    throw notReleased(`"--${flag} ${words}" still has the dots in it: say what belongs in their place.`, [
      `--${flag} "${example}"`,
    ])
  const found = splitHalves(words)
  if (found) return found
  throw notReleased(`"--${flag} ${words}" cannot be read: it takes two halves, with = between them.`, [
    `--${flag} "${example}"`,
  ])
}

/** With quotes where they are needed, and without where not. */
function asWritten(name: string): string {
  return dotted(...(splitName(name) as string[]))
}

function has({ tables }: Catalog, table: string, column?: string): boolean {
  const found = tables.find(({ name }) => name === table)
  return column === undefined ? found !== undefined : found?.columns.some(({ name }) => name === column) === true
}

function hasLabel({ objects }: Catalog, type: string, label: string | undefined): boolean {
  return objects.some(
    ({ kind, name, definition }) => kind === 'enum' && name === type && definition.split(', ').includes(label ?? ''),
  )
}

function namesIn({ tables }: Catalog, table: string): string {
  const found = tables.find(({ name }) => name === table)
  return found
    ? ` ${dotted(table)} has: ${found.columns.map(({ name }) => dottedPart(name)).join(', ')}.`
    : ` The tables are: ${tables.map(({ name }) => dottedPart(name)).join(', ')}.`
}

function unfit(flag: string, why: string, names: string) {
  return notReleased(`"${flag}": ${why}${names}`, [
    'Names are those of the database, as in  recruits.id_number  (npm run drift shows them).',
  ])
}
