import type pg from 'pg'
import { dotted } from '../catalog/dotted-name.ts'
import { copySettings, readObjects } from '../keep/copied-database.ts'
import { loadParser } from '../sql/tree.ts'
import type { ShowingView } from './shown-columns.ts'

/** Views that can be made anew by their text alone: without rights of their own, and with nothing upon them. Reads only. */
export async function readShowingViews(client: pg.ClientBase): Promise<ShowingView[]> {
  await client.query('BEGIN')
  try {
    await client.query(copySettings)
    const { rows } = await client.query<{ id: string; name: string; columns: [string, string][] }>(
      `SELECT 'pg_class ' || v.oid AS id, v.relname AS name, jsonb_agg(DISTINCT jsonb_build_array(c.relname, a.attname)) AS columns
       FROM pg_class v JOIN pg_rewrite w ON w.ev_class = v.oid AND w.rulename = '_RETURN'
       JOIN pg_depend d ON (d.classid, d.objid) = ('pg_rewrite'::regclass, w.oid) AND d.refclassid = 'pg_class'::regclass
       JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p')
       JOIN pg_attribute a ON (a.attrelid, a.attnum) = (c.oid, d.refobjsubid)
       WHERE v.relkind = 'v' AND v.relacl IS NULL AND v.relnamespace = 'public'::regnamespace AND c.relnamespace = 'public'::regnamespace
       GROUP BY v.oid, v.relname ORDER BY v.relname`,
    )
    if (rows.length === 0) return []
    // Whoever asks what they show reads their text.
    await loadParser()
    const objects = await readObjects(client)
    return rows.flatMap(({ id, name, columns }) => {
      const made = objects.find((one) => one.id === id)
      // Its own rule is of it, too.
      if (!made || objects.some((one) => one.id !== id && one.uses.includes(id))) return []
      return [{ name, sql: made.sql, columns: columns.map(([table, column]) => dotted(table, column)) }]
    })
  } finally {
    await client.query('ROLLBACK')
  }
}
