import pg from 'pg'
import { actionsOf } from '../sql/actions.ts'
import { tableSql } from '../sql/table-sql.ts'
import { parseScript } from '../sql/tree.ts'
import { typeText } from '../sql/names.ts'
import { counted } from '../terminal/numbers.ts'

type Client = Pick<pg.ClientBase, 'query'>

/** How many rows, and why, in words; and what can be done about them, where that is more than one thing. */
export interface RowsInTheWay {
  words: string
  ways?: string[]
}

/** The rows whose value the new type of a column does not take, right before the statement that changes the type. */
export async function valuesInTheWay(client: Client, statement: string): Promise<RowsInTheWay | undefined> {
  const changes = parseScript(statement)
    .flatMap(actionsOf)
    .flatMap((action) => (action.do === 'set type' ? [action] : []))
  for (const { table, column, type } of changes) {
    const { rows: types } = await client.query<{ sql: string; isEnum: boolean; canAsk: boolean }>(
      `SELECT format_type(oid, NULL) AS sql, typtype = 'e' AS "isEnum", current_setting('server_version_num')::int >= 160000 AS "canAsk"
       FROM pg_type WHERE oid = coalesce(to_regtype(format('%I', $1::text)), to_regtype($1))`,
      [type.name],
    )
    const [to] = types
    if (!to || !(to.isEnum || to.canAsk)) continue
    const value = `${pg.escapeIdentifier(column)}::text`
    const sizes = type.sizes.length > 0 ? `(${type.sizes.join(', ')})` : ''
    const label = `SELECT enumlabel::text FROM pg_enum WHERE enumtypid = ${pg.escapeLiteral(to.sql)}::regtype`
    const isTaken = !to.isEnum
      ? `pg_input_is_valid(${value}, ${pg.escapeLiteral(`${to.sql}${sizes}${type.isArray ? '[]' : ''}`)})`
      : type.isArray
        ? `${pg.escapeIdentifier(column)}::text[] <@ ARRAY(${label})`
        : `${value} IN (${label})`
    const { rows: found } = await client.query<{ value: string; n: number; total: number }>(
      `SELECT ${value} AS value, count(*)::int AS n, (sum(count(*)) OVER ())::int AS total FROM ${tableSql(table)} WHERE NOT (${isTaken}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3`,
    )
    if (found.length === 0) continue
    const values = found.map(({ value: one, n }) => `${quote(one)} in ${n}`).join(', ')
    const words = `${counted(found[0]!.total, 'row')} of ${table}: ${column} holds what ${typeText(type)} does not take (${values})`
    return { words, ...(to.isEnum && { ways: waysOut(table, column, found[0]!.value) }) }
  }
  return undefined
}

/** A value of an enum cannot go while rows have it. */
function waysOut(table: string, column: string, value: string): string[] {
  const [t, c] = [tableSql(table).replace(/^"public"\./, ''), pg.escapeIdentifier(column)]
  return [
    'Two ways: these rows get another value first, in a migration before this one:',
    `  UPDATE ${t} SET ${c} = '…' WHERE ${c} = ${quote(value)};`,
    `or the enum keeps ${quote(value)}: leave it in schema.prisma, or give it a new name with  ALTER TYPE … RENAME VALUE ${quote(value)} TO '…';`,
  ]
}

function quote(value: string): string {
  return pg.escapeLiteral(value.length > 40 ? `${value.slice(0, 39)}…` : value)
}
