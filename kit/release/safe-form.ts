import type { Catalog } from '../catalog/catalog.ts'
import { compareCatalogs, type Difference } from '../catalog/compare-catalogs.ts'
import { quoted, renameColumn, renameLabel, renameTable } from '../catalog/catalog-sql.ts'
import { asMeant, forModel, sameObjects, type RenamedObject } from '../catalog/model-differences.ts'
import { dottedPart, isLabel, splitName } from '../catalog/dotted-name.ts'
import { rowsWithoutValue, withAnswers, type Answers, type LiveDatabase } from './next-question.ts'
import { inOrder, renameSteps } from '../catalog/rename-steps.ts'
import { archivedTable } from './safe-form-archive.ts'
import { columnParts } from './safe-form-columns.ts'
import { enumParts, foreignKeyParts, goesWithColumn, indexParts, primaryKeyParts } from './safe-form-objects.ts'
import { isBeingFilled } from './being-filled.ts'
import { isOfColumn, twoNames } from './two-names.ts'
import { shownColumns } from './shown-columns.ts'
import { viewParts } from './safe-form-views.ts'
import { asCompared, phases, type Part, type Surroundings } from './safe-form-part.ts'
import { turnedPairs } from '../catalog/turned-pairs.ts'
import { renamedTypes, withTypeRename } from '../catalog/type-renames.ts'

/** Migrations that run one after the other. Each is one statement, or one transaction. */
export interface SafeForm {
  migrations: { name: string; sql: string }[]
  /** What changes, a sentence each, without its end. */
  changes: string[]
  /** Changes that have no safe form that could be written here. */
  byHand: string[]
  /** What a later release adds, when the rows of big tables are filled. */
  later: { name: string; sql: string }[]
  /** Columns that an earlier release has begun, and that have rows without a value still. */
  waits: { table: string; column: string; rows: number }[]
  /** Indexes that stay, though no schema.prisma can say them. */
  beyondModel: string[]
}

/**
 * Writes what makes `model` of the database, so that nothing is lost and nothing fails on the rows that are there: a
 * required column is added optional, filled, then required; what goes is archived first; on tables of 100,000 rows and
 * more, locks are short. All questions are answered before (`nextQuestion`).
 */
export function safeForm(name: string, said: Catalog, before: LiveDatabase, asked: Answers): SafeForm {
  const isTwo = (one: Answers['renames'][number]) => asked.isWithoutDowntime === true && isOfColumn(one)
  const given = { ...asked, renames: asked.renames.filter((one) => !isTwo(one)) }
  const pairs = turnedPairs(said, withAnswers(before, given).catalog)
  const answers = { ...given, renames: [...given.renames, ...pairs] }
  const named = withAnswers(before, answers)
  const types = renamedTypes(said, named.catalog)
  const live = { ...named, catalog: types.reduce(withTypeRename, named.catalog) }
  const model = asMeant(said, live.catalog)
  const all = compareCatalogs(model, live.catalog)
  const compared = forModel(all, model, live.catalog)
  const { differences, renamed } = sameObjects(compared, model, live.catalog)
  const both = twoNames(model, live, asked.renames.filter(isTwo))
  const around = { model, live, answers, both, archives: new Set(before.archives) }
  const parts = [
    ...types.map(({ from, to }): Part => ({
      phase: '',
      rank: 0,
      sql: `ALTER TYPE ${quoted(from)} RENAME TO ${quoted(to)};`,
    })),
    ...renameSteps(answers.renames).map(renamePart),
    ...inOrder(renamed, ({ to }) => to).map(renameObject),
    ...differences.flatMap((difference) => partsOf(difference, around)),
    ...viewParts(live.views ?? [], answers.drops),
  ]
  const isByHand = ({ sql }: Part) => sql.startsWith('--')
  const waits = [
    ...waitingColumns(differences, around),
    ...both.filter(({ isNew, rows }) => !isNew && rows > 0).map(({ table, to, rows }) => ({ table, column: to, rows })),
  ]
  const doesWait = (one: Difference) => waits.some(({ table, column }) => one.table === table && one.name === column)
  return {
    migrations: files(
      name,
      parts.filter((part) => !isByHand(part) && !part.isLater),
    ),
    later: files(
      name,
      parts.filter((part) => part.isLater),
    ),
    waits,
    changes: [
      ...types.map(({ from, to }) => `enum ${from} is renamed to ${to}`),
      ...answers.renames.map(({ from, to }) => `${from} is renamed to ${dottedPart(to)}`),
      ...differences
        .filter((one) => !doesWait(one))
        .map(({ words }) => words.replace(/ is missing(: |$)/, ' is new$1').replace(' is extra: ', ' goes: ')),
      ...renamed.map(({ kind, from, to }) => `${kind} ${from} is renamed to ${to}`),
      ...shownColumns(live.views ?? [], answers.drops).map(
        ({ view, name: column }) => `view ${view} is made anew, without ${column}`,
      ),
    ],
    byHand: parts.filter(isByHand).map(({ sql }) => sql.replace(/^-- /, '')),
    beyondModel: all
      .filter((one) => one.what === 'extra' && one.kind.endsWith('index') && !compared.includes(one))
      .map((one) => one.name),
  }
}

