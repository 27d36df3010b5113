import { timeLine, type MigrationMark } from './timeline.ts'
import { describeColumn } from '../../kit/catalog/compare-catalogs.ts'
import { describeBetween, describeCount, linkLines, type LinkLine } from '../../kit/drift/link-lines.ts'
import type { DriftReport, Layer, LayerName, LayerProblem, Link } from '../../kit/drift/drift-report.ts'
import { layerNames, shownTables, tableRows, type ShownTable } from '../../kit/drift/drift-table.ts'
import { tellLedger, type LedgerEntry } from '../../kit/keep/ledger-entry.ts'
import { counted } from '../../kit/terminal/numbers.ts'

/** What was read for one picture. */
export interface BoardFacts {
  report: DriftReport
  /** Names of the migrations in the folder, in order; undefined when it cannot be read. */
  folder: readonly string[] | undefined
  /** Where each layer is: `dev on 127.0.0.1:15431`. */
  places: Record<LayerName, string>
  /** Undefined for a database that could not be asked. */
  cohorts: Record<'dev' | 'prod', readonly CohortCount[] | undefined>
  /** The last entry of PROD's ledger. */
  ledger: LedgerEntry | undefined
  /** A part of PROD's guard is gone. */
  hasLostGuard: boolean
}

export interface CohortCount {
  /** Null for those without a cohort. */
  cohort: string | null
  recruits: number
}

/** The picture, in words: the page decides nothing but where they stand. */
export interface BoardView {
  state: DriftReport['state']
  /** One sentence for each thing that is not as it should be; one in all when everything is. */
  headline: string[]
  layers: LayerView[]
  links: LinkView[]
  heads: string[]
  tables: (ShownTable & { types: (string | undefined)[] })[]
  migrations: MigrationMark[]
  cohorts: { cohort: string; dev: number | undefined; prod: number | undefined }[]
  ledger: string[]
}

export type State = 'same' | 'differs' | 'error'

export interface LayerView {
  name: LayerName
  title: string
  place: string
  state: State
  /** As in `1 table, 8 columns`. */
  contents: string
  /** In a database that could be asked. */
  recruits?: number
  problem?: LayerProblem
}

export interface LinkView {
  from: LayerName
  to: LayerName
  title: string
  /** `error` when one of the two could not be read. */
  state: State
  label: string
  lines: LinkLine[]
  sql: string[]
  prisma?: string
  next: string[]
}

export function viewOf(facts: BoardFacts): BoardView {
  const { report, folder, cohorts, ledger } = facts
  const links = report.links.map((link) => linkView(link, report.layers))
  return {
    state: facts.hasLostGuard && report.state === 'same' ? 'differs' : report.state,
    headline: headline(facts),
    layers: report.layers.map((layer) => layerView(layer, facts)),
    links,
    heads: report.layers.map(({ name }) => layerNames[name]),
    tables: shownTables(tableRows(report)).map((table) => ({ ...table, types: typesOf(table, report.layers) })),
    migrations: timeLine(report, folder),
    cohorts: sideBySide(cohorts),
    ledger: ledger ? tellLedger([ledger]) : [],
  }
}

function headline({ report, hasLostGuard }: BoardFacts): string[] {
  const sentences = [
    ...report.layers.flatMap(({ problem }) => problem?.message ?? []),
    ...report.links.filter(({ isInSync }) => !isInSync).map(sentenceOf),
    ...(hasLostGuard ? ['PROD has lost its guard, or a part of it.'] : []),
  ].filter((sentence) => sentence !== undefined)
  return sentences.length > 0 ? [...new Set(sentences)] : ['All five layers say the same.']
}

function sentenceOf(link: Link): string | undefined {
  const { from, to, differences, renames, history } = link
  if (from === 'dev') return undefined
  const ENV = layerNames[to]
  if (to === 'client') return 'The client is older than schema.prisma.'
  if (to === 'migrations') return 'The migrations do not make what schema.prisma says.'
  if (differences.length + renames.length > 0) return `${ENV} is not what its migrations made.`
  const trouble = history.find(({ kind }) => !['pending', 'rolled back'].includes(kind))
  if (trouble) return `${ENV}: ${trouble.words}.`
  const pending = history.filter(({ kind }) => kind === 'pending').length
  return `${ENV} waits for ${pending} ${pending === 1 ? 'migration' : 'migrations'}.`
}

