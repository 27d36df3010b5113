import type { Workshop } from './workshop.ts'

/** Every value that stands in PROD's recruits or their archive, as `id → value`. */
export async function valuesInProd(workshop: Workshop): Promise<Set<string>> {
  const tables = await workshop.sql<{ name: string }>(
    'prod',
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE tablename = 'recruits'",
  )
  const values = new Set<string>()
  for (const { name } of tables) {
    for (const row of await workshop.sql<Record<string, unknown>>('prod', `SELECT * FROM ${name}`)) {
      for (const value of Object.values(row)) values.add(`${row['id']} → ${value}`)
    }
  }
  return values
}
