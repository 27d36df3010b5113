import type { HistoryNote, LayerProblem, Link, Obstacle } from './drift-report.ts'
import type { Env } from '../database/target.ts'
import { isInNoBranch } from './history-notes.ts'
import type { Keeping } from './keeping-command.ts'
import { waysOut, type TookHold } from './half-applied.ts'

type Compared = Pick<Link, 'differences' | 'renames'>

/** What to type when the models say something else than the migrations make; rows of DEV may be in the way of that. */
export function nextForMigrations({ differences, renames }: Compared, obstacles: readonly Obstacle[] = []): string[] {
  if (differences.length + renames.length === 0) return []
  const [inTheWay] = obstacles
  if (inTheWay) return [stepsInstead(inTheWay)]
  const losesValues =
    renames.length > 0 || differences.some(({ what, kind }) => what === 'extra' && ['column', 'table'].includes(kind))
  if (!losesValues) return ['npm run migrate -- dev --name describe_the_change']
  return [
    renames.length > 0
      ? `npm run migrate -- dev --create-only --name describe_the_change    (Prisma writes a drop and an add: write ${renames.some(({ isTable }) => isTable) ? 'RENAME TO' : 'RENAME COLUMN'} instead)`
      : 'npm run migrate -- dev --create-only --name describe_the_change    (it drops values: keep them first)',
  ]
}

/** A migration would fail on these rows, on DEV and on PROD: what has to come first is for a person to decide. */
function stepsInstead({ table, column, words }: Obstacle): string {
  if (/becomes unique/.test(words) && column !== '')
    return `Mend the rows that share a ${column} first: no migration can choose between them.`
  if (!/required/.test(words)) return `Mend these rows of ${table} first: no migration can guess what belongs there.`
  return `In prisma/schema.prisma, make ${column} optional (a ? after its type) and migrate; then fill it in a migration; then require it.`
}

/** What is known of a database and its history. */
export interface DatabaseFacts {
  history: readonly HistoryNote[]
  compared: Compared
  /** The tables are what all migrations of the folder make, whatever was noted of them. */
  isMade: boolean
  /** PROD is what the folder's edited texts make, and not what the texts make that were applied. */
  isMended?: boolean | undefined
  /** Of PROD: what closes the drift, and keeps every value. */
  keeping?: Keeping | undefined
  /** Of PROD: migrations that are noted as applied, never ran, and are not there. */
  falseNotes?: readonly string[]
  /** Of PROD: the first of the pending migrations, where somebody has made what they make. */
  doneByHand?: readonly string[]
  problem?: LayerProblem | undefined
  /** Which statements of a failed migration are there. */
  took?: TookHold | undefined
}

/**
 * What to type for what is wrong with a database, first things first: a history that cannot be trusted, drift, and then
 * what is pending.
 */
