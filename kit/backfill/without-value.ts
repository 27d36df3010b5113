import type pg from 'pg'
import { isDatabaseError } from '../engine/database-error.ts'
import { isEmpty, keyAsText, type KeyedTable } from './batch-sql.ts'
import { keyWords } from './failures.ts'
import type { BackfillPlan } from './plan.ts'

/** Keys of the first rows for which the expression gives NULL, as SQL. Reads only. */
export async function readWithoutValue(
  client: pg.ClientBase,
  table: KeyedTable,
  plan: BackfillPlan,
): Promise<string[]> {
  try {
    const { rows } = await client.query<{ key: string[] }>(
      `SELECT ${keyAsText(table.key)} AS key FROM ${table.sql} WHERE ${isEmpty(plan)} AND (${plan.expression}\n) IS NULL LIMIT 5`,
    )
    return rows.map(({ key }) => keyWords(table, key))
  } catch (error) {
    // A row that came a moment ago may be one that the expression fails on: the next run shows it.
    if (isDatabaseError(error)) return []
    throw error
  }
}
