import type { Catalog, Column } from '../catalog/catalog.ts'
import { dotted } from '../catalog/dotted-name.ts'
import { dropColumn, quoted } from '../catalog/catalog-sql.ts'
import { sequenceOf } from './safe-form-numbering.ts'
import type { Part, Surroundings } from './safe-form-part.ts'

/** A column that goes: its values move to the archive, under the key that its rows have at the end of the release. */
export function archivedColumn(table: string, column: Column, { model, live, archives }: Surroundings): Part[] {
  const drop: Part = { phase: 'drop', rank: 160, sql: dropColumn(table, column) }
  if ((live.values.get(dotted(table, column.name)) ?? 0) === 0) return [drop]
  const columnsIn = ({ tables }: Catalog) => tables.find(({ name }) => name === table)!.columns
  const key = keyOf(table, model)
  const columns =
    key.length > 0 ? [...columnsIn(model).filter(({ name }) => key.includes(name)), column] : columnsIn(live.catalog)
  const archive = freeName(`${table}_${column.name}`, archives)
  // PostgreSQL calls its key so.
  archives.add(`${archive}_pkey`)
  const place = `${quoted('archive')}.${quoted(archive)}`
  const list = columns.map(({ name }) => quoted(name)).join(', ')
  const lines = [
    ...columns.map(({ name, type }) => `    ${quoted(name)} ${type}`),
    ...(key.length > 0 ? [`    PRIMARY KEY (${key.map(quoted).join(', ')})`] : []),
  ]
  const update = `UPDATE SET ${quoted(column.name)} = EXCLUDED.${quoted(column.name)}`
  const conflict = key.length > 0 ? `\nON CONFLICT (${key.map(quoted).join(', ')}) DO ${update}` : ''
  return [
    {
      phase: 'drop',
      rank: 154,
      comment: 'Whoever writes waits: what is written between the copy and the drop would be lost.',
      sql: `LOCK TABLE ${quoted(table)} IN ACCESS EXCLUSIVE MODE;`,
    },
    {
      phase: 'drop',
      rank: 155,
      comment: 'Nothing is deleted: the values move to the archive before the column is dropped.',
      sql: 'CREATE SCHEMA IF NOT EXISTS "archive";',
    },
    { phase: 'drop', rank: 155, sql: `CREATE TABLE IF NOT EXISTS ${place} (\n${lines.join(',\n')}\n);` },
    {
      phase: 'drop',
      rank: 155,
      sql: `INSERT INTO ${place} (${list})\nSELECT ${list} FROM ${quoted(table)}${conflict};`,
    },
    drop,
  ]
}

/** A table that goes, with its indexes and sequences: what has the name of something in the archive gets another one. */
export function archivedTable(table: string, { live, archives }: Surroundings): Part[] {
  const comment = 'Nothing is deleted: the table moves to the archive, with all its rows.'
  const place = freeName(table, archives)
  const own = live.catalog.objects.filter((one) => one.table === table && indexed.has(one.kind))
  const sequences = live.catalog.tables
    .find(({ name }) => name === table)!
    .columns.flatMap((column) => sequenceOf(column) ?? [])
  const renames = [
    ...(place === table ? [] : [`ALTER TABLE ${quoted(table)} RENAME TO ${quoted(place)};`]),
    ...own.map(({ name }) => [quoted(name), 'INDEX', name, freeName(name, archives)] as const),
    ...sequences.map((sql) => {
      const name = sql.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')
      return [sql, 'SEQUENCE', name, freeName(name, archives)] as const
    }),
  ].flatMap((one) => {
    if (typeof one === 'string') return [one]
    const [sql, kind, name, free] = one
    return name === free ? [] : [`ALTER ${kind} ${sql} RENAME TO ${quoted(free)};`]
  })
  return [
    { phase: 'drop', rank: 165, sql: 'CREATE SCHEMA IF NOT EXISTS "archive";', comment },
    ...renames.map((sql): Part => ({ phase: 'drop', rank: 166, sql })),
    { phase: 'drop', rank: 167, sql: `ALTER TABLE ${quoted(place)} SET SCHEMA "archive";` },
  ]
}

const indexed = new Set(['primary key', 'unique constraint', 'exclusion', 'index', 'unique index'])

function keyOf(table: string, { objects }: Catalog): string[] {
  const key = objects.find((object) => object.table === table && object.kind === 'primary key')
  const names = /\(([^)]*)\)/.exec(key?.definition ?? '')?.[1]?.split(', ') ?? []
  return names.map((name) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
}

/** A name that nothing in the archive has, from now on taken. PostgreSQL cuts names at 63 bytes. */
function freeName(wanted: string, archives: Set<string>): string {
  for (let n = 1; ; n++) {
    const end = n === 1 ? '' : `_${n}`
    let name = `${wanted}${end}`
    for (let length = wanted.length; Buffer.byteLength(name) > 63; length--) name = `${wanted.slice(0, length)}${end}`
    if (archives.has(name)) continue
    archives.add(name)
    return name
  }
}
