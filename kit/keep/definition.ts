/** One object of a database, as a copy of it needs it. */
export interface DefinedObject {
  id: string
  kind: string
  /** As SQL writes it, with its schema. */
  name: string
  /** Makes the object. */
  sql: string
  /** Ids of objects that have to be there first; ids of what PostgreSQL brings along may be among them. */
  uses: string[]
}

/** SQL that makes a database, in three parts. The rows come between the first and the second. */
export interface Definition {
  before: string[]
  after: string[]
  /** What depends on the roles of the server. */
  rights: string[]
}

/** What is made when nothing else decides. Kinds from `check` on come after the rows: faster, and nothing of theirs fires. */
const order = [
  'schema',
  'extension',
  'collation',
  'type',
  'function',
  'operator',
  'cast',
  'aggregate',
  'sequence',
  'table',
  'default',
  'view',
  'check',
  'attach',
  'constraint',
  'index',
  'statistics',
  'foreign key',
  'owned sequence',
  'rule',
  'trigger',
  'materialized view',
  'policy',
  'row security',
  'replica identity',
  'comment',
  'right',
]
const firstAfter = order.indexOf('check')

/** Puts each object behind all that it uses. What uses something that comes after the rows comes after them too. */
export function inOrder(objects: readonly DefinedObject[]): Definition {
  const byId = new Map(objects.map((object) => [object.id, object]))
  const sorted = objects.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
  const done = new Set<string>()
  const late = new Set<string>()
  const placed: DefinedObject[] = []
  const place = (object: DefinedObject) => {
    if (done.has(object.id)) return
    done.add(object.id)
    const used = object.uses.flatMap((id) => byId.get(id) ?? [])
    for (const one of used) place(one)
    if (rank(object) >= firstAfter || used.some(({ id }) => late.has(id))) late.add(object.id)
    placed.push(object)
  }
  for (const object of sorted) place(object)

  const sql = (isPart: (object: DefinedObject) => boolean) => placed.filter(isPart).map((object) => object.sql)
  const isRight = ({ kind }: DefinedObject) => kind === 'right'
  return {
    before: sql(({ id }) => !late.has(id)),
    after: sql((object) => late.has(object.id) && !isRight(object)),
    rights: sql(isRight),
  }
}

function rank({ kind }: DefinedObject): number {
  const at = order.indexOf(kind)
  // What nobody has given a place would be made first, and fail.
  if (at === -1) throw new Error(`definition.sql gives a "${kind}", which has no place in the order of a copy.`)
  return at
}
