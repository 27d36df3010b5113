import type pg from 'pg'
import { copySettings, readObjects } from '../keep/copied-database.ts'
import { inOrder, type DefinedObject } from '../keep/definition.ts'
import { actionsOf } from '../sql/actions.ts'
import { tableSql } from '../sql/table-sql.ts'
import type { TreeStatement } from '../sql/tree.ts'

/** A column that cannot change because of what uses it. */
export interface UsedColumn {
  /** `view public.names uses first_name of recruits`, a line each. */
  words: string[]
  /** The form that works: what uses it goes, and comes again. */
  form: string[]
}

/** PostgreSQL changes no type of a column, and drops none, while something else is made of it. */
const inUse = new Set(['0A000', '2BP01'])

/**
 * Finds what is in the way of a statement that changes or drops columns. `client` is in a transaction that will be given
 * up, right before the statement; `rights` are PROD's, which no copy has.
 */
export async function findUsers(
  client: pg.Client,
  statement: TreeStatement,
  error: pg.DatabaseError,
  rights: string,
): Promise<UsedColumn | undefined> {
  if (!inUse.has(error.code ?? '')) return undefined
  const changes = actionsOf(statement).flatMap((one) =>
    one.do === 'set type' || one.do === 'drop column' ? [one] : [],
  )
  if (changes.length === 0) return undefined
  await client.query(copySettings)
  const objects = await readObjects(client)
  const users = new Map<string, DefinedObject>()
  const words: string[] = []
  for (const { table, column } of changes) {
    const direct = await directUsers(client, table, column)
    const found = [
      ...objects.filter(({ id }) => direct.ids.includes(id)),
      ...direct.generated.map((one) => ({ ...one, id: one.name, kind: 'generated column', uses: [] })),
    ]
    words.push(...found.map(({ kind, name }) => `${kind} ${short(name)} uses ${column} of ${table}`))
    for (const one of found) addWithUsers(one, objects, users)
  }
  if (users.size === 0) return undefined
  const isDrop = changes.some((one) => one.do === 'drop column')
  return { words, form: formOf([...users.values()], statement, rights, isDrop) }
}

function addWithUsers(object: DefinedObject, all: readonly DefinedObject[], into: Map<string, DefinedObject>): void {
  if (into.has(object.id)) return
  into.set(object.id, object)
  for (const one of all) if (one.uses.includes(object.id)) addWithUsers(one, all, into)
}

/** Ids of the objects that are made of a column, of its table or of one below it; and the generated columns. */
async function directUsers(client: pg.Client, table: string, column: string) {
  const { rows } = await client.query<{ id: string; name: string; drop: string; sql: string; isGenerated: boolean }>(
    `WITH RECURSIVE family AS (SELECT to_regclass($1)::oid AS oid UNION SELECT inhrelid FROM family JOIN pg_inherits ON inhparent = family.oid)
     SELECT DISTINCT CASE WHEN w.rulename = '_RETURN' THEN 'pg_class ' || w.ev_class ELSE d.classid::regclass || ' ' || d.objid END AS id,
       g.attgenerated IS NOT NULL AS "isGenerated", g.attrelid::regclass || '.' || quote_ident(g.attname) AS name,
       format('ALTER TABLE %s DROP COLUMN %s', g.attrelid::regclass, quote_ident(g.attname)) AS drop,
       format('ALTER TABLE %s ADD COLUMN %s %s GENERATED ALWAYS AS (%s)%s', g.attrelid::regclass, quote_ident(g.attname), format_type(g.atttypid, g.atttypmod),
         pg_get_expr(e.adbin, e.adrelid), CASE g.attgenerated WHEN 's' THEN ' STORED' END) AS sql
     FROM family f JOIN pg_attribute a ON a.attrelid = f.oid AND a.attname = $2
     JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = f.oid AND d.refobjsubid = a.attnum
     LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
     -- Older servers note the column, newer ones its expression.
     LEFT JOIN pg_attrdef e ON (d.classid, d.objid) = ('pg_attrdef'::regclass, e.oid) OR d.classid = 'pg_class'::regclass AND (e.adrelid, e.adnum) = (d.objid, d.objsubid)
     LEFT JOIN pg_attribute g ON g.attrelid = e.adrelid AND g.attnum = e.adnum AND g.attgenerated <> ''
     WHERE d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_proc'::regclass) OR g.attgenerated IS NOT NULL`,
    [tableSql(table), column],
  )
  return {
    ids: rows.filter(({ isGenerated }) => !isGenerated).map(({ id }) => id),
    generated: rows.filter(({ isGenerated }) => isGenerated),
  }
}

type User = DefinedObject & { drop?: string }

function formOf(users: readonly User[], statement: TreeStatement, rights: string, isDrop: boolean): string[] {
  const generated = users.filter(({ kind }) => kind === 'generated column')
  const { before, after } = inOrder(users.filter(({ kind }) => kind !== 'generated column'))
  const make = [...generated.map(({ sql }) => sql), ...before, ...after]
  const ids = new Set(users.map(({ id }) => id))
  // What stands on a view goes with it: its triggers, rules and indexes.
  const goesAlong = ({ kind, uses }: User) =>
    kind === 'index' || (kind !== 'view' && kind !== 'materialized view' && uses.some((id) => ids.has(id)))
  const drop = users
    .filter((one) => !goesAlong(one))
    .toSorted((a, b) => make.indexOf(b.sql) - make.indexOf(a.sql))
    .map(dropOf)
  const isGranted = (line: string) => users.some(({ name }) => line.includes(` ON TABLE ${name} `))
  const grants = rights.split(/;\s*\n/).filter(isGranted)
  const lines = [
    'BEGIN',
    ...drop,
    statement.sql.replace(/;\s*$/, ''),
    ...(isDrop ? [] : [...make, ...grants]),
    'COMMIT',
  ]
  const how = isDrop
    ? 'What uses it goes first, in one transaction; then make it again, without the column:'
    : 'What uses it goes, and comes again with its rights, in one transaction:'
  return [how, ...lines.flatMap((sql) => `${sql};`.split('\n')).map((line) => `  ${line}`)]
}

function dropOf({ kind, name, drop }: User): string {
  return drop ?? `DROP ${kind.toUpperCase()} ${kind === 'function' ? name : name.replace(' on ', ' ON ')}`
}

function short(name: string): string {
  return name.replace(/\bpublic\./, '')
}
