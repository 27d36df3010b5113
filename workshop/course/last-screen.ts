import type pg from 'pg'
import { grouped } from '../../kit/terminal/numbers.ts'
import { connectTo } from '../../kit/database/connection.ts'
import type { Target } from '../../kit/database/target.ts'
import { countedCohort } from './check-recruits.ts'

/** What somebody reads who has done all of it: what was learnt, with its proof, and this PROD in numbers. `more` can be done. */
export async function lastScreen(prod: Target, more?: string): Promise<string[]> {
  const client = await connectTo(prod)
  try {
    return [
      'All checks pass: the exercise is done, and PROD has lost nothing.',
      '',
      ...(await numbersOf(client)),
      '',
      ...learnt,
      '',
      'To read next:  docs/releases.md, how a team makes its migrations from PROD itself',
      '               https://www.postgresql.org/docs/current/ddl-alter.html',
      '               https://www.prisma.io/docs/orm/prisma-migrate',
      ...(more === undefined ? [] : [`More:  the bonus steps, on linked tables:  npm run read ${more.split('-')[0]}`]),
    ]
  } finally {
    await client.end()
  }
}

/** Each rule, and where it was seen. */
const learnt = [
  'What you know now, and where you have seen it:',
  '  · A required column comes optional, is filled, and is required then.              04, 05, 06',
  '  · A migration that was applied is never edited; a new one puts right what is wrong.      07',
  '  · "status" compares names. Whether a database has drifted, only a comparison tells.      08',
  '  · What runs on an empty DEV can fail on PROD: try it out where there are rows.            09',
  '  · A rename is RENAME COLUMN. A drop and an add lose the place of every value.         12, 13',
  '  · What leaves a table goes into an archive first, in the same migration.              15, 16',
  '  · Two branches that merge without a conflict can still contradict each other.        17, 18',
]

async function numbersOf(client: pg.ClientBase): Promise<string[]> {
  const { rows: cohorts } = await client.query<{ cohort: string; n: number }>(
    `SELECT ${countedCohort} AS cohort, count(*)::int AS n FROM public.recruits GROUP BY 1 ORDER BY 1`,
  )
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  const { rows: archived } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('archive.recruits') IS NOT NULL AS there",
  )
  const kept = archived[0]!.there
    ? await client.query<{ n: number }>('SELECT count(*)::int AS n FROM archive.recruits')
    : undefined
  const all = cohorts.reduce((sum, { n }) => sum + n, 0)
  return [
    `Your PROD: ${grouped(all)} recruits (${cohorts.map(({ cohort, n }) => `${grouped(n)} ${cohort}`).join(', ')}), ${rows[0]!.n} migrations.`,
    ...(kept ? [`In its archive: what ${grouped(kept.rows[0]!.n)} of them had in the column that went.`] : []),
    'The whole story, deploy by deploy:  npm run db ledger',
  ]
}
