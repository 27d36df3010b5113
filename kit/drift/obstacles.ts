import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import type { Action, Constraint } from '../sql/action.ts'
import { actionsIn } from '../sql/actions.ts'
import { loadParser } from '../sql/tree.ts'
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
  if (scripts.length === 0) return []
  await loadParser()
  const obstacles: Obstacle[] = []
  const mended = new Set<string>()
  for (const action of scripts.flatMap(actionsIn)) {
    if (action.do === 'update' || action.do === 'delete' || action.do === 'insert') mended.add(action.table)
    for (const demand of demandsOf(action)) {
      const table = live.tables.find(({ name }) => name === demand.table)
      const isThere = (name: string) => table!.columns.some((column) => column.name === name)
      if (!table || mended.has(table.name) || !(demand.kind === 'new' || demand.columns.every(isThere))) continue
      const found = await count(client, demand)
      if (found) obstacles.push({ table: table.name, column: demand.columns.join(', '), words: found })
    }
  }
  return obstacles
}

interface Demand {
  kind: 'new' | 'required' | 'unique'
  table: string
  columns: readonly string[]
}

/** What an action asks of the rows that are there. */
function demandsOf(action: Action): Demand[] {
  if (action.do === 'set not null') return [{ kind: 'required', table: action.table, columns: [action.column] }]
  if (action.do === 'add constraint') return demandsOfConstraint(action.table, action.constraint)
  if (action.do === 'create index' && action.unique && action.columns.length > 0)
    return [{ kind: 'unique', table: action.table, columns: action.columns }]
  if (action.do !== 'add column') return []
  const { name, required, default: filledWith, filled } = action.column
  return required && !filledWith && !filled ? [{ kind: 'new', table: action.table, columns: [name] }] : []
}

/** What is not checked now, or holds for some rows alone, asks nothing that can be counted by its columns. */
function demandsOfConstraint(table: string, { kind, columns, notValid, usingIndex, required }: Constraint): Demand[] {
  if (notValid || usingIndex) return []
  const isUnique = (kind === 'unique' || kind === 'primary key') && columns.length > 0
  const filled = required === undefined ? (kind === 'primary key' || kind === 'not null' ? columns : []) : [required]
  return [
    ...filled.map((column): Demand => ({ kind: 'required', table, columns: [column] })),
    ...(isUnique ? [{ kind: 'unique', table, columns } as const] : []),
  ]
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
