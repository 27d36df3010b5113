import type { Catalog } from '../catalog/catalog.ts'
import type { Difference } from '../catalog/compare-catalogs.ts'
import { dotted } from '../catalog/dotted-name.ts'
import { addColumn, alterColumn, quoted } from '../catalog/catalog-sql.ts'
import { rowsWithoutValue, type LiveDatabase } from './next-question.ts'
import { archivedColumn } from './safe-form-archive.ts'
import { numberingOf } from './safe-form-numbering.ts'
import { isBeingFilled } from './being-filled.ts'
import { twoNamesParts } from './safe-form-both.ts'
import { fillingTrigger, withoutFilling } from './safe-form-bridge.ts'
import { asCompared, isBig, inLaterRelease, isFilledInBatches, type Part, type Surroundings } from './safe-form-part.ts'

/** A new, changed or dropped column: optional, filled and then required; archived before it is dropped. */
export function columnParts(difference: Difference, around: Surroundings): Part[] {
  const { model, live, answers } = around
  const { what, table, name } = difference
  const find = (catalog: Catalog) =>
    catalog.tables.find((one) => one.name === table)?.columns.find((column) => column.name === name)
  const [should, is] = [find(model), find(live.catalog)]
  const both = around.both.find((one) => one.table === table && (one.from === name || one.to === name))
  if (both) return twoNamesParts(both, name, around, requireColumn(table!, both.to, 'require', live))
  if (!should) return archivedColumn(table!, is!, around)
  const rows = rowsWithoutValue(table!, should, live)
  const value = answers.backfills.get(dotted(table!, name))
  const filled = rows > 0 && value !== undefined
  const isBegun = is !== undefined && isBeingFilled(live.catalog, table!, name)
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
  const plan = { table: table!, column: name, expression: value ?? '' }
  const last = () => [...requireColumn(table!, name, 'require', live), ...withoutFilling(table!, name)]
  if (isBegun && rows > 0 && answers.isAtOnce !== true) return inLaterRelease(last())
  if (!is) {
    if (!filled) return asCompared(difference)
    if (isFilledInBatches(table!, around)) {
      const add = addColumn(table!, { ...should, nullable: true })
      return [{ phase: '', rank, sql: add, comment: begun }, ...fillingTrigger(plan), ...inLaterRelease(last())]
    }
    return [{ phase: '', rank, sql: addColumn(table!, { ...should, nullable: true }), comment: later }, ...fill()]
  }
  if (what === 'different' && is.generated !== should.generated) {
    return [{ phase: '', rank, sql: `-- ${difference.words}: PostgreSQL cannot change that in its place` }]
  }
  const numbering = numberingOf(table!, is, should)
  const others = alterColumn(table!, is, {
    ...should,
    default: numbering.isKept ? is.default : should.default,
    nullable: is.nullable || should.nullable,
  })
  return [
    ...[...numbering.sql, ...others].map((sql): Part => ({ phase: '', rank, sql })),
    ...(filled && isFilledInBatches(table!, around)
      ? [...fillingTrigger(plan), ...inLaterRelease(last())]
      : filled
        ? fill()
        : is.nullable && !should.nullable
          ? requireColumn(table!, name, '', live)
          : []),
    ...(isBegun ? withoutFilling(table!, name) : []),
  ]
}

const begun =
  'Optional first, and empty: adding it so takes a moment, whatever the size of the table. A later release requires it.'

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

/** So that it stays one expression, whatever it is. */
function inParens(value: string): string {
  return /^('(?:[^']|'')*'|-?\d+(\.\d+)?|true|false)$/i.test(value) ? value : `(${value})`
}
