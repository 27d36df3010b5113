import type pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import { readAllRows, readHistory, type MigrationRow, type Rebaseline } from '../../kit/catalog/migration-history.ts'
import { readDrift } from '../../kit/drift/drift.ts'
import { inOrder } from '../../kit/drift/next-command.ts'
import { projectRoot } from '../../kit/project/project.ts'
import type { Schemas } from '../../kit/catalog/schemas.ts'
import type { Target } from '../../kit/database/target.ts'
import { cohortOf, findRecruits } from './check-recruits.ts'
import { courseOf, migrationNames, migrationScripts, type StepState } from './step-databases.ts'
import { nameOf } from './read-steps.ts'

/** Where PROD stands among the steps. */
export interface ProdPosition {
  /** How many of the course's migrations PROD's schema has. */
  done: number
  /** What its history needs, where the schema is the same and the names are not. */
  rebaseline: Rebaseline | undefined
  /** What was applied to it besides all that the course has. */
  besides: string[]
}

/**
 * Finds PROD's place: by the names in its history or, where they are the learner's own, by proving that its schema is
 * what the course's first migrations make. Only looks. Throws a Problem with the difference where it is neither.
 */
export async function findProd(
  client: pg.Client,
  prod: Target,
  dev: Target,
  { states, state }: { states: readonly StepState[]; state: StepState },
  openSchemas: () => Schemas,
): Promise<ProdPosition> {
  const history = await readHistory(client)
  const failed = history.find((row) => row.failed)
  if (failed) throw halfApplied(failed.name)
  const applied = history.map(({ name }) => name)
  const all = states.at(-1)!.files
  const [names, allNames] = [migrationNames(storyOnProd(states, applied).at(-1)!.files), migrationNames(all)]
  const hasCourseNames = names.slice(0, applied.length).every((name) => applied.includes(name))
  const besides = applied.filter((name) => !names.includes(name))
  const named: ProdPosition | undefined =
    hasCourseNames && (besides.length === 0 || applied.length > names.length)
      ? { done: applied.length - besides.length, rebaseline: undefined, besides }
      : undefined
  // What came besides may be a bonus step's, under a name of the learner's own.
  const mayBeBonus = besides.length > 0 && allNames.length > names.length && (await hasMoreTables(client))
  // What was only noted may not be there.
  const isSure = besides.length > 0 ? !mayBeBonus : !(await readAllRows(client)).some(isNoted)
  if (named && isSure) return named

  const schemas = openSchemas()
  try {
    const scripts = migrationScripts(all)
    const live = await schemas.live(prod.url)
    const differs = async (n: number) => schemas.difference(await schemas.after(scripts.slice(0, n), dev.url), live)
    if (named && (await differs(named.done)) === undefined) return named
    // Two migrations can make the same schema, when one of them changes rows only. It is the earlier one then: what is
    // run a second time loses nothing, what is left out would be missing.
    for (let n = named && mayBeBonus ? names.length + 1 : 0; n <= allNames.length; n++) {
      if ((await differs(n)) !== undefined) continue
      const has = allNames.slice(0, n)
      const retired = history.filter(({ name }) => !has.includes(name))
      const added = has.map((name, i) => ({ name, sql: scripts[i]! })).filter(({ name }) => !applied.includes(name))
      return { done: n, rebaseline: { history, retired, added }, besides: [] }
    }
    if (named) return named
    const { links } = await readDrift({ root: projectRoot, target: (env) => (env === 'dev' ? dev : prod) }, ['prod'])
    const way = inOrder(links.filter(({ to }) => to === 'prod').flatMap(({ next }) => next))
    throw isElsewhere(
      state,
      await nearest(names.filter((name) => applied.includes(name)).length, names.length, differs),
      way,
    )
  } finally {
    await schemas.close()
  }
}

/** The course has one table in `public`, beside Prisma's own; the bonus steps have more. */
async function hasMoreTables(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  )
  return rows[0]!.n > 1
}

/** The steps whose names PROD may have: the course's; all, once it has a name that only the bonus steps bring. */
function storyOnProd(states: readonly StepState[], applied: readonly string[]): readonly StepState[] {
  const course = courseOf(states)
  const ofCourse = migrationNames(course.at(-1)!.files)
  const more = migrationNames(states.at(-1)!.files).filter((name) => !ofCourse.includes(name))
  return more.some((name) => applied.includes(name)) ? states : course
}

