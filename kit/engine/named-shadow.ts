import type pg from 'pg'
import { databaseOf } from './connection-url.ts'
import { refusal } from './engine-error.ts'
import { openPool } from './pool.ts'

export interface ShadowDatabase {
  url: string
  pool: pg.Pool
  /** With `force`, ends what is running there instead of waiting for it. */
  remove(force?: boolean): Promise<void>
}

/** Works in the named database itself: empty before, empty after. Throws where anything lies in it. */
export async function borrowNamedDatabase(keeper: pg.Client, url: string): Promise<ShadowDatabase> {
  try {
    // One run at a time: a second one would find the tables of the first.
    await keeper.query('SELECT pg_advisory_lock(1937010552, 0)')
    if ((await dropsFor(keeper)).length > 0) throw notEmpty(url)
    const pool = await openPool(url)
    return {
      url,
      pool,
      async remove(force = false) {
        if (!force && !pool.ended) await pool.end()
        for (const drop of await dropsFor(keeper)) await keeper.query(drop)
        await keeper.end()
      },
    }
  } catch (error) {
    await keeper.end()
    throw error
  }
}

/** One DROP for each thing that is neither PostgreSQL's own nor an extension's. */
async function dropsFor(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ drop: string }>(`
    SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) AS drop FROM (
      SELECT oid, 'SCHEMA' AS kind, quote_ident(nspname) AS name FROM pg_namespace
        WHERE nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_'
      UNION ALL
      SELECT oid, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                  WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, oid::regclass::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
      UNION ALL
      SELECT oid, 'TYPE', oid::regtype::text FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
      UNION ALL
      SELECT oid, 'ROUTINE', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS things
    WHERE NOT EXISTS (SELECT FROM pg_depend WHERE objid = things.oid AND deptype = 'e')`)
  return rows.map(({ drop }) => drop)
}

function notEmpty(url: string) {
  return refusal(
    `${databaseOf(url)} was not used as shadow database: it is not empty.`,
    'A shadow database is emptied before use. This role may not create a fresh one, and nothing here is emptied for it.',
    ['Let SHADOW_DATABASE_URL name a role with CREATEDB, or an empty database.'],
  )
}