function layerView({ name, catalog, problem }: Layer, facts: BoardFacts): LayerView {
  const { report, places, folder, cohorts, hasLostGuard } = facts
  const differs = report.links.some(({ from, to, isInSync }) => to === name && from !== 'dev' && !isInSync)
  const recruits = name === 'dev' || name === 'prod' ? total(cohorts[name]) : undefined
  const columns = catalog?.tables.reduce((sum, table) => sum + table.columns.length, 0) ?? 0
  const parts = [
    ...(name === 'migrations' && folder ? [counted(folder.length, 'migration')] : []),
    ...(catalog && name !== 'migrations' ? [counted(catalog.tables.length, 'table'), counted(columns, 'column')] : []),
    ...(recruits === undefined ? [] : [counted(recruits, 'recruit')]),
  ]
  return {
    name,
    title: name === 'schema' ? 'schema.prisma' : layerNames[name],
    place: places[name],
    state: problem ? 'error' : differs || (name === 'prod' && hasLostGuard) ? 'differs' : 'same',
    contents: parts.join(' · '),
    ...(recruits !== undefined && { recruits }),
    ...(problem && { problem }),
    ...(name === 'prod' && !problem && hasLostGuard && { problem: lostGuard }),
  }
}

const lostGuard: LayerProblem = {
  message: 'PROD has lost its guard, or a part of it.',
  why: 'A DELETE or a DROP could lose values now.',
  next: 'npm run db up',
}

function linkView(link: Link, layers: readonly Layer[]): LinkView {
  const { from, to, sql, prisma, next, isInSync } = link
  const isUnknown = layers.some(({ name, problem }) => (name === from || name === to) && problem)
  const between = from === 'dev'
  const label = between ? shortBetween(link) : isInSync ? 'in sync' : describeCount(link)
  return {
    from,
    to,
    title: `${layerNames[from]} → ${layerNames[to]}`,
    state: isUnknown ? 'error' : isInSync ? 'same' : 'differs',
    label: isUnknown ? 'not known' : label,
    // What DEV and PROD differ in is said at the links that come from the migrations.
    lines: isUnknown || between ? [] : linkLines(link),
    sql: isUnknown || between ? [] : sql,
    ...(prisma && { prisma }),
    next: isUnknown ? [] : next,
  }
}

/** One place is named. More would not fit between two cards, and the table of the columns has them. */
function shortBetween(link: Link): string {
  const places = link.differences.length + link.renames.length
  return places > 1 ? `differ in ${places} places` : describeBetween(link)
}

/** For each column that is shown, what it is in the first layer that has it. */
function typesOf({ table, shown }: ShownTable, layers: readonly Layer[]): (string | undefined)[] {
  return shown.map(({ column }) => {
    const found = layers.flatMap(({ catalog }) => catalog?.tables ?? []).filter(({ name }) => name === table)
    const one = found.flatMap(({ columns }) => columns).find(({ name }) => name === column)
    // That numbers come from a sequence is no news to anybody.
    return one && describeColumn(one).replace(/, default nextval\(.*$/, '')
  })
}

function sideBySide({ dev, prod }: BoardFacts['cohorts']): BoardView['cohorts'] {
  const names = new Set([...(dev ?? []), ...(prod ?? [])].map(({ cohort }) => cohort))
  const of = (some: readonly CohortCount[] | undefined, name: string | null) =>
    some && (some.find(({ cohort }) => cohort === name)?.recruits ?? 0)
  return [...names]
    .toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))
    .map((name) => ({ cohort: name ?? 'without a cohort', dev: of(dev, name), prod: of(prod, name) }))
}

function total(cohorts: readonly CohortCount[] | undefined): number | undefined {
  return cohorts?.reduce((sum, { recruits }) => sum + recruits, 0)
}
