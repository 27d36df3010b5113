import type pg from 'pg'
import type { MigrationText } from '../sql/migration-text.ts'
import { Problem } from '../terminal/problem.ts'
import { nameOf, plansIn, readName, type BackfillPlan } from './plan.ts'

const example = 'npm run backfill recruits.rocketchat_user "lower(first_name)" -- --env prod'

/**
 * What was typed, as plans: a column and its expression; a column alone, whose expression a migration names in a comment;
 * or nothing, for all that the migrations name. Throws a Problem.
 */
export function plansOf(words: readonly string[], migrations: readonly MigrationText[]): BackfillPlan[] {
  const noted = lastOfEach(migrations.flatMap(({ sql }) => plansIn(sql)))
  const [name, expression, ...more] = words
  if (name === undefined) {
    if (noted.length > 0) return noted
    throw new Problem('Which column is to be filled, and with what?', {
      why: 'No migration here asks for a backfill.',
      next: example,
    })
  }
  const found = readName(name)
  if (!found || more.length > 0) {
    throw new Problem('A backfill takes a column and one expression: nothing was done.', {
      why: found
        ? `There are words too many: ${more.join(' ')}.`
        : `"${name}" is no column: it is written TABLE.COLUMN.`,
      next: example,
    })
  }
  if (expression !== undefined) return [{ ...found, expression }]
  const plan = noted.find((one) => nameOf(one) === nameOf(found))
  if (plan) return [plan]
  throw new Problem(`With what is ${nameOf(found)} to be filled?`, {
    why: `No migration here asks for a backfill of it, in a comment like  -- backfill ${nameOf(found)} = 'unknown'`,
    next: `npm run backfill ${name} "lower(first_name)" -- --env prod    (an SQL expression of the row's columns)`,
  })
}

/** Those of which the column is there, and may be empty: the others are of a migration that has not come yet, or done with. */
export async function stillOpen(client: pg.ClientBase, plans: readonly BackfillPlan[]): Promise<BackfillPlan[]> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS "table", a.attname AS "column" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p') AND NOT a.attisdropped AND NOT a.attnotnull
       AND (c.relname, a.attname) IN (SELECT t, n FROM unnest($1::text[], $2::text[]) AS asked (t, n))`,
    [plans.map(({ table }) => table), plans.map(({ column }) => column)],
  )
  const there = new Set(rows.map(nameOf))
  return plans.filter((plan) => there.has(nameOf(plan)))
}

/** A later migration may ask for another expression. */
function lastOfEach(plans: readonly BackfillPlan[]): BackfillPlan[] {
  return [...new Map(plans.map((plan) => [nameOf(plan), plan])).values()]
}
