import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import type { Obstacle } from './drift-report.ts'

/**
 * Counts the rows of a database at which these scripts would fail: no value for a column that becomes required, equal
 * values for one that becomes unique. A script that writes rows of a table itself is trusted to have mended them.
 */
export async function findObstacles(
  client: Pick<pg.ClientBase, 'query'>,
  live: Catalog,
  scripts: readonly string[],
): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = []
  const mended = new Set<string>()
  for (const statement of scripts.flatMap(statementsOf)) {
    const [, writes] = /^(?:UPDATE|DELETE FROM|INSERT INTO)\s+(?:ONLY\s+)?(\S+)/i.exec(statement) ?? []
    if (writes) mended.add(bare(writes))
    for (const demand of demandsOf(statement)) {
      const table = live.tables.find(({ name }) => name === demand.table)
      if (!table || mended.has(table.name)) continue
      if (
        !demand.columns.every((name) => demand.kind === 'new' || table.columns.some((column) => column.name === name))
      )
        continue
      const found = await count(client, demand)
      if (found) obstacles.push({ table: table.name, column: demand.columns.join(', '), words: found })
    }
  }
  return obstacles
}

interface Demand {
  kind: 'new' | 'required' | 'unique'
  table: string
  columns: string[]
}

/** What a statement asks of the rows that are there. It is Prisma's SQL, or near to it: words are enough to read it. */
function demandsOf(statement: string): Demand[] {
  const [, onTable, keys] =
    /^CREATE UNIQUE INDEX[^(]*?\sON\s+(?:ONLY\s+)?(\S+?)\s*(?:USING\s+\w+\s*)?\(([^)]*)\)\s*$/i.exec(statement) ?? []
  if (onTable && keys) return [{ kind: 'unique', table: bare(onTable), columns: keys.split(',').map(bare) }]
  const [, altered, actions = ''] = /^ALTER TABLE\s+(?:IF EXISTS\s+)?(?:ONLY\s+)?(\S+)\s+(.*)$/is.exec(statement) ?? []
  if (!altered) return []
  const table = bare(altered)
  return splitAtCommas(actions).flatMap((action): Demand[] => {
    const [, added, rest = ''] =
      /^ADD (?:COLUMN\s+)?(?:IF NOT EXISTS\s+)?("[^"]+"|(?!CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE)\w+)\s+(.*)$/is.exec(
        action,
      ) ?? []
    if (added && /NOT NULL/i.test(rest) && !/DEFAULT|GENERATED|SERIAL/i.test(rest))
      return [{ kind: 'new', table, columns: [bare(added)] }]
    const [, required] = /^ALTER (?:COLUMN\s+)?(\S+)\s+SET NOT NULL$/i.exec(action.trim()) ?? []
    if (required) return [{ kind: 'required', table, columns: [bare(required)] }]
    const [, unique] = /^ADD (?:CONSTRAINT\s+\S+\s+)?(?:UNIQUE|PRIMARY KEY)\s*\(([^)]*)\)/i.exec(action) ?? []
    return unique ? [{ kind: 'unique', table, columns: unique.split(',').map(bare) }] : []
  })
}

async function count(
  client: Pick<pg.ClientBase, 'query'>,
  { kind, table, columns }: Demand,
): Promise<string | undefined> {
  const t = `public.${pg.escapeIdentifier(table)}`
  const list = columns.map((name) => pg.escapeIdentifier(name)).join(', ')
  const names = columns.map((name) => `${table}.${name}`).join(', ')
  const some = columns.map((name) => `${pg.escapeIdentifier(name)} IS NOT NULL`).join(' AND ')
  const sql = {
    new: `SELECT count(*)::int AS n FROM ${t}`,
    required: `SELECT count(*)::int AS n FROM ${t} WHERE ${list} IS NULL`,
    unique: `SELECT coalesce(sum(n), 0)::int AS n FROM (SELECT count(*) AS n FROM ${t} WHERE ${some} GROUP BY ${list} HAVING count(*) > 1) AS twice`,
  }[kind]
  const { rows } = await client.query<{ n: number }>(sql)
  const n = rows[0]!.n
  if (n === 0) return undefined
  const row = n === 1 ? 'row' : 'rows'
  return {
    new: `${n} ${row} would have no value in the new, required column ${names}`,
    required: `${n} ${row} ${n === 1 ? 'has' : 'have'} no ${names}, which becomes required`,
    unique: `${n} ${row} share a value of ${names}, which becomes unique`,
  }[kind]
}

/** Cut at `;`, without comments. A `;` in a string cuts too early, and then the rest is no statement that we know. */
function statementsOf(script: string): string[] {
  return script
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean)
}

function splitAtCommas(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim())
}

/** `public."recruits"` → `recruits` */
function bare(name: string): string {
  return name
    .trim()
    .replace(/^"?public"?\./i, '')
    .replaceAll('"', '')
}
