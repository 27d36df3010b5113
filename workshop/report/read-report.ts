import { attempt, type Found } from '../../kit/drift/layers.ts'
import type { Place } from '../../kit/database/target.ts'
import { listSnapshots } from '../../kit/keep/snapshots.ts'
import { tellLedger } from '../../kit/keep/ledger-entry.ts'
import { textsOf } from '../../kit/git/branch.ts'
import { tryGit } from '../../kit/git/git.ts'
import { loadParser } from '../../kit/sql/tree.ts'
import type { Schemas } from '../../kit/catalog/schemas.ts'
import { findWhereYouAre, onScene, type StepResult } from '../course/check-step.ts'
import type { Scene } from '../course/check-scene.ts'
import { coursePlacement, findTwice, readValues } from '../course/check-values.ts'
import { nameOf, readSteps } from '../course/read-steps.ts'
import { columnsOfModel } from '../course/made-recruits.ts'
import { cohortOf } from '../course/check-recruits.ts'
import { stepStates, storyOf, type StepState } from '../course/step-databases.ts'
import { readProgress } from '../coach/progress.ts'
import { accountMigrations } from './migration-accounts.ts'
import { accountRenames } from './rename-accounts.ts'
import { accountValues } from './value-accounts.ts'
import { compareSchemas, replayAll } from './replays.ts'
import { compareStories, sha256 } from './fits.ts'
import { findCopyFaults } from './copy-faults.ts'
import { hardCodedIn, withoutPassword } from './hard-coded.ts'
import { learnerFiles } from './learner-files.ts'
import { openScratches, type Scratches } from './scratch-copy.ts'
import { proveSteps } from './step-proofs.ts'
import { readAuthor, readCommits, readMigrationCommits } from './commits.ts'
import { readPast, type ProdPast } from './prod-past.ts'
import { tell } from './told.ts'
import { wrongFirst } from './wrong-first.ts'
import type { Report, Statement, Unread } from './report-data.ts'

export interface ReadOptions {
  from: Report['from']
  /** Who it is, where a file says it. */
  who?: string
  now?: Date
  /** Shared by many reports. */
  schemas?: Schemas
  scratches?: Scratches
  /** Of many: what proves a past step is looked for in what came after it, and not in each migration before it. */
  isOfMany?: true
  states?: readonly StepState[]
}

/**
 * Reads all that a report says of one place: both databases, files, git, copies and progress.txt, each once. Throws a
 * Problem where a database is away; what is wrong in the work itself is a part of the report.
 */
export async function readReport(place: Place, options: ReadOptions): Promise<Report> {
  const states = options.states ?? stepStates(readSteps())
  await loadParser()
  const scratches = options.scratches ?? openScratches(place.target('dev').url)
  try {
    return await onScene(place, (scene) => readOn(scene, place, { ...options, states, scratches }), options.schemas)
  } finally {
    if (!options.scratches) await scratches.close()
  }
}

