import type pg from 'pg'
import type { BoardFacts, CohortCount } from './view.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { countedCohort } from '../course/check-recruits.ts'
import { readGuard, type GuardState } from '../../kit/guard/guard.ts'
import { readLastEntry } from '../../kit/keep/ledger.ts'
import { type Env, locate, type Target } from '../../kit/database/target.ts'
import { attempt, readFolder } from '../../kit/drift/layers.ts'
import { readDrift } from '../../kit/drift/drift.ts'
import type { Place } from '../../kit/database/target.ts'

/**
 * Reads all that the board's picture shows: the terminal's report, and what the databases hold. Nothing is changed. A
 * database that has a problem already is not asked again.
 */
export async function readFacts(place: Place, problems: Partial<Record<Env, Problem>>): Promise<BoardFacts> {
  const target = (env: Env) => {
    if (problems[env]) throw problems[env]
    return place.target(env)
  }
  const [report, folder, dev, prod] = await Promise.all([
    readDrift({ ...place, target }),
    readFolder(place.root),
    attempt(async () => readContents(target('dev'))),
    attempt(async () => readContents(target('prod'))),
  ])
  return {
    report,
    folder: folder.value?.map(({ name }) => name),
    places: {
      schema: 'prisma/schema.prisma',
      migrations: 'prisma/migrations',
      dev: placeOf(() => place.target('dev')),
      prod: placeOf(() => place.target('prod')),
      client: 'prisma/generated',
    },
    cohorts: { dev: dev.value?.cohorts, prod: prod.value?.cohorts },
    ledger: prod.value?.ledger,
    hasLostGuard: prod.value?.guard === 'damaged',
  }
}

interface Contents {
  cohorts: CohortCount[]
  ledger: Awaited<ReturnType<typeof readLastEntry>>
  guard: GuardState
}

async function readContents(target: Target): Promise<Contents> {
  const client = await connectTo(target)
  try {
    await client.query('BEGIN TRANSACTION READ ONLY')
    const cohorts = await countCohorts(client)
    // DEV has neither.
    if (target.env === 'dev') return { cohorts, ledger: undefined, guard: 'missing' }
    return { cohorts, ledger: await readLastEntry(client), guard: await readGuard(client) }
  } finally {
    await client.end()
  }
}

async function countCohorts(client: pg.Client): Promise<CohortCount[]> {
  const { rows: columns } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass('public.recruits') AND attnum > 0 AND NOT attisdropped`,
  )
  if (columns.length === 0) return []
  const cohort = columns.some(({ name }) => name === 'cohort') ? countedCohort : 'NULL::text'
  const { rows } = await client.query<CohortCount>(
    `SELECT ${cohort} AS cohort, count(*)::int AS recruits FROM public.recruits GROUP BY 1 ORDER BY 1`,
  )
  return rows
}

function placeOf(target: () => Target): string {
  try {
    return locate(target())
  } catch (error) {
    if (error instanceof Problem) return ''
    throw error
  }
}