export function nextForDatabase(env: Env, facts: DatabaseFacts): string[] {
  const { history, compared, isMade, isMended, keeping, falseNotes = [], doneByHand = [], problem, took } = facts
  const on = env === 'dev' ? '' : ' --env prod'
  const of = (kind: HistoryNote['kind']) => history.filter((note) => note.kind === kind)
  const hasDrift = compared.differences.length + compared.renames.length > 0
  const [failed, pending, unknown] = [of('failed'), of('pending'), of('unknown')]
  const isDoneByHand = isMade && hasDrift
  const isLost = env === 'dev' ? isLostOnDev : isNowhere
  const isNamedAnew = isDoneByHand && failed.length === 0 && unknown.length + pending.length > 1 && pending.length > 0
  // A folder that was renamed: nothing is missing, and nothing is new.
  if (unknown.length > 0 && unknown.every(({ renamedTo }) => renamedTo)) return unknown.map(bringBack)
  // Two ways out of a file that is half applied: until one was taken, nothing else can be said of that database.
  if (took && failed.some(({ migration }) => migration === took.migration.name)) return waysOut(took, env)
  const isFalse = ({ migration }: HistoryNote) => falseNotes.includes(migration)
  const all = [
    ...falseNotes.toReversed().map(takeBack),
    ...of('edited')
      .filter((note) => !isFalse(note))
      .map((note) => wayFromEdited(env, note, isMended)),
    problem?.next,
    ...failed.map(({ migration }) =>
      isDoneByHand
        ? `npm run migrate -- resolve --applied ${migration}${on}    (all of it is there)`
        : `npm run migrate -- resolve --rolled-back ${migration}${on}`,
    ),
    ...(isNamedAnew
      ? [
          `npm run migrate -- baseline${on}    (${env.toUpperCase()} is what these migrations make: only the notes are missing)`,
        ]
      : [
          ...unknown.filter((note) => !isLost(note)).map(bringBack),
          ...(isDoneByHand && failed.length === 0
            ? pending.map(({ migration }) => noteByHand(migration, env))
            : hasDrift || unknown.length > 0 || of('out of order').length > 0
              ? driftLines(env, facts, hasDrift)
              : []),
          ...unknown.filter(isNowhere).map((note) => (env === 'prod' ? writeAnew(note) : bringBack(note))),
          ...(isDoneByHand || failed.length > 0 ? [] : pending.map(() => `npm run migrate -- deploy${on}`)),
        ]),
  ]
  return [...new Set(all.filter((line) => line !== undefined))]

  function driftLines(which: Env, { history: notes }: DatabaseFacts, drifted: boolean): (string | undefined)[] {
    const hasKind = (kind: HistoryNote['kind']) => notes.some((note) => note.kind === kind)
    if (which === 'dev') return [resetFor(notes, drifted)]
    if (!drifted || hasKind('unknown') || falseNotes.length > 0) return []
    if (doneByHand.length > 0) return doneByHand.map((name) => noteByHand(name, env))
    const [inTheWay] = keeping?.inTheWay ?? []
    return [inTheWay ? fillByHand(inTheWay) : (keeping?.command ?? closeByHand)]
  }
}

function noteByHand(name: string, env: Env): string {
  return `npm run migrate -- resolve --applied ${name}${env === 'dev' ? '' : ' --env prod'}    (${env.toUpperCase()} has it already)`
}

/** The next deploy runs it, as it runs every one that is pending. */
function takeBack(name: string): string {
  return `npm run migrate -- resolve --rolled-back ${name} --env prod    (it was only noted: PROD does not have it, and the next deploy runs it)`
}

/** A table without a key, or SQL that a shell would read in another way. */
const closeByHand =
  'On PROD, in one transaction, keep in schema archive what is extra, and then type the SQL that  npm run drift -- --env prod  shows.'

/** No command can know these values. */
function fillByHand({ table, column, words }: Obstacle): string {
  return `On PROD, ${words}: write these values of ${table}${column === '' ? '' : `.${column}`} first, in one transaction. A copy may have them:  npm run db snapshots`
}

const isNowhere = ({ isRestorable, renamedTo, keptAs, source }: HistoryNote) =>
  !isRestorable && !renamedTo && !keptAs && !source

/** DEV is made again without what is in no branch any more; PROD, which has run it, gets the file back. */
const isLostOnDev = (note: HistoryNote) => !note.renamedTo && isInNoBranch(note)

/** What PROD has run is what counts: DEV gives way to it, and the folder too where the text still makes what PROD has. */
function wayFromEdited(env: Env, note: HistoryNote, isMended = false): string {
  if (env === 'prod')
    return isMended
      ? 'npm run migrate -- baseline --env prod    (PROD is what the edited text makes: only its note is of the old one)'
      : bringBack(note)
  if (note.givesWay || isMended) return 'npm run db reset    (DEV gives way: it runs the text that this folder has now)'
  if (isNowhere(note)) return 'npm run db reset    (no commit has the text that was applied: DEV as this folder says)'
  return bringBack(note)
}

