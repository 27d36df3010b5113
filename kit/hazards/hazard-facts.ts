import pg from 'pg'
import type { HazardFacts } from './hazard.ts'
import { hazardsOf, manyRows } from './hazards.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { tableSql } from '../sql/table-sql.ts'
import { loadParser } from '../sql/tree.ts'

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
  const asked = new Map<string, { table: string; columns: readonly string[] }>()
  const note = (table: string, columns: readonly string[]) => void asked.set(keyOf(table, columns), { table, columns })
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
  for (const [key, { table, columns }] of asked) {
    const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
    const some = columns.map((column) => `${pg.escapeIdentifier(column)} IS NOT NULL`).join(' AND ')
    const groups = `SELECT FROM ${tableSql(table)} WHERE ${some} GROUP BY ${list} HAVING count(*) > 1`
    const answer = await ask<boolean>(client, `SELECT EXISTS (${groups}) AS answer`)
    if (answer !== undefined) twice.set(key, answer)
  }
  return {
    rows: (table) => rows.get(table),
    hasDuplicates: (table, columns) => twice.get(keyOf(table, columns)),
  }
}

/** Undefined for a table or a column that is not there yet. */
async function ask<Answer>(client: Pick<pg.ClientBase, 'query'>, sql: string): Promise<Answer | undefined> {
  try {
    return (await client.query<{ answer: Answer }>(sql)).rows[0]!.answer
  } catch (error) {
    if (error instanceof pg.DatabaseError && ['42P01', '42703', '3F000'].includes(error.code ?? '')) return undefined
    throw error
  }
}

function keyOf(table: string, columns: readonly string[]): string {
  return JSON.stringify([table, columns])
}
