import type pg from 'pg'
import { isDatabaseError } from '../engine/database-error.ts'

type Client = Pick<pg.ClientBase, 'query'>

/** What a session begins with, by its name: `TimeZone` is `America/New_York`. */
export type SessionSettings = Record<string, string>

/** Those that say how long something may take, and where and under which name somebody works. */
const ofThePlace =
  '^(transaction_.*|.*_timeout|search_path|application_name|client_encoding|.*tablespaces?|.*preload_libraries)$'

/**
 * The settings with which sessions of this role begin in this database: the server's, and what ALTER DATABASE and ALTER
 * ROLE have set over it, settings of an application included. What this transaction has set does not count.
 */
export async function readSessionSettings(client: Client): Promise<SessionSettings> {
  const { rows: known } = await client.query<{ name: string; value: string | null }>(
    `SELECT name, reset_val AS value FROM pg_settings WHERE context = 'user' AND name !~ $1 ORDER BY name`,
    [ofThePlace],
  )
  // PostgreSQL lists none of an application's own; the narrowest comes last.
  const { rows: own } = await client.query<{ name: string; value: string }>(
    `SELECT split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value
     FROM pg_db_role_setting s, unnest(s.setconfig) AS one
     WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
       AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user)) AND split_part(one, '=', 1) LIKE '%.%'
     ORDER BY s.setrole <> 0, s.setdatabase <> 0`,
  )
  return Object.fromEntries([...known, ...own].flatMap(({ name, value }) => (value === null ? [] : [[name, value]])))
}

/** Has this session work as one of the other database does, as far as this server knows the setting and its value. */
export async function workWith(client: Client, settings: SessionSettings): Promise<void> {
  const own = await readSessionSettings(client)
  for (const [name, value] of Object.entries(settings)) {
    if (own[name] === value) continue
    await client.query('SELECT set_config($1, $2, false)', [name, value]).catch((error: unknown) => {
      if (!isDatabaseError(error)) throw error
    })
  }
}
