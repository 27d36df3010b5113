import pg from 'pg'
import type { KeptCheck, RecruitsCheck } from './step.ts'

/** What is wrong with the recruits; `areMissing` when there are too few of them. */
export async function findRecruits(
  client: pg.Client,
  { cohort, atLeast, filled }: RecruitsCheck,
): Promise<{ what: string; areMissing: boolean; next?: string } | undefined> {
  const columns = await columnsOf(client, 'public.recruits')
  if (columns.length === 0) return { what: 'there is no table recruits', areMissing: false }
  if (filled !== undefined && !columns.includes(filled)) return { what: `no column ${filled}`, areMissing: false }
  const isEmpty = filled === undefined ? 'false' : `nullif(trim(${pg.escapeIdentifier(filled)}::text), '') IS NULL`
  const { rows } = await client.query<{ all: number; empty: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE ${isEmpty}))::int AS empty
     FROM public.recruits WHERE ${ofCohort(columns)}`,
    [cohort === undefined ? ['%'] : [`${cohort}%`]],
  )
  const { all, empty } = rows[0]!
  if (all < atLeast) {
    const what = `${all}${cohort ? ` of the ${cohort}` : ''}`
    const other = cohort !== undefined && columns.includes('cohort') ? await otherCohort(client, cohort) : undefined
    return other === undefined
      ? { what, areMissing: true }
      : { what: `${what}; ${other.what}`, areMissing: false, next: other.next }
  }
  return empty > 0 ? { what: `${empty} of ${all} have no ${filled}`, areMissing: false } : undefined
}

/** What the cohort of a seed's recruits begins with: C26 of `c26`, Portal of `portal`. */
export function cohortOf(seed: string): string {
  return seed.slice(0, 1).toUpperCase() + seed.slice(1)
}

/** SQL: a recruit's cohort as it is counted. The portal of the bonus steps has fifty and more, which count as one. */
export const countedCohort = `regexp_replace(cohort::text, '^(Portal) \\d+$', '\\1')`

/** A seed has made its recruits, and they say that they are of another cohort: run again, it adds nobody. */
async function otherCohort(client: pg.Client, cohort: string): Promise<{ what: string; next: string } | undefined> {
  const { rows } = await client.query<{ cohort: string; n: number }>(
    'SELECT cohort, count(*)::int AS n FROM public.recruits WHERE github_name LIKE $1 AND NOT cohort LIKE $2 GROUP BY 1 ORDER BY 2 DESC LIMIT 1',
    [`%-${cohort.toLowerCase()}-%`, `${cohort}%`],
  )
  const [other] = rows
  const seed = `seeds/${cohort.toLowerCase()}.ts`
  return (
    other && {
      what: `${other.n} that ${seed} made say that they are of the "${other.cohort}"`,
      next: `Correct the cohort in ${seed}. Then the recruits that are there: on DEV  npm run db reset  and the seeds again; on PROD the UPDATE that this check prints.`,
    }
  )
}

/**
 * Who lost the value of a column: it is looked for in every table of `public` and `archive` that has the column. Who came
 * after the last one that had it never had one; the copies tell of anybody else.
 */
export async function findLost(client: pg.Client, { column, cohorts }: KeptCheck): Promise<string | undefined> {
  const columns = await columnsOf(client, 'public.recruits')
  if (columns.length === 0) return 'there is no table recruits'
  const holders = await holdersOf(client, column)
  const held = holders.map(
    (table) => `SELECT ${table.id} FROM ${table.name} WHERE ${pg.escapeIdentifier(column)} IS NOT NULL`,
  )
  const { rows } = await client.query<{ id: number; total: number }>(
    `SELECT id, total FROM (SELECT id, count(*) OVER ()::int AS total FROM public.recruits WHERE ${ofCohort(columns)}) AS old
     ${held.length > 0 ? `WHERE id NOT IN (${held.join(' UNION ')}) AND id <= (SELECT max(id) FROM (${held.join(' UNION ')}) AS had (id))` : ''} ORDER BY id`,
    [cohorts.map((cohort) => `${cohort}%`)],
  )
  if (rows.length === 0) return undefined
  const ids = rows.slice(0, 5).map(({ id }) => id)
  const more = rows.length > ids.length ? ' …' : ''
  return `${rows.length} of ${rows[0]!.total} have lost it: those with the id ${ids.join(', ')}${more}`
}

async function holdersOf(client: pg.Client, column: string): Promise<{ name: string; id: string }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT table_schema AS schema, table_name AS name FROM information_schema.columns
     WHERE column_name = $1 AND table_schema IN ('public', 'archive')`,
    [column],
  )
  const names = rows.map(({ schema, name }) => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`)
  const holders = []
  for (const name of names) {
    const columns = await columnsOf(client, name)
    const id = ['recruit_id', 'id'].find((one) => columns.includes(one))
    if (id) holders.push({ name, id })
  }
  return holders
}

/** A condition with one parameter: patterns of cohorts. Before there is a cohort column, everyone belongs to the C25. */
function ofCohort(columns: readonly string[]): string {
  return columns.includes('cohort') ? 'cohort LIKE ANY ($1)' : `'C25' LIKE ANY ($1)`
}

async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped',
    [table],
  )
  return rows.map(({ name }) => name)
}
