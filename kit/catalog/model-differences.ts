import type { Catalog, ObjectKind } from './catalog.ts'
import type { Difference } from './compare-catalogs.ts'

/** A key or an index that has another name than it should, and is the same otherwise. */
export interface RenamedObject {
  kind: ObjectKind
  table: string | null
  from: string
  to: string
}

/**
 * Leaves out what a schema.prisma cannot say, and so does not mean: checks, triggers, views, functions, comments, indexes
 * of expressions and of some rows only, when a key is checked, how a column is generated; and what Prisma takes for the
 * same.
 */
export function forModel(differences: readonly Difference[], model: Catalog, live: Catalog): Difference[] {
  return differences.filter((difference) => {
    const { kind, what, table, name } = difference
    if (!said.has(kind)) return false
    const find = ({ objects }: Catalog, kinds: readonly string[]) =>
      objects.find((one) => kinds.includes(one.kind) && one.table === table && one.name === name)
    const unique = ['unique index', 'unique constraint']
    const [should, is] = [
      find(model, kind === 'index' ? [kind] : unique),
      find(live, kind === 'index' ? [kind] : unique),
    ]
    if (unique.includes(kind) && should && is && should.kind !== is.kind) return false
    if (kind.endsWith('index') && what === 'extra') return !isBeyondModel(is!.definition)
    if (kind === 'column') return what !== 'different' || !isSameColumnToPrisma(difference, model, live)
    if (what !== 'different' || kind === 'table' || kind === 'enum') return true
    const [a, b] = [find(model, [kind]), find(live, [kind])]
    return asSaid(a!.definition) !== asSaid(b!.definition)
  })
}

/** Takes out what is missing under one name and extra under another. */
export function sameObjects(
  differences: readonly Difference[],
  model: Catalog,
  live: Catalog,
): {
  differences: Difference[]
  renamed: RenamedObject[]
} {
  const definitionIn = ({ objects }: Catalog, { kind, table, name }: Difference) =>
    withoutName(objects.find((one) => one.kind === kind && one.table === table && one.name === name)?.definition ?? '')
  const pairs = differences
    .filter(({ what, kind }) => what === 'missing' && kind !== 'column' && kind !== 'table' && kind !== 'enum')
    .flatMap((missing) => {
      const extra = differences.find(
        (one) =>
          one.what === 'extra' &&
          one.kind === missing.kind &&
          one.table === missing.table &&
          definitionIn(live, one) === definitionIn(model, missing),
      )
      return extra ? [{ missing, extra }] : []
    })
  const paired = new Set(pairs.flatMap(({ missing, extra }) => [missing, extra]))
  return {
    differences: differences.filter((one) => !paired.has(one)),
    renamed: pairs.map(({ missing, extra }) => ({
      kind: missing.kind as ObjectKind,
      table: missing.table,
      from: extra.name,
      to: missing.name,
    })),
  }
}

const said = new Set<Difference['kind']>([
  'table',
  'column',
  'primary key',
  'unique index',
  'unique constraint',
  'index',
  'foreign key',
  'enum',
])

/** An index of an expression, or of the rows that meet a condition. */
function isBeyondModel(definition: string): boolean {
  return definition !== withoutWhere(definition) || /USING \w+ \(.*\(/.test(definition)
}

function withoutWhere(definition: string): string {
  return definition.replace(/ WHERE .*$/s, '')
}

/** Without what a raw SQL migration can add to a key or an index, and no schema.prisma can say. */
function asSaid(definition: string): string {
  const beyond =
    / (NULLS NOT DISTINCT|NULLS (FIRST|LAST)|COLLATE ("[^"]+"|\w+)|WITH \([^)]*\)|NOT VALID|(NOT )?DEFERRABLE|INITIALLY \w+)/g
  return withoutWhere(definition).replaceAll(beyond, '')
}

function withoutName(definition: string): string {
  return definition.replace(/^(CREATE (?:UNIQUE )?INDEX) \S+ ON/, '$1 ON').replaceAll('"', '')
}

/**
 * SERIAL and IDENTITY both number the rows, and Prisma calls both autoincrement(). The name of a sequence is no matter.
 * What an expression generates is a plain column to Prisma.
 */
function isSameColumnToPrisma({ table, name }: Difference, model: Catalog, live: Catalog): boolean {
  const [a, b] = [model, live].map(({ tables }) =>
    tables.find((one) => one.name === table)!.columns.find((column) => column.name === name)!,
  ) as [Catalog['tables'][number]['columns'][number], Catalog['tables'][number]['columns'][number]]
  const isNumbered = ({ default: value, generated }: typeof a) =>
    value?.startsWith('nextval(') === true || generated?.endsWith('AS IDENTITY') === true
  const isSameType = a.type === b.type && a.nullable === b.nullable
  if (b.generated?.startsWith('GENERATED ALWAYS AS (')) return isSameType && a.generated === null
  return isNumbered(a) && isNumbered(b) && isSameType
}
