import pg from 'pg'

/**
 * Gives a database the settings that another one has by ALTER DATABASE and by ALTER ROLE … IN DATABASE: they stand beside a
 * database and not in it, so no copy brings them, and a zone that is gone changes what a time says. `admin` is on neither.
 */
export async function takeSettings(admin: pg.Client, from: string, into: string): Promise<void> {
  const { rows } = await admin.query<{ role: string | null; name: string; value: string }>(
    `SELECT r.rolname AS role, split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value
     FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS one
     WHERE d.datname = $1 AND (s.setrole = 0 OR r.oid IS NOT NULL)`,
    [from],
  )
  for (const { role, name, value } of rows) {
    const whose = role === null ? 'DATABASE' : `ROLE ${pg.escapeIdentifier(role)} IN DATABASE`
    const setting = name
      .split('.')
      .map((part) => pg.escapeIdentifier(part))
      .join('.')
    const alter = `ALTER ${whose} ${pg.escapeIdentifier(into)} SET ${setting}`
    // Names in a list, quoted as one text, would be one name.
    if (['search_path', 'temp_tablespaces'].includes(name)) {
      await admin.query('SELECT set_config($1, $2, false)', [name, value])
      await admin.query(`${alter} FROM CURRENT`)
      await admin.query(`RESET ${setting}`)
    } else await admin.query(`${alter} = ${pg.escapeLiteral(value)}`)
  }
}
