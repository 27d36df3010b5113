import pg from 'pg'
import { nameLikeness } from '../catalog/renames.ts'
import { open } from '../database/connection.ts'
import type { Target } from '../database/target.ts'
import { isAlike } from '../hazards/statement-looks.ts'
import { tableSql } from '../sql/table-sql.ts'
import { actionsIn } from '../sql/actions.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { loadParser } from '../sql/tree.ts'

/** A column that goes and one of the same table that comes: what Prisma writes for a field that was renamed. */
export interface DropAndAdd {
  table: string
  from: string
  to: string
  /** The file that has the drop. */
  migration: string
  /** Why it looks like a rename, a phrase each. */
  evidence: string[]
}

type Client = Pick<pg.ClientBase, 'query'>

/**
 * Finds them in migrations that are pending. `copy` is PROD as it is before them; DEV's rows tell, where it has the new
 * column already. In one file the type is enough; in two, the names or the values have to say so too.
 */
export async function findDropsAndAdds(
  copy: Client,
  dev: Target,
  pending: readonly MigrationText[],
): Promise<DropAndAdd[]> {
  await loadParser()
  const all = pending.flatMap(({ name, sql }) => actionsIn(sql).map((action) => ({ migration: name, action })))
  const adds = all.flatMap(({ migration, action }) => (action.do === 'add column' ? [{ migration, ...action }] : []))
  const drops = all.flatMap(({ migration, action }) => (action.do === 'drop column' ? [{ migration, ...action }] : []))
  const found: DropAndAdd[] = []
  for (const { migration, table, column: from } of drops) {
    const type = await typeOf(copy, table, from)
    if (type === undefined) continue
    const weighed = []
    for (const add of adds.filter((one) => one.table === table && isAlike(type, one.column.type))) {
      const to = add.column.name
      const evidence = [...likeNames(from, to), ...(await sameValues(copy, dev, { table, from, to }))]
      const isOneFile = add.migration === migration
      if (isOneFile || evidence.length > 0)
        weighed.push({ to, evidence, weight: evidence.length + (isOneFile ? 1 : 0) })
    }
    const [best] = weighed.toSorted((a, b) => b.weight - a.weight)
    if (best)
      found.push({ table, from, to: best.to, migration, evidence: [`both are ${type.shown}`, ...best.evidence] })
  }
  return found
}

/** Undefined for a column that is not there, or holds nothing: then nothing can be lost with it. */
async function typeOf(client: Client, table: string, column: string) {
  const { rows } = await client.query<{ name: string; shown: string }>(
    `SELECT typname AS name, format_type(atttypid, atttypmod) AS shown FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid
     WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped`,
    [tableSql(table), column],
  )
  const [type] = rows
  if (!type) return undefined
  const { rowCount } = await client.query(
    `SELECT FROM ${tableSql(table)} WHERE ${pg.escapeIdentifier(column)} IS NOT NULL LIMIT 1`,
  )
  const isArray = type.name.startsWith('_')
  return rowCount ? { name: type.name.replace(/^_/, ''), sizes: [], isArray, shown: type.shown } : undefined
}

function likeNames(from: string, to: string): string[] {
  const likeness = from === to ? 0 : nameLikeness(from, to)
  return likeness >= 0.75 ? ['the names are alike'] : likeness >= 0.5 ? ['the names are alike in part'] : []
}

/** What DEV says, as `npm run drift` does: rows with the same key that hold the same, there under the new name. */
async function sameValues(
  copy: Client,
  dev: Target,
  { table, from, to }: { table: string; from: string; to: string },
): Promise<string[]> {
  const here = await valuesOf(copy, table, from)
  const client = await open(dev.url)
  if (!(client instanceof pg.Client)) return []
  try {
    const there = await valuesOf(client, table, to)
    const shared = [...(here ?? [])].filter(([key]) => there?.has(key))
    const same = shared.filter(([key, value]) => there!.get(key) === value).length
    if (same === 0 || same * 2 < shared.length) return []
    return [`${same} of ${shared.length} rows hold in ${to} on DEV what they hold in ${from} on PROD`]
  } finally {
    await client.end()
  }
}

/** By the key of the row; undefined where the table has none of one column, or lacks the column. */
async function valuesOf(client: Client, table: string, column: string): Promise<Map<string, string> | undefined> {
  const { rows: keys } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indrelid = to_regclass($1) AND indisprimary AND indnatts = 1
       AND EXISTS (SELECT FROM pg_attribute AS c WHERE c.attrelid = indrelid AND c.attname = $2 AND NOT c.attisdropped)`,
    [tableSql(table), column],
  )
  if (!keys[0]) return undefined
  const [k, c] = [keys[0].name, column].map((name) => pg.escapeIdentifier(name))
  const { rows } = await client.query<{ key: string; value: string }>(
    `SELECT ${k}::text AS key, ${c}::text AS value FROM ${tableSql(table)} WHERE ${c} IS NOT NULL ORDER BY ${k} LIMIT 500`,
  )
  return new Map(rows.map(({ key, value }) => [key, value]))
}
