import type pg from 'pg'
import { commandOf, nameOf, plansIn, type BackfillPlan } from '../backfill/plan.ts'
import type { MigrationText } from '../sql/migration-text.ts'

/**
 * What to type where a migration fails on rows without a value, and one before it asks for a backfill of that column.
 * `pending` are those before it that PROD does not have yet. Empty where it is about something else.
 */
export function fillFirst(
  { code, table, column, constraint }: pg.DatabaseError,
  failed: MigrationText,
  before: readonly MigrationText[],
  pending: readonly MigrationText[],
): string[] {
  const isAbout = (plan: BackfillPlan) =>
    plan.table === table && (code === '23502' ? plan.column === column : constraint?.includes(plan.column) === true)
  if (code !== '23502' && code !== '23514') return []
  const asking = before.findLast(({ sql }) => plansIn(sql).some(isAbout))
  const plan = asking && plansIn(asking.sql).findLast(isAbout)
  if (!plan) return []
  const fill = `${commandOf(plan, 'prod')}    (fills ${nameOf(plan)} while everybody works)`
  if (!pending.includes(asking)) return [fill]
  return [
    `Put prisma/migrations/${failed.name} and those after it aside: ${asking.name} makes the column, and has to be on PROD first.`,
    'npm run migrate -- deploy --env prod',
    fill,
    'Put them back.',
  ]
}
