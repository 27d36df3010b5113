import type { Target } from '../../kit/database/target.ts'
import { withClient } from '../../kit/database/connection.ts'

/** Each row's values, by its id, from all tables together: a value that was renamed or moved is still there. */
export function readValues(target: Target): Promise<Map<string, string[]>> {
  return withClient(target, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname !~ '^(pg_|information_schema$|workshop$)' AND tablename <> '_prisma_migrations'`,
    )
    const values = new Map<string, string[]>()
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) AS row FROM ${name} AS t`,
      )
      for (const { row } of rows) {
        const key = String(row['id'] ?? JSON.stringify(row))
        const texts = Object.values(row).filter((value) => value !== null)
        values.set(key, [...(values.get(key) ?? []), ...texts.map(String)])
      }
    }
    return values
  })
}

/** Rows or values that were there before and are not there after, in words. */
export function describeLost(before: Map<string, string[]>, after: Map<string, string[]>): string | undefined {
  const lost = [...before].flatMap(([id, values]) => {
    const there = after.get(id)
    if (!there) return [`the row ${id}`]
    return values.filter((value) => !there.includes(value)).map((value) => `"${value}" of row ${id}`)
  })
  if (lost.length === 0) return undefined
  return `${lost.length} lost: ${lost.slice(0, 3).join(', ')}${lost.length > 3 ? ' …' : ''}`
}
