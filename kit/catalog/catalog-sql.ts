import type { CatalogObject, Column, ObjectKind, Table } from './catalog.ts'

// SQL that makes, changes or takes away one thing of a catalog.

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function createTable({ name, columns }: Table): string {
  return `CREATE TABLE ${quoted(name)} (\n${columns.map((column) => `    ${columnClause(column)}`).join(',\n')}\n);`
}

export function addColumn(table: string, column: Column): string {
  return `ALTER TABLE ${quoted(table)} ADD COLUMN ${columnClause(column)};`
}

export function dropColumn(table: string, { name }: Column): string {
  return `ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(name)};`
}

export function renameColumn(table: string, from: string, to: string): string {
  return `ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(from)} TO ${quoted(to)};`
}

export function renameTable(from: string, to: string): string {
  return `ALTER TABLE ${quoted(from)} RENAME TO ${quoted(to)};`
}

/** Makes the column `is` what `should` says. */
export function alterColumn(table: string, is: Column, should: Column): string[] {
  if (is.generated !== should.generated) return [dropColumn(table, is), addColumn(table, should)]
  const alter = (what: string) => `ALTER TABLE ${quoted(table)} ALTER COLUMN ${quoted(is.name)} ${what};`
  const { type, nullable } = should
  // A default of the old type would be in the way of the new one.
  const isReset = is.type !== type && is.default !== null
  return [
    ...(isReset ? [alter('DROP DEFAULT')] : []),
    ...(is.type === type ? [] : [alter(`SET DATA TYPE ${type} USING ${converted(is, type)}`)]),
    ...((isReset ? null : is.default) === should.default
      ? []
      : [alter(should.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${should.default}`)]),
    ...(is.nullable === nullable ? [] : [alter(nullable ? 'DROP NOT NULL' : 'SET NOT NULL')]),
  ]
}

/** Between an instant and what a clock shows, the zone of whoever runs it would decide, if none is named: Prisma stores UTC. */
function converted({ name, type }: Column, to: string): string {
  const isInstant = (one: string) => /^timestamp(\(\d\))? with time zone$/.test(one)
  const isClock = (one: string) => /^(timestamp|time)(\(\d\))? without time zone$|^date$/.test(one)
  const column = quoted(name)
  if (isInstant(to) && isClock(type)) return `${column}${type === 'date' ? '::timestamp' : ''} AT TIME ZONE 'UTC'`
  if (isInstant(type) && isClock(to)) return `(${column} AT TIME ZONE 'UTC')::${to}`
  return `${column}::${to}`
}

export function createObject(object: CatalogObject): string {
  return makers[object.kind].create(object)
}

export function dropObject(object: CatalogObject): string {
  return makers[object.kind].drop(object)
}

/** Makes the object `is` what `should` says, where PostgreSQL can change it in its place. */
export function alterObject(is: CatalogObject, should: CatalogObject): string[] | undefined {
  switch (is.kind) {
    case 'comment':
      return [createObject(should)]
    case 'function':
      return [should.definition.trim()]
    case 'enum':
      return alterEnum(is, should)
    case 'domain':
      return [`-- ALTER DOMAIN ${quoted(is.name)} …, so that it is: ${should.definition}`]
    default:
      return undefined
  }
}

interface Maker {
  create(object: CatalogObject): string
  drop(object: CatalogObject): string
}

const constraint: Maker = {
  create: ({ table, name, definition }) =>
    `ALTER TABLE ${quoted(table!)} ADD CONSTRAINT ${quoted(name)} ${definition};`,
  drop: ({ table, name }) => `ALTER TABLE ${quoted(table!)} DROP CONSTRAINT ${quoted(name)};`,
}
const index: Maker = {
  create: ({ definition }) => `${definition};`,
  drop: ({ name }) => `DROP INDEX ${quoted(name)};`,
}
const named = (word: string, as: string): Maker => ({
  create: ({ name, definition }) => `CREATE ${word} ${quoted(name)} ${as}${definition.replace(/;$/, '')};`,
  drop: ({ name }) => `DROP ${word} ${quoted(name)};`,
})

const makers: Record<ObjectKind, Maker> = {
  'primary key': constraint,
  'unique constraint': constraint,
  'foreign key': constraint,
  check: constraint,
  exclusion: constraint,
  index,
  'unique index': index,
  view: named('VIEW', 'AS\n'),
  'materialized view': named('MATERIALIZED VIEW', 'AS\n'),
  domain: named('DOMAIN', 'AS '),
  sequence: named('SEQUENCE', 'AS '),
  extension: {
    create: ({ name }) => `CREATE EXTENSION IF NOT EXISTS ${quoted(name)};`,
    drop: ({ name }) => `DROP EXTENSION ${quoted(name)};`,
  },
  enum: {
    create: ({ name, definition }) => `CREATE TYPE ${quoted(name)} AS ENUM (${definition});`,
    drop: ({ name }) => `DROP TYPE ${quoted(name)};`,
  },
  function: {
    create: ({ definition }) => `${definition.trim()};`,
    drop: ({ name }) => `DROP FUNCTION ${name};`,
  },
  trigger: {
    create: ({ definition }) => `${definition};`,
    drop: ({ table, name }) => `DROP TRIGGER ${quoted(name)} ON ${quoted(table!)};`,
  },
  'disabled trigger': {
    create: ({ table, name }) => `ALTER TABLE ${quoted(table!)} DISABLE TRIGGER ${quoted(name)};`,
    drop: ({ table, name }) => `ALTER TABLE ${quoted(table!)} ENABLE TRIGGER ${quoted(name)};`,
  },
  policy: {
    create: ({ table, name, definition }) => `CREATE POLICY ${quoted(name)} ON ${quoted(table!)} ${definition};`,
    drop: ({ table, name }) => `DROP POLICY ${quoted(name)} ON ${quoted(table!)};`,
  },
  'row security': {
    create: ({ table }) => `ALTER TABLE ${quoted(table!)} ENABLE ROW LEVEL SECURITY;`,
    drop: ({ table }) => `ALTER TABLE ${quoted(table!)} DISABLE ROW LEVEL SECURITY;`,
  },
  comment: {
    create: (object) => `COMMENT ON ${commented(object)} IS '${object.definition.replaceAll("'", "''")}';`,
    drop: (object) => `COMMENT ON ${commented(object)} IS NULL;`,
  },
}

function commented({ table, name }: CatalogObject): string {
  return name === '' ? `TABLE ${quoted(table!)}` : `COLUMN ${quoted(table!)}.${quoted(name)}`
}

/** A label of an enum can be added and renamed. None can be taken out. */
function alterEnum(is: CatalogObject, should: CatalogObject): string[] {
  const [have, want] = [labels(is), labels(should)]
  const [gone, add] = [have.filter((label) => !want.includes(label)), want.filter((label) => !have.includes(label))]
  const renamed = renamedLabel(is, should)
  if (renamed) return [renameLabel(is.name, renamed.from, renamed.to)]
  const both = want.filter((one) => have.includes(one))
  const isInOrder = have.filter((one) => want.includes(one)).every((label, i) => both[i] === label)
  if (gone.length === 0 && !isInOrder) {
    return [
      `-- The values of ${quoted(is.name)} stand in another order, which PostgreSQL cannot change: a new type, and the columns changed to it. No value is another one by that.`,
    ]
  }
  if (gone.length > 0) {
    return [
      `-- PostgreSQL takes no value out of an enum: make a new type, change the columns to it, drop ${quoted(is.name)}.`,
    ]
  }
  return add.map((label) => {
    const next = want.slice(want.indexOf(label) + 1).find((one) => have.includes(one))
    return `ALTER TYPE ${quoted(is.name)} ADD VALUE ${label}${next ? ` BEFORE ${next}` : ''};`
  })
}

/** A value of an enum, in quotes, that is gone, where the only new one stands at its place. */
export function renamedLabel(is: CatalogObject, should: CatalogObject): { from: string; to: string } | undefined {
  const [have, want] = [labels(is), labels(should)]
  const [gone, add] = [have.filter((label) => !want.includes(label)), want.filter((label) => !have.includes(label))]
  const [from, to] = [gone[0], add[0]]
  const isOnePair = gone.length === 1 && add.length === 1 && have.indexOf(from!) === want.indexOf(to!)
  return isOnePair ? { from: from!, to: to! } : undefined
}

export function renameLabel(type: string, from: string, to: string): string {
  return `ALTER TYPE ${quoted(type)} RENAME VALUE ${from} TO ${to};`
}

function labels({ definition }: CatalogObject): string[] {
  return definition.match(/'(?:[^']|'')*'/g) ?? []
}

function columnClause({ name, type, nullable, default: value, generated }: Column): string {
  const serial = value?.startsWith('nextval(')
    ? { smallint: 'SMALLSERIAL', integer: 'SERIAL', bigint: 'BIGSERIAL' }[type]
    : undefined
  return [
    quoted(name),
    serial ?? type,
    generated ?? '',
    nullable ? '' : 'NOT NULL',
    value !== null && !serial ? `DEFAULT ${value}` : '',
  ]
    .filter(Boolean)
    .join(' ')
}
