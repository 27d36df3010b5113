import { grouped, lasting } from '../terminal/numbers.ts'
import type { BackfillReport } from './backfill.ts'
import { commandOf, nameOf, releaseAfter, type BackfillPlan } from './plan.ts'

/** What a backfill says when it has ended well, or was stopped. */
export function tellReport(plan: BackfillPlan, report: BackfillReport): string[] {
  const { outcome, rows, empty, filled, batches, ms, tried } = report
  const name = nameOf(plan)
  const asked = plan.where === undefined ? '' : ', of those that --where names'
  if (outcome === 'stopped')
    return [`! stopped at the end of a batch: ${grouped(filled)} rows were filled, and stay. Nothing is half done.`]
  if (empty === 0) return [`✓ ${name} has a value in every row${asked}: nothing to fill in ${grouped(rows)} rows.`]
  if (tried) {
    const each = `${grouped(tried.rows)} rows in ${lasting(tried.ms / 1000)}`
    return [
      `· ${grouped(empty)} of ${grouped(rows)} rows have no value${asked}.`,
      `✓ tried on the first ones, and taken back: ${each}`,
      `· all of them: about ${grouped(tried.batches)} ${tried.batches === 1 ? 'batch' : 'batches'}, ${lasting(tried.seconds)}, working ${plan.share ?? 50} % of the time`,
    ]
  }
  return [
    `✓ ${name} has a value in every row${asked}: ${grouped(filled)} filled, in ${lasting(ms / 1000)} and ${grouped(batches)} batches. Rows without one: 0.`,
  ]
}

/** What to type after it. */
export function nextAfter(plan: BackfillPlan, { outcome }: BackfillReport, env: string): string {
  if (outcome === 'stopped') return `${commandOf(plan, env)}    (goes on where it was)`
  if (outcome === 'tried') return commandOf(plan, env)
  const release = releaseAfter(plan)
  const command = env === 'prod' ? release : release.replace('release -- --env prod', 'migrate -- dev')
  return `${command}    (when schema.prisma says that it is required)`
}
