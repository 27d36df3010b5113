import pg from 'pg'
import type { HazardFacts } from './hazard.ts'
import { hazardsOf, manyRows } from './hazards.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { tableSql } from '../sql/table-sql.ts'
import { loadParser } from '../sql/tree.ts'
import { equalRows, type UniqueKeys } from '../sql/unique-keys.ts'

/**
 * What a database says of the tables that pending migrations touch: how many rows they have, up to where it matters, and
 * whether rows are equal where a migration makes them unique. Reads only.
 */
export async function readHazardFacts(
  client: Pick<pg.ClientBase, 'query'>,
  pending: readonly MigrationText[],
  landed: readonly MigrationText[],
): Promise<HazardFacts> {
  await loadParser()
  const asked = new Map<string, { table: string; keys: UniqueKeys }>()
  const note = (table: string, keys: UniqueKeys) => void asked.set(keyOf(table, keys), { table, keys })
  const found = hazardsOf(pending, { landed, facts: { hasDuplicates: note } })
  const rows = new Map<string, number>()
  for (const table of new Set(found.flatMap(({ table: one }) => one ?? []))) {
    const n = await ask<number>(
      client,
      `SELECT count(*)::int AS answer FROM (SELECT FROM ${tableSql(table)} LIMIT ${manyRows}) AS one`,
    )
    if (n !== undefined) rows.set(table, n)
  }
  const twice = new Map<string, boolean>()
  for (const [key, { table, keys }] of asked) {
    const answer = await ask<boolean>(client, `SELECT EXISTS (${equalRows(tableSql(table), keys)}) AS answer`)
    if (answer !== undefined) twice.set(key, answer)
  }
  return {
    rows: (table) => rows.get(table),
    hasDuplicates: (table, keys) => twice.get(keyOf(table, keys)),
  }
}

/** Undefined where PostgreSQL cannot answer yet: what a pending migration makes first, a table or a function, is not there. */
async function ask<Answer>(client: Pick<pg.ClientBase, 'query'>, sql: string): Promise<Answer | undefined> {
  try {
    return (await client.query<{ answer: Answer }>(sql)).rows[0]!.answer
  } catch (error) {
    if (error instanceof pg.DatabaseError && /^(42|22|3F|0A)/.test(error.code ?? '')) return undefined
    throw error
  }
}

function keyOf(table: string, keys: UniqueKeys): string {
  return JSON.stringify([table, keys])
}
