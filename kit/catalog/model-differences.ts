import type { Catalog, Column, ObjectKind } from './catalog.ts'
import type { Difference } from './compare-catalogs.ts'
import { sqlName } from './sql-name.ts'

/** A key or an index that has another name than it should, and is the same otherwise. */
export interface RenamedObject {
  kind: ObjectKind
  table: string | null
  from: string
  to: string
}

/**
 * The models as they are meant for a database: a column that numbers its rows does so as it does there, SERIAL or IDENTITY,
 * which Prisma both calls autoincrement(), whatever its sequence is called; a plain column may be one that an expression
 * generates, or have a domain of its type; and a default that is only mentioned, `dbgenerated()`, is the one that is there.
 */
export function asMeant(model: Catalog, live: Catalog): Catalog {
  return {
    ...model,
    tables: model.tables.map(({ name, columns }) => {
      const there = live.tables.find((table) => table.name === name)?.columns
      const liveOf = ({ name: wanted }: Column) => there?.find((column) => column.name === wanted)
      return { name, columns: columns.map((column) => columnAsMeant(column, liveOf(column), live)) }
    }),
  }
}

export function columnAsMeant(model: Column, live: Column | undefined, { objects }: Catalog): Column {
  if (!live) return model
  const isNumbered = ({ default: value, generated }: Column) =>
    value?.startsWith('nextval(') === true || generated?.endsWith('AS IDENTITY') === true
  const isOpen =
    model.isDefaultOpen ||
    (isNumbered(model) && isNumbered(live)) ||
    (model.generated === null && live.generated?.startsWith('GENERATED ALWAYS AS ('))
  const domain = objects.find(({ kind, name }) => kind === 'domain' && sqlName(name) === live.type)
  return {
    ...model,
    ...(isOpen && { default: live.default, generated: live.generated }),
    ...(domain && `${domain.definition} `.startsWith(`${model.type} `) && { type: live.type }),
  }
}

/**
 * Leaves out what a schema.prisma cannot say, and so does not mean: checks, triggers, views, functions, comments, indexes
 * of expressions, without the preview feature those of some rows only, when a key is checked; and what Prisma takes for
 * the same. The models are as they are meant (`asMeant`).
 */
export function forModel(differences: readonly Difference[], model: Catalog, live: Catalog): Difference[] {
  return differences.filter((difference) => {
    const { kind, what, table, name } = difference
    if (!sayable.has(kind)) return false
    const find = ({ objects }: Catalog, kinds: readonly string[]) =>
      objects.find((one) => kinds.includes(one.kind) && one.table === table && one.name === name)
    const unique = ['unique index', 'unique constraint']
    const [should, is] = [
      find(model, kind === 'index' ? [kind] : unique),
      find(live, kind === 'index' ? [kind] : unique),
    ]
    if (unique.includes(kind) && should && is && should.kind !== is.kind) return false
    if (kind.endsWith('index') && what === 'extra') return !isBeyondModel(is!.definition, model)
    if (what !== 'different' || kind === 'column' || kind === 'table' || kind === 'enum') return true
    const [a, b] = [find(model, [kind]), find(live, [kind])]
    return asSaid(a!.definition, model) !== asSaid(b!.definition, model)
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

const sayable = new Set<Difference['kind']>([
  'table',
  'column',
  'primary key',
  'unique index',
  'unique constraint',
  'index',
  'foreign key',
  'enum',
  'extension',
])

/** An index of an expression, or of the rows that meet a condition. */
function isBeyondModel(definition: string, { saysPartialIndexes }: Catalog): boolean {
  return (
    (!saysPartialIndexes && definition !== withoutWhere(definition)) ||
    /USING \w+ \(.*\(/.test(withoutWhere(definition))
  )
}

function withoutWhere(definition: string): string {
  return definition.replace(/ WHERE .*$/s, '')
}

/** Without what a raw SQL migration can add to a key or an index, and no schema.prisma can say. */
function asSaid(definition: string, { saysPartialIndexes }: Catalog): string {
  const beyond =
    / (NULLS NOT DISTINCT|NULLS (FIRST|LAST)|COLLATE ("[^"]+"|\w+)|WITH \([^)]*\)|NOT VALID|(NOT )?DEFERRABLE|INITIALLY \w+)/g
  // Included columns are columns of the index to Prisma.
  const said = definition.replace(/\) INCLUDE \(/, ', ').replaceAll(beyond, '')
  return saysPartialIndexes ? said : withoutWhere(said)
}

function withoutName(definition: string): string {
  return definition.replace(/^(CREATE (?:UNIQUE )?INDEX) \S+ ON/, '$1 ON').replaceAll('"', '')
}
