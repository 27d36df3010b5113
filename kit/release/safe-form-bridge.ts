import { commandOf, noteOf, type BackfillPlan } from '../backfill/plan.ts'
import { quoted } from '../catalog/catalog-sql.ts'
import { fillName } from './being-filled.ts'
import type { Part } from './safe-form-part.ts'

/**
 * A trigger that fills a new column in the rows that the old version of the application writes, while a backfill fills the
 * rows that are there. It is called after its column, so that a later release knows by it what was begun.
 */
export function fillingTrigger(plan: BackfillPlan): Part[] {
  const { table, column, expression } = plan
  const name = quoted(fillName(table, column))
  const t = quoted(table)
  // A comment in it would hide what follows.
  const value = expression.includes('--') ? `${expression}\n` : expression
  const lines = [
    '#variable_conflict use_column',
    'BEGIN',
    `  SELECT (${value}) INTO NEW.${quoted(column)} FROM (SELECT NEW.*) AS ${t};`,
    '  RETURN NEW;',
    'END',
  ]
  const body = dollarQuoted(lines.join('\n'))
  const when = `WHEN (NEW.${quoted(column)} IS NULL)`
  return [
    {
      phase: '',
      rank: 151,
      comment:
        'The version of the application that still runs does not know the column: these rows get their value by a trigger.',
      sql: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${body};`,
    },
    {
      phase: '',
      rank: 152,
      comment: `The rows that are there get theirs while everybody works:  ${commandOf(plan, 'prod')}\n${noteOf(plan)}`,
      sql: `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${t} FOR EACH ROW ${when} EXECUTE FUNCTION ${name}();`,
    },
  ]
}

/** Takes it away, when every row has a value and the column is required. */
export function withoutFilling(table: string, column: string): Part[] {
  const name = quoted(fillName(table, column))
  return [
    {
      phase: 'require',
      rank: 2,
      comment: 'Every row has a value, and the new version of the application writes it.',
      sql: `DROP TRIGGER ${name} ON ${quoted(table)};`,
    },
    { phase: 'require', rank: 3, sql: `DROP FUNCTION ${name}();` },
  ]
}

function dollarQuoted(text: string): string {
  let tag = '$$'
  for (let n = 1; text.includes(tag); n++) tag = `$fill${n}$`
  return `${tag}\n${text}\n${tag}`
}
