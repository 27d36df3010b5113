import pg from 'pg'
import type { EachCheck } from './step.ts'

/** The rows for which a condition does not hold; not `isThere` where the table or a column of it is missing. */
export async function findOtherRows(
  client: pg.Client,
  { table, holds }: EachCheck,
): Promise<{ what: string; isThere: boolean } | undefined> {
  const name = pg.escapeIdentifier(table)
  try {
    const { rows } = await client.query<{ all: number; wrong: number; first: string }>(
      `SELECT count(*)::int AS all, (count(*) FILTER (WHERE NOT is_right))::int AS wrong,
              min(id) FILTER (WHERE NOT is_right)::text AS first
       FROM (SELECT t.id, coalesce((${holds}), false) AS is_right FROM public.${name} AS t) AS x`,
    )
    const { all, wrong, first } = rows[0]!
    return wrong === 0
      ? undefined
      : { what: `${wrong} of ${all} rows of ${table} are not so, the first has the id ${first}`, isThere: true }
  } catch (error) {
    const isMissing = error instanceof pg.DatabaseError && ['42P01', '42703'].includes(error.code ?? '')
    if (!isMissing) throw error
    return { what: `no such table or column yet: ${error.message}`, isThere: false }
  }
}