/** What a learner reads about PROD, a line each: that it stays where it is, and how to bring it along. */
export async function describeProd(
  client: pg.Client,
  { done, rebaseline, besides }: ProdPosition,
  { states, state }: { states: readonly StepState[]; state: StepState },
): Promise<string[]> {
  const stops = states.filter(({ step }) => step.step.prod)
  const passed = stops.filter(({ step }) => step.number <= state.step.number)
  const wanted = passed.length === 0 ? 0 : migrationNames(passed.at(-1)!.files).length
  const lines = rebaseline ? describeRebaseline(rebaseline) : []
  if (besides.length > 0)
    return [
      `has all migrations of the course, and besides: ${besides.join(', ')}. It stays there: nothing is ever taken back from it.`,
      'What this step’s files lack, and where it is:  npm run drift -- --env prod',
    ]
  if (done > wanted) {
    const there = stops.find(({ files }) => migrationNames(files).length >= done) ?? states.at(-1)!
    return [
      ...lines,
      `stands further on, with the migrations of ${nameOf(there.step)}, and stays there: nothing is ever taken back from it.`,
      `To come forward again:  npm run goto ${numberOf(there)}`,
    ]
  }
  const todo = await wayForward(client, done, passed, state)
  if (todo.length === 0) return [...lines, passed.length === 0 ? 'has nothing to do yet.' : 'is where it should be.']
  return [
    ...lines,
    'is behind, and stays as it is. To bring it along, in this order:',
    ...todo.map((line) => `  ${line}`),
  ]
}

/** The commands that bring PROD through the stops that it has not seen, each with the files of that stop. */
async function wayForward(
  client: pg.Client,
  done: number,
  stops: readonly StepState[],
  state: StepState,
): Promise<string[]> {
  const commands: string[] = []
  let files = state
  for (const stop of stops) {
    const isDeployed = done >= migrationNames(stop.files).length
    const seeds = await missingSeeds(client, stop, isDeployed)
    if (isDeployed && seeds.length === 0) continue
    const isHere = migrationNames(files.files).length === migrationNames(stop.files).length
    if (!isHere && !isDeployed) {
      commands.push(`npm run goto ${numberOf(stop)}`)
      files = stop
    }
    if (!isDeployed) commands.push('npm run migrate -- deploy --env prod')
    commands.push(...seeds.map((seed) => `npm run seed:${seed} -- --env prod`))
  }
  if (files !== state) commands.push(`npm run goto ${numberOf(state)}`)
  return commands
}

async function missingSeeds(client: pg.Client, { step }: StepState, isDeployed: boolean): Promise<readonly string[]> {
  const seeds = step.step.prod?.seeds ?? []
  if (!isDeployed) return seeds
  const missing = []
  for (const seed of seeds) {
    const found = await findRecruits(client, { kind: 'recruits', on: 'prod', cohort: cohortOf(seed), atLeast: 1 })
    if (found?.areMissing) missing.push(seed)
  }
  return missing
}

function isNoted({ state, isOnlyNoted }: MigrationRow): boolean {
  return state === 'applied' && isOnlyNoted === true
}

function describeRebaseline({ retired, added }: Rebaseline): string[] {
  const isUntrue = added.length === 0
  return [
    isUntrue
      ? 'lacks what is noted as applied there and never ran, so the note is taken back, in one transaction:'
      : 'has the same schema under other names, so its history gets the names of the course, in one transaction:',
    ...retired.map(
      ({ name }) => `  retired  ${name}  (rolled_back_at is set; the row is kept in workshop.retired_migrations)`,
    ),
    ...added.map(({ name }) => `  applied  ${name}  (noted, not run)`),
    isUntrue
      ? '  They are pending again: a deploy runs them.'
      : '  On a branch that has the old names they count as pending again, so go on from here.',
  ]
}

/** Against what PROD has noted of the course's; where that is nothing, where the shortest difference is. */
async function nearest(
  noted: number,
  last: number,
  differs: (n: number) => Promise<string | undefined>,
): Promise<string> {
  if (noted > 0) return (await differs(noted)) ?? ''
  const differences = []
  // An empty database differs in few words, and in everything.
  for (let n = 1; n <= last; n++) differences.push((await differs(n)) ?? '')
  return differences.toSorted((a, b) => a.length - b.length)[0] ?? ''
}

function numberOf({ step }: StepState): string {
  return nameOf(step).split('-')[0]!
}

function halfApplied(name: string): Problem {
  return new Problem(`A migration is half applied on PROD, ${name}: nothing was changed.`, {
    why: 'It was started, and neither finished nor rolled back. Until that is settled, PROD has no place among the steps.',
    next: [
      `npm run drift -- --env prod    (what of ${name} is there, and the ways out)`,
      'Then type the same command again.',
    ],
  })
}

function isElsewhere({ step }: StepState, difference: string, way: readonly string[]): Problem {
  return new Problem('PROD’s schema is that of no step: nothing was changed.', {
    why: `With the migrations of ${nameOf(step)} in the folder, the next deploy would fail. Against the nearest step, PROD has:\n\n${difference.trim()}\n`,
    next: [
      ...way,
      'Write a migration that closes the difference, then:  npm run migrate -- deploy --env prod',
      'Or begin again with both databases empty; nothing is deleted:  npm run db fresh',
    ],
  })
}