function waitingColumns(differences: readonly Difference[], { model, live, answers }: Surroundings): SafeForm['waits'] {
  if (answers.isAtOnce) return []
  return differences.flatMap(({ kind, table, name }) => {
    const column = model.tables.find((one) => one.name === table)?.columns.find((one) => one.name === name)
    if (kind !== 'column' || !column || !isBeingFilled(live.catalog, table!, name)) return []
    const rows = rowsWithoutValue(table!, column, live)
    return rows > 0 ? [{ table: table!, column: name, rows }] : []
  })
}

function partsOf(difference: Difference, around: Surroundings): Part[] {
  const { kind, what, name } = difference
  if (kind === 'column') return columnParts(difference, around)
  if (kind === 'table' && what === 'extra') return archivedTable(name, around)
  if (kind === 'enum') return enumParts(difference)
  if (what === 'extra' && kind !== 'table' && goesWithColumn(difference, around)) return []
  if (kind === 'index' || kind === 'unique index') return indexParts(difference, around)
  if (kind === 'foreign key') return foreignKeyParts(difference, around)
  if (kind === 'primary key') return primaryKeyParts(difference, around)
  return asCompared(difference)
}

function renamePart({ from, to }: { from: string; to: string }): Part {
  const [table, column] = splitName(from)
  if (isLabel(to)) return { phase: '', rank: 0, sql: renameLabel(table, column!, to) }
  if (column !== undefined) return { phase: '', rank: 1, sql: renameColumn(table, column, to) }
  return { phase: '', rank: 0, sql: renameTable(table, to) }
}

function renameObject({ kind, table, from, to }: RenamedObject): Part {
  const index = `ALTER INDEX ${quoted(from)} RENAME TO ${quoted(to)};`
  const constraint = `ALTER TABLE ${quoted(table!)} RENAME CONSTRAINT ${quoted(from)} TO ${quoted(to)};`
  return { phase: '', rank: 2, sql: kind.endsWith('index') ? index : constraint }
}

function files(name: string, parts: readonly Part[]): SafeForm['migrations'] {
  const full = phases.flatMap((phase) => {
    const own = parts.filter((part) => part.phase === phase).toSorted((a, b) => a.rank - b.rank)
    // Each index is alone in its file.
    const groups = phase === 'index' ? own.map((part) => [part]) : own.length > 0 ? [own] : []
    return groups.map((group, i) => ({ suffix: i === 0 ? phase : `${phase}_${i + 1}`, sql: textOf(group) }))
  })
  return full.map(({ suffix, sql }) => ({ name: suffix === '' || full.length === 1 ? name : `${name}_${suffix}`, sql }))
}

function textOf(parts: readonly Part[]): string {
  const isFirst = ({ sql }: Part, i: number) => parts.findIndex((part) => part.sql === sql) === i
  const texts = parts.filter(isFirst).map(({ sql, comment }) => (comment ? `-- ${comment}\n${sql}` : sql))
  const whole = texts.length > 1 ? ['BEGIN;', ...texts, 'COMMIT;'] : texts
  return `${whole.join('\n\n')}\n`
}