/** How the text that was applied comes back into the folder. */
export function bringBack({ kind, migration, isRestorable, renamedTo, keptAs, source }: HistoryNote): string {
  const path = `prisma/migrations/${migration}`
  if (renamedTo && isRestorable)
    return `Rename the folder prisma/migrations/${renamedTo} back to ${migration}: it ran under that name.`
  if (renamedTo) return `git mv prisma/migrations/${renamedTo} ${path}    (it ran under that name)`
  if (keptAs && kind === 'unknown')
    return `Copy the folder ${keptAs.replace(/.migration\.sql$/, '')} into prisma/migrations: the text that was applied.`
  if (keptAs) return `Copy ${keptAs} to ${path}/migration.sql: the text that was applied.`
  if (isRestorable) return restoreLine(migration)
  if (source?.branch !== undefined && source.isApart)
    return `git switch ${source.branch}    (that branch has what was applied; nothing joins it to this one)`
  if (source?.branch !== undefined) return `git merge ${source.branch}    (that branch has ${migration})`
  if (source) return `git checkout ${source.commit} -- ${path}    (git has the text that was applied)`
  return kind === 'edited'
    ? `git log --oneline -- ${path}    (then give it back the text that was applied)`
    : `git log --all --oneline -- ${path}    (which branch has it?)`
}

/** PROD has run it, and what it made is there: once the file makes that again, a baseline notes its text. */
function writeAnew({ migration }: HistoryNote): string {
  const path = `prisma/migrations/${migration}`
  return `Write ${path}/migration.sql again, for nobody has its text: git log --all --oneline -- ${path} finds none.`
}

export function restoreLine(migration: string): string {
  return `git restore prisma/migrations/${migration}    (git has the text that was applied)`
}

/** One command, and what it does here to what is on DEV. */
function resetFor(notes: readonly HistoryNote[], hasDrift: boolean): string | undefined {
  const hasKind = (kind: HistoryNote['kind']) => notes.some((note) => note.kind === kind)
  if (hasKind('unknown')) {
    const or = notes.some((note) => note.kind === 'unknown' && !isLostOnDev(note)) ? 'or, in its place: ' : ''
    return `npm run db reset    (${or}DEV as this folder says: what another branch has made there is gone)`
  }
  if (hasKind('out of order')) return 'npm run db reset    (DEV runs them again, in the order of their names)'
  if (!hasDrift) return undefined
  return 'npm run db reset    (DEV as the migrations say; to keep the change, put it into a migration)'
}

/**
 * All that there is to type, in the order in which the truth travels: the history first, DEV, the model's next migration,
 * and PROD at the end. A deploy to PROD waits until the rest is done.
 */
export function inOrder(commands: readonly string[]): string[] {
  const rank = (line: string) => (together.has(line) ? resolves : ranks.findIndex((pattern) => pattern.test(line)))
  const together = waysTogether(commands)
  const sorted = [...new Set(commands)].toSorted((a, b) => rank(a) - rank(b))
  const isBusy = sorted.some((line) => rank(line) < ranks.indexOf(deployToProd))
  return isBusy ? sorted.filter((line) => !deployToProd.test(line)) : sorted
}

/** The lines of a way out of a half-applied file stay as they are: from what is to be done by hand to what is said of it. */
function waysTogether(commands: readonly string[]): Set<string> {
  const isBegin = (line: string) => /by hand, and say so:$|\(look first: /.test(line)
  return new Set(
    commands.filter((_, i) => {
      const begin = commands.slice(0, i + 1).findLastIndex(isBegin)
      return begin !== -1 && !commands.slice(begin, i).some((one) => ranks[resolves]!.test(one))
    }),
  )
}

/** Whether it mends a history or a server: that comes before all work. */
export function isUrgent(command: string): boolean {
  return ranks.slice(0, 3).some((pattern) => pattern.test(command))
}

/** The command alone, without what it says about itself. */
export function bareCommand(line: string): string {
  return line.replace(/ {4}\(.*$/, '')
}

const deployToProd = /^npm run migrate -- deploy --env prod/
/** Place of `resolve` among the ranks. */
const resolves = 2
const ranks = [
  /^(npm run db (up|status)|npx prisma validate|Wait )/,
  /^(git (restore|checkout|merge|mv|switch)|Copy |Rename |Write prisma)/,
  /^npm run migrate -- (resolve --(rolled-back|applied) (?!NAME)|baseline)/,
  /^npm run db reset/,
  /^npm run migrate -- deploy(?! --env prod)/,
  /^npm run psql/,
  /^(Mend |In prisma|npm run migrate -- dev)/,
  deployToProd,
  /./,
]
