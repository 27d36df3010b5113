import type { Catalog, Column } from './catalog.ts'
import type { Difference } from './catalog-compare.ts'
import { addColumn, alterColumn, dropColumn, quoted } from './catalog-sql.ts'
import { rowsWithoutValue, type LiveDatabase } from './release.ts'
import { asCompared, isBig, type Part, type Surroundings } from './safe-form-part.ts'

/** A new, changed or dropped column: optional, filled and then required; archived before it is dropped. */
export function columnParts(difference: Difference, { model, live, answers }: Surroundings): Part[] {
  const { what, table, name } = difference
  const find = (catalog: Catalog) =>
    catalog.tables.find((one) => one.name === table)?.columns.find((column) => column.name === name)
  const [should, is] = [find(model), find(live.catalog)]
  if (!should) return archivedColumn(table!, is!, live)
  const rows = rowsWithoutValue(table!, should, live)
  const value = answers.backfills.get(`${table}.${name}`)
  const filled = rows > 0 && value !== undefined
  const [rank = 0] = difference.ranks
  const later = `Optional first: ${rows === 1 ? 'one row' : `${rows} rows`} of PROD ${rows === 1 ? 'has' : 'have'} no value yet. The next migrations fill it and require it.`
  const fill = (): Part[] => [
    {
      phase: 'backfill',
      rank: 0,
      sql: `UPDATE ${quoted(table!)} SET ${quoted(name)} = ${inParens(value!)} WHERE ${quoted(name)} IS NULL;`,
      comment: `${rows === 1 ? 'One row' : `${rows} rows`} of PROD had no value when this was written.`,
    },
    ...requireColumn(table!, name, 'require', live),
  ]
  if (!is) {
    if (!filled) return asCompared(difference)
    return [{ phase: '', rank, sql: addColumn(table!, { ...should, nullable: true }), comment: later }, ...fill()]
  }
  if (what === 'different' && is.generated !== should.generated) {
    return [{ phase: '', rank, sql: `-- ${difference.words}: PostgreSQL cannot change that in its place` }]
  }
  const others = alterColumn(table!, is, { ...should, nullable: is.nullable || should.nullable })
  return [
    ...others.map((sql): Part => ({ phase: '', rank, sql })),
    ...(filled ? fill() : is.nullable && !should.nullable ? requireColumn(table!, name, '', live) : []),
  ]
}

/** On a big table PostgreSQL would read all rows while nobody can use it; a CHECK is validated beside the traffic. */
function requireColumn(table: string, column: string, phase: '' | 'require', live: LiveDatabase): Part[] {
  const [t, c, check] = [quoted(table), quoted(column), quoted(`${table}_${column}_required`.slice(-63))]
  const required = `ALTER TABLE ${t} ALTER COLUMN ${c} SET NOT NULL;`
  if (!isBig(table, live)) return [{ phase, rank: 120, sql: required }]
  return [
    {
      phase: 'check',
      rank: 0,
      sql: `ALTER TABLE ${t} ADD CONSTRAINT ${check} CHECK (${c} IS NOT NULL) NOT VALID;`,
      comment: 'Holds for new rows from now on; the next migration looks at the old ones.',
    },
    { phase: 'validate', rank: 0, sql: `ALTER TABLE ${t} VALIDATE CONSTRAINT ${check};` },
    {
      phase: 'require',
      rank: 0,
      sql: required,
      comment: 'The CHECK says already that no value is missing, so PostgreSQL reads no row.',
    },
    { phase: 'require', rank: 1, sql: `ALTER TABLE ${t} DROP CONSTRAINT ${check};` },
  ]
}

function archivedColumn(table: string, column: Column, live: LiveDatabase): Part[] {
  const drop: Part = { phase: 'drop', rank: 160, sql: dropColumn(table, column) }
  if ((live.values.get(`${table}.${column.name}`) ?? 0) === 0) return [drop]
  const key = keyOf(table, live.catalog)
  const kept = live.catalog.tables.find(({ name }) => name === table)!.columns
  const columns = key.length > 0 ? kept.filter(({ name }) => [...key, column.name].includes(name)) : kept
  const place = `${quoted('archive')}.${quoted(freeName(`${table}_${column.name}`, live))}`
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

/** A table that goes. */
export function archivedTable(table: string, live: LiveDatabase): Part[] {
  const place = freeName(table, live)
  const comment = 'Nothing is deleted: the table moves to the archive, with all its rows.'
  return [
    { phase: 'drop', rank: 165, sql: 'CREATE SCHEMA IF NOT EXISTS "archive";', comment },
    ...(place === table
      ? []
      : [{ phase: 'drop' as const, rank: 166, sql: `ALTER TABLE ${quoted(table)} RENAME TO ${quoted(place)};` }]),
    { phase: 'drop', rank: 167, sql: `ALTER TABLE ${quoted(place)} SET SCHEMA "archive";` },
  ]
}

function keyOf(table: string, { objects }: Catalog): string[] {
  const key = objects.find((object) => object.table === table && object.kind === 'primary key')
  const names = /\(([^)]*)\)/.exec(key?.definition ?? '')?.[1]?.split(', ') ?? []
  return names.map((name) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
}

/** A name that no table of the archive has. PostgreSQL cuts names at 63 bytes. */
function freeName(wanted: string, { archives }: LiveDatabase): string {
  const base = wanted.slice(0, 55)
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}_${n}`
    if (!archives.includes(name)) return name
  }
}

/** So that it stays one expression, whatever it is. */
function inParens(value: string): string {
  return /^('(?:[^']|'')*'|-?\d+(\.\d+)?|true|false)$/i.test(value) ? value : `(${value})`
}
