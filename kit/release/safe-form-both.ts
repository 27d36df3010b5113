import { commandOf, noteOf } from '../backfill/plan.ts'
import type { Catalog, Column } from '../catalog/catalog.ts'
import { addColumn, dropColumn, quoted } from '../catalog/catalog-sql.ts'
import { dotted } from '../catalog/dotted-name.ts'
import { mentions } from '../catalog/renames.ts'
import { sqlName } from '../catalog/sql-name.ts'
import { bothName } from './being-filled.ts'
import type { Part, Surroundings } from './safe-form-part.ts'
import type { TwoNames } from './two-names.ts'

/** What becomes of either column. */
export function twoNamesParts(both: TwoNames, column: string, { model, live }: Surroundings, require: Part[]): Part[] {
  const { table, from, to, isNew, rows } = both
  const find = (catalog: Catalog, name: string) =>
    catalog.tables.find((one) => one.name === table)?.columns.find((one) => one.name === name)
  const old = find(live.catalog, from)!
  const isLater = isNew || rows > 0
  if (column === from) return last(both, old).map((part) => ({ ...part, isLater }))
  const requiring = find(model, to)!.nullable ? [] : require.map((part) => ({ ...part, isLater }))
  if (!isNew) return requiring
  const obstacle = whyNot(both, old, live.catalog)
  if (obstacle) return [{ phase: '', rank: 0, sql: `-- ${obstacle}` }]
  return [...first(both, { ...old, name: to, nullable: true, default: null }), ...requiring]
}

function first({ table, from, to }: TwoNames, column: Column): Part[] {
  const [t, a, b, name] = [quoted(table), quoted(from), quoted(to), quoted(bothName(table, from, to))]
  const plan = { table, column: to, expression: sqlName(from) }
  const body = `$$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.${b} IS NULL THEN NEW.${b} := NEW.${a}; ELSE NEW.${a} := NEW.${b}; END IF;
  ELSIF NEW.${b} IS DISTINCT FROM OLD.${b} THEN
    NEW.${a} := NEW.${b};
  ELSIF NEW.${a} IS DISTINCT FROM OLD.${a} THEN
    NEW.${b} := NEW.${a};
  END IF;
  RETURN NEW;
END
$$`
  return [
    {
      phase: '',
      rank: 150,
      comment: `The new name of ${dotted(table, from)}: while two versions of the application run, both columns are there.`,
      sql: addColumn(table, column),
    },
    {
      phase: '',
      rank: 151,
      comment: 'Whichever of the two a version writes, the other gets the same value.',
      sql: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${body};`,
    },
    {
      phase: '',
      rank: 152,
      comment: `The rows that are there get theirs while everybody works:  ${commandOf(plan, 'prod')}\n${noteOf(plan)}`,
      sql: `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${t} FOR EACH ROW EXECUTE FUNCTION ${name}();`,
    },
  ]
}

/** The column goes first: the guard counts its values before there is a lock that anybody waits for. */
function last({ table, from, to }: TwoNames, old: Column): Part[] {
  const name = quoted(bothName(table, from, to))
  return [
    {
      phase: 'drop',
      rank: 160,
      comment: `Every value stands in ${to}, and no version of the application asks for ${from} any more.`,
      sql: dropColumn(table, old),
    },
    { phase: 'drop', rank: 161, sql: `DROP TRIGGER ${name} ON ${quoted(table)};` },
    { phase: 'drop', rank: 162, sql: `DROP FUNCTION ${name}();` },
  ]
}

/** What cannot be two columns. */
function whyNot({ table, from }: TwoNames, old: Column, { objects }: Catalog): string | undefined {
  const name = dotted(table, from)
  if (old.generated !== null || old.default?.startsWith('nextval('))
    return `${name} gets its values from PostgreSQL, so it has one name at a time: rename it without --without-downtime`
  const key = objects.find((one) => one.kind === 'primary key' && one.table === table)
  const pointing = objects.find(
    ({ kind, definition }) =>
      kind === 'foreign key' &&
      definition.includes(` REFERENCES ${sqlName(table)}(`) &&
      mentions(definition.replace(/^.* REFERENCES /, ''), from),
  )
  if (pointing || (key && mentions(key.definition, from)))
    return `other rows point to ${name}, or it is the key: rename it without --without-downtime`
  return undefined
}
