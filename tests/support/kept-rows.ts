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

/** Keeps PROD as it is now, guard and history included, for `restoreProd`. */
export async function keepProd(workshop: Workshop): Promise<void> {
  await workshop.asAdmin('CREATE DATABASE workshop_kept TEMPLATE prod', 'postgres')
}

/** Makes PROD again as it was kept. */
export async function restoreProd(workshop: Workshop): Promise<void> {
  await workshop.asAdmin('DROP DATABASE IF EXISTS prod WITH (FORCE)', 'postgres')
  await workshop.asAdmin('CREATE DATABASE prod TEMPLATE workshop_kept', 'postgres')
  await workshop.asAdmin('GRANT CONNECT, TEMPORARY, CREATE ON DATABASE prod TO prod', 'postgres')
}
