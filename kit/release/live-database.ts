import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import { dotted } from '../catalog/dotted-name.ts'
import type { LiveDatabase } from './next-question.ts'
import { readShowingViews } from './showing-views.ts'

/** Counts rows and values of these tables, and reads which names the archive has taken, and the views. Reads only. */
export async function readLiveDatabase(
  client: pg.ClientBase,
  catalog: Catalog,
  tables: ReadonlySet<string>,
): Promise<LiveDatabase> {
  const rows = new Map<string, number>()
  const values = new Map<string, number>()
  for (const { name, columns } of catalog.tables.filter((table) => tables.has(table.name))) {
    const counts = columns.map((column, i) => `, count(${pg.escapeIdentifier(column.name)}) AS "${i}"`)
    const { rows: found } = await client.query<Record<string, string>>(
      `SELECT count(*) AS rows${counts.join('')} FROM public.${pg.escapeIdentifier(name)}`,
    )
    rows.set(name, Number(found[0]!['rows']))
    columns.forEach((column, i) => values.set(dotted(name, column.name), Number(found[0]![String(i)])))
  }
  const { rows: archived } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace('archive')",
  )
  const views = await readShowingViews(client)
  return { catalog, rows, values, archives: archived.map(({ name }) => name), views }
}
