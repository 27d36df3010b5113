import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import type { Rename } from '../catalog/renames.ts'
import { keyOf } from './archived-values.ts'
import type { Live } from './layers.ts'

/** Rows that are looked at; more would tell no more. */
const sample = 500

/**
 * Adds to each rename what the values say, where the other database still has the old name: in how many rows with the
 * same key both columns hold the same.
 */
export async function withValues(
  renames: readonly Rename[],
  live: Live,
  other: Live | undefined,
  otherName: string,
): Promise<Rename[]> {
  const weighed: Rename[] = []
  for (const rename of renames) {
    const { table, isTable, from, to } = rename
    const key = keyOf(live.catalog, table)
    if (isTable || !other || !key || keyOf(other.catalog, table) !== key || !hasColumn(other.catalog, table, from)) {
      weighed.push(rename)
      continue
    }
    const here = await valuesOf(live, table, key, to)
    const there = await valuesOf(other, table, key, from)
    const shared = [...here].filter(([id]) => there.has(id))
    const same = shared.filter(([id, value]) => there.get(id) === value).length
    const evidence =
      shared.length === 0 ? [] : [`${same} of ${shared.length} rows hold the same value as ${from} on ${otherName}`]
    weighed.push({ ...rename, evidence: [...rename.evidence, ...evidence] })
  }
  return weighed
}

async function valuesOf(
  { client }: Live,
  table: string,
  key: string,
  column: string,
): Promise<Map<string, string | null>> {
  const [t, k, c] = [table, key, column].map((name) => pg.escapeIdentifier(name))
  const { rows } = await client.query<{ id: string; value: string | null }>(
    `SELECT ${k}::text AS id, ${c}::text AS value FROM public.${t} ORDER BY ${k} LIMIT ${sample}`,
  )
  return new Map(rows.map(({ id, value }) => [id, value]))
}

function hasColumn({ tables }: Catalog, table: string, column: string): boolean {
  return tables.some(({ name, columns }) => name === table && columns.some((one) => one.name === column))
}
