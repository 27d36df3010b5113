import type { ReviewOptions, ReviewPlace } from './review-place.ts'
import { addedNames, branchChecks, type BranchCheck, type BranchMigrations } from './branch-checks.ts'
import type { ReviewReport } from './review-report.ts'
import type { Finding } from '../hazards/finding.ts'
import { isSettingFile, settingFindings } from './setting-checks.ts'
import { snottyRemark } from './snotty-lines.ts'
import { readBranch, textsOf, type Branch } from '../git/branch.ts'
import { chooseMode, settingsIn, type ReviewSettings } from './review-settings.ts'
import { migrationsOf, readTrees, settingsAt, type Trees } from './branch-trees.ts'
import { carriedMigrations } from './branch-without-migrations.ts'

/** Judges a branch against its base. Writes nothing but a scratch database on DEV's server. Throws a Problem with exit code 2. */
export async function reviewBranch(
  place: ReviewPlace,
  options: ReviewOptions = {},
  checks: readonly BranchCheck[] = branchChecks,
): Promise<ReviewReport> {
  const { root } = place
  const base = options.base ?? settingsIn(root).base ?? 'main'
  const branch = await readBranch(root, base, { staged: options.staged ?? false })
  const trees = await readTrees(root, branch)
  const settings = { ...(await settingsAt(root, branch, trees)), ...given(options) }
  const migrations = migrationsOf(branch, trees, settings, place.now())
  const mode = settings.mode ?? 'reviewed'
  const report =
    mode === 'no-migrations'
      ? { mode, base: branch.base, ...carriedMigrations(branch, migrations, place.release) }
      : { mode, base: branch.base, ...(await review(place, options, trees, migrations, settings, branch, checks)) }
  const isRejected = report.findings.some(({ level }) => level === 'refuse')
  return {
    ...report,
    isRejected,
    ...(mode === 'no-migrations' && isRejected && { remark: snottyRemark(place.random) }),
  }
}

/** What was typed beats what a file says. */
function given({ mode, migrations }: ReviewOptions): ReviewSettings {
  return { ...(mode !== undefined && { mode: chooseMode(mode) }), ...(migrations !== undefined && { migrations }) }
}

type Judged = Omit<ReviewReport, 'mode' | 'base' | 'isRejected'>

async function review(
  place: ReviewPlace,
  options: ReviewOptions,
  trees: Trees,
  migrations: BranchMigrations,
  settings: ReviewSettings,
  branch: Branch,
  checks: readonly BranchCheck[],
): Promise<Judged> {
  const { root } = place
  const names = addedNames(migrations)
  const newFiles = scriptsIn(migrations.head).filter(({ name }) => names.includes(name))
  // What has landed says what a new statement meets, and what a database should hold.
  const landedFiles = newFiles.length > 0 || options.database ? scriptsIn(migrations.base) : []
  const [texts, parsed] = await Promise.all([
    textsOf(
      root,
      [...newFiles, ...landedFiles].map(({ id }) => id),
    ),
    // PostgreSQL's parser, where there is something to parse.
    newFiles.length > 0 ? import('./branch-hazards.ts') : undefined,
  ])
  const scripts = [...newFiles, ...landedFiles].map(({ name }, i) => ({ name, sql: texts[i]! }))
  const [added, landed] = [scripts.slice(0, newFiles.length), scripts.slice(newFiles.length)]
  // What a hook does not need is not loaded: the engine and the driver take longer than all it does.
  const squawk = options.filesOnly ? [] : await (await import('../hazards/squawk.ts')).askSquawk(added)
  const { dev } = place
  const live =
    options.database &&
    dev &&
    (await (await import('./branch-database.ts')).askDatabase(options.database, dev, added, landed))
  const hazards = await parsed?.branchHazards(added, landed, migrations.folder, squawk ?? [], live?.facts)
  const replayed = options.filesOnly
    ? { findings: [], passed: [], notChecked: [] }
    : await (await import('./branch-replay.ts')).replayBranch(place, branch, trees.head, migrations, settings)
  const found = [
    ...checks.flatMap((check) => check.finds(migrations)),
    ...(hazards ?? []),
    ...(await changedSettings(root, trees)),
    ...replayed.findings,
    ...(live?.findings ?? []),
  ]
  return {
    added: names,
    findings: (parsed?.markAllowed(found, added, migrations.folder) ?? found).toSorted(inOrder),
    passed: replayed.passed,
    notChecked: [...replayed.notChecked, ...(live?.notChecked ?? []), ...(squawk === undefined ? [noSquawk] : [])],
  }
}

/** The scripts of a migrations' folder, with the ids of their texts. */
function scriptsIn(folder: ReadonlyMap<string, string>): { name: string; id: string }[] {
  const files = [...folder].filter(([path]) => /^[^/]+\/migration\.sql$/.test(path))
  return files.map(([path, id]) => ({ name: path.split('/')[0]!, id }))
}

const noSquawk = {
  what: 'what squawk-cli alone looks for',
  why: 'It has no program for this system, or npm left it out.',
  next: 'npm install --include=optional',
}

/** Of the settings that the branch touches: what was wrong before is not its doing. */
async function changedSettings(root: string, { fork, head }: Trees): Promise<Finding[]> {
  const files = [...head].filter(([path]) => isSettingFile(path))
  const changed = files.filter(([path, id]) => fork.get(path) !== id)
  if (changed.length === 0) return []
  const texts = await textsOf(
    root,
    files.map(([, id]) => id),
  )
  const all = files.map(([path], i) => ({ path, text: texts[i]! }))
  return changed.flatMap(([path]) =>
    settingFindings(
      all.find((file) => file.path === path)!,
      all,
    ),
  )
}

function inOrder(a: Finding, b: Finding): number {
  const levels = ['refuse', 'allowed', 'note']
  return (
    levels.indexOf(a.level) - levels.indexOf(b.level) || a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0)
  )
}
