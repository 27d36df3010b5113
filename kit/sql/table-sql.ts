import pg from 'pg'

/** A table's name in an action, `recruits` or `archive.recruits`, as SQL. */
export function tableSql(table: string): string {
  const [name, schema = 'public'] = table.split('.').toReversed() as [string, string?]
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
}
