import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import { actionsIn } from '../sql/actions.ts'
import { loadParser } from '../sql/tree.ts'
import type { Obstacle } from './drift-report.ts'
import { liveNames } from './live-names.ts'
import { demandsOf, type Demand } from './row-demands.ts'

/**
 * Counts the rows of a database at which these scripts would fail: no value for a column that becomes required, equal
 * values where it becomes unique, a check, a relation or a type that they do not meet. Nothing is written. A script that
 * writes all rows of a column itself is trusted to have mended them; where it writes some, that is said.
 */
export async function findObstacles(
  client: Pick<pg.ClientBase, 'query'>,
  live: Catalog,
  scripts: readonly string[],
): Promise<Obstacle[]> {
  if (scripts.length === 0) return []
  await loadParser()
  const obstacles: Obstacle[] = []
  const names = liveNames(live, scripts)
  for (const action of scripts.flatMap(actionsIn)) {
    for (const demand of demandsOf(action, names, live)) {
      const mended = names.isMended(demand.table, demand.columns)
      const found = mended === 'all' ? undefined : await count(client, demand)
      const words = found && mended === 'some' ? `${found}, unless what is written before mends them` : found
      if (words) obstacles.push({ table: demand.table, column: demand.columns.join(', '), words })
    }
    names.note(action)
  }
  return obstacles
}

async function count(client: Pick<pg.ClientBase, 'query'>, demand: Demand): Promise<string | undefined> {
  // An expression of a script might write.
  await client.query('BEGIN TRANSACTION READ ONLY')
  try {
    const { rows } = await client.query<{ n: number }>(demand.sql)
    const { n } = rows[0]!
    return n === 0 ? undefined : demand.words(n)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    // A value that does not fit. What is not there yet, a function or a type, is made by a script first.
    return /^2[23]/.test(error.code ?? '') ? demand.onError?.(error.message) : undefined
  } finally {
    await client.query('ROLLBACK')
  }
}
