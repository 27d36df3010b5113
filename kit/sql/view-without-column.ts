import { parseScript, SqlUnreadable, tokensOf, type Tree } from './tree.ts'

/** A view as it is made without a column of one of its tables. */
export interface ViewWithout {
  sql: string
  /** What the view called that column. */
  names: string[]
}

/**
 * Takes a column of a table out of what a view shows. Undefined where the view does more with it than to show it, as in a
 * WHERE, and where nothing else would be left: what such a view should say is for a person to know. `sql` is a whole
 * `CREATE VIEW`, as PostgreSQL prints it. `loadParser` comes first.
 */
export function viewWithoutColumn(sql: string, table: string, column: string): ViewWithout | undefined {
  const targets = shownIn(sql, table, column)
  if (!targets) return undefined
  const [first, ...others] = targets
  const text = withoutTarget(sql, first!.location)
  const rest = others.length > 0 ? viewWithoutColumn(text, table, column) : { sql: text, names: [] }
  return rest && { sql: rest.sql, names: [first!.name, ...rest.names] }
}

/** The places in the list of a view's columns that show this one, where nothing else in the view speaks of it. */
function shownIn(sql: string, table: string, column: string): { location: number; name: string }[] | undefined {
  const select = selectOf(sql)
  if (!select) return undefined
  const tables = new Map(
    found(select.fromClause, 'RangeVar').map((one) => [one.alias?.aliasname ?? one.relname, one.relname]),
  )
  const isIt = ({ fields = [] }: Found) => {
    const [name, of] = fields.map((field) => field.String?.sval).toReversed()
    // In a view of one table PostgreSQL names no table.
    return name === column && (of === undefined || !tables.has(of) || tables.get(of) === table)
  }
  const list = (select.targetList ?? []).map((target) => (target as Found).ResTarget!)
  const shown = list.filter(({ val }) => val?.ColumnRef && isIt(val.ColumnRef))
  const mentioned = found(select, 'ColumnRef').filter(isIt)
  const isJoined = found(select, 'JoinExpr').some(({ usingClause = [] }) =>
    usingClause.some((name) => name.String?.sval === column),
  )
  const isAll = shown.length === 0 || shown.length === list.length
  if (isAll || isJoined || mentioned.length !== shown.length) return undefined
  return shown.map(({ location = 0, name = column }) => ({ location, name }))
}

/** Without what a change of its list would change the rows of. */
function selectOf(sql: string): NonNullable<Tree['SelectStmt']> | undefined {
  try {
    const [statement, ...others] = parseScript(sql)
    const view = statement?.tree.ViewStmt
    const select = (view?.query as Tree | undefined)?.SelectStmt
    const isPlain = others.length === 0 && !view?.aliases && select?.op === 'SETOP_NONE'
    return isPlain && !select.distinctClause && !select.groupClause ? select : undefined
  } catch (error) {
    if (error instanceof SqlUnreadable) return undefined
    throw error
  }
}

/** What is looked at of a node, whatever its kind is. */
interface Found {
  fields?: { String?: { sval?: string } }[]
  usingClause?: { String?: { sval?: string } }[]
  alias?: { aliasname?: string }
  relname?: string
  ResTarget?: Found
  ColumnRef?: Found
  val?: Found
  name?: string
  location?: number
}

/** All nodes of a kind, at any depth. */
function found(node: unknown, kind: string): Found[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, part]) => [...(key === kind ? [part as Found] : []), ...found(part, kind)])
}

/** The list without the column that begins at this byte, and without the comma beside it. */
function withoutTarget(sql: string, location: number): string {
  const tokens = tokensOf(sql)
  const first = tokens.findIndex(({ start }) => start === location)
  let depth = 0
  let next = first
  for (; next < tokens.length; next++) {
    const { text } = tokens[next]!
    if (depth === 0 && (text === ',' || /^from$/i.test(text))) break
    depth += Number(/^[([]$/.test(text)) - Number(/^[)\]]$/.test(text))
  }
  const isLast = tokens[next]?.text !== ','
  const from = isLast ? tokens[first - 1]!.start : tokens[first]!.start
  const to = isLast ? tokens[next - 1]!.end : tokens[next + 1]!.start
  const bytes = Buffer.from(sql)
  return `${bytes.subarray(0, from).toString()}${bytes.subarray(to).toString()}`
}