async function readOn(
  scene: Scene,
  place: Place,
  {
    from,
    who,
    now = new Date(),
    states: all,
    scratches,
    isOfMany,
  }: ReadOptions & Required<Pick<ReadOptions, 'states' | 'scratches'>>,
): Promise<Report> {
  // Both have to be there: nothing can be said without them.
  const prod = await scene.client('prod')
  await scene.client('dev')
  const past = await readPast(prod)
  const progress = readProgress(place.root)
  const at = await findWhereYouAre(all, scene, place.root)
  const states = storyOf(at.state, all)
  const placement = await attempt(() => coursePlacement(scene, states))
  const values = await attempt(async () =>
    accountValues(await readValues(scene, states), {
      twice: await findTwice(scene, 'prod'),
      wanted: cohortsUntil(states, at),
    }),
  )
  const stepOf = ({ step }: StepState) => nameOf(step)
  const missing = at.apart?.lines[0] ?? at.results.find(({ found }) => found !== undefined)
  const report: Omit<Report, 'wrong'> = {
    who: who ?? (await readAuthor(place.root)) ?? 'nobody: git has no name',
    at: `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    from,
    steps: await proveSteps(scene, states, at, { told: progress.events, isOfMany }),
    stopped: {
      step: stepOf(at.state),
      missing: typeof missing === 'string' ? missing : missing && `${missing.where}: ${missing.what}`,
    },
    values: values.value ?? unread(values),
    renames: await renamesOf(scene, placement, values.value, columnsUntil(states, at)),
    migrations: await migrationsOf(scene, place, past),
    replays: await replayAll(scene, place, scratches, placement.value),
    schemas: await compareSchemas(scene),
    hardCoded: hardCodedIn(learnerFiles(place.root)),
    fits: await storiesOf(scene, place, past),
    ledger: tellLedger(past.ledger),
    historyIds: past.history.map(({ id }) => id),
    commits: await readCommits(place.root),
    told: tell(progress.events, progress.unread.length),
  }
  return { ...report, wrong: wrongFirst(report, at).map(withoutPassword) }
}

/** Whose seeds have run on PROD before the step at which the learner is. */
function cohortsUntil(states: readonly StepState[], { state, isDone }: StepResult): string[] {
  const past = states.slice(0, states.indexOf(state) + (isDone ? 1 : 0))
  return past.flatMap(({ step }) => step.step.prod?.seeds ?? []).map(cohortOf)
}

/** The columns of the model at the last step that is done. */
function columnsUntil(states: readonly StepState[], { state, isDone }: StepResult): Set<string> {
  const done = isDone ? state : states[states.indexOf(state) - 1]
  const fields = columnsOfModel(String(done?.files.get('prisma/schema.prisma') ?? ''))
  return new Set([...(fields?.values() ?? [])].map(({ column }) => column))
}

async function renamesOf(
  scene: Scene,
  placement: Found<Map<string, string | undefined>>,
  values: Parameters<typeof accountRenames>[0]['values'],
  stillThere: ReadonlySet<string>,
): Promise<Report['renames']> {
  const found = await attempt(async () => {
    const migrations = await scene.migrations()
    const own = await scene.onRows(migrations.map(({ sql }) => sql))
    return accountRenames({ migrations, own, placement: placement.value ?? new Map(), values, stillThere })
  })
  return found.value ?? unread(found)
}

async function migrationsOf(scene: Scene, place: Place, past: ProdPast): Promise<Report['migrations']> {
  const found = await attempt(async () =>
    accountMigrations({
      migrations: await scene.migrations(),
      histories: { dev: await scene.history('dev'), prod: await scene.history('prod') },
      past,
      commits: await readMigrationCommits(place.root),
    }),
  )
  return found.value ?? unread(found)
}

async function storiesOf(scene: Scene, place: Place, past: ProdPast): Promise<Statement[]> {
  const migrations = await attempt(() => scene.migrations())
  const named = new Set(past.ledger.map(({ snapshot }) => snapshot))
  const copies = listSnapshots(place.copies).filter(({ name }) => named.has(name))
  const copyFaults = await findCopyFaults(await scene.client('prod'), copies, past.ledger)
  const committed = await committedTexts(place.root)
  return compareStories({ ...past, migrations: migrations.value ?? [], committed, copies, copyFaults })
}

/** SHA-256 of each text that a commit of this branch has brought as a migration; the course’s tags are not the learner’s. */
async function committedTexts(root: string): Promise<Set<string>> {
  const log = await tryGit(
    ['log', 'HEAD', '--format=', '--raw', '--no-abbrev', '--no-renames', '--', 'prisma/migrations'],
    {
      root,
    },
  ).catch(() => undefined)
  if (log?.code !== 0) return new Set()
  const blobs = [...log.stdout.toString().matchAll(/^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AM]\t/gm)].map(
    (found) => found[1]!,
  )
  return new Set((await textsOf(root, [...new Set(blobs)])).map(sha256))
}

function unread({ problem }: Found<unknown>): Unread {
  return { unread: `${problem!.message} ${problem!.why}` }
}
