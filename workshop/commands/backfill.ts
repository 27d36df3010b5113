import { backfill as fillColumn } from '../../kit/backfill/backfill.ts'
import { nextAfter, tellReport } from '../../kit/backfill/backfill-lines.ts'
import { isLeft } from '../../kit/backfill/failures.ts'
import { nameOf, type BackfillPlan } from '../../kit/backfill/plan.ts'
import { plansOf, stillOpen } from '../../kit/backfill/plans.ts'
import { withClient } from '../../kit/database/connection.ts'
import { chooseTarget, describeTarget, type Target } from '../../kit/database/target.ts'
import { renderNext } from '../../kit/deploy/deploy-lines.ts'
import { readFolder } from '../../kit/drift/layers.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { grouped } from '../../kit/terminal/numbers.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { progressBar, type ProgressBar } from '../../kit/terminal/progress-bar.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { stopOnSignal } from '../seeding/stop-signal.ts'

interface Flags {
  env?: string
  where?: string
  share?: string
  'dry-run'?: boolean
  restart?: boolean
}

/**
 * `npm run backfill [recruits.chatname] ["lower(first_name)"] -- [--env prod] [--where SQL] [--share 50] [--dry-run]
 * [--restart]`: fills a column in batches. What is not typed, the migrations say in their comments.
 */
export async function backfill(words: readonly string[], flags: Flags): Promise<number> {
  const target = chooseTarget(flags.env)
  const share = readShare(flags.share)
  const plans = plansOf(words, (await readFolder(projectRoot)).value ?? [])
  say(describeTarget(target))
  const open = words.length > 0 ? plans : await withClient(target, (client) => stillOpen(client, plans))
  if (open.length === 0) return nothingToDo(target, plans)
  const stopping = new AbortController()
  stopOnSignal(() => stopping.abort())
  for (const plan of open) {
    const more = { where: flags.where, share, isRestart: flags.restart }
    const code = await fillOne(target, { ...plan, ...more }, flags['dry-run'] ?? false, stopping.signal)
    if (code !== 0) return code
  }
  return 0
}

async function fillOne(target: Target, plan: BackfillPlan, isDryRun: boolean, signal: AbortSignal): Promise<number> {
  const label = `${target.env.toUpperCase().padEnd(4)}  ${nameOf(plan)}`
  say(`${label} = ${plan.expression}${plan.where === undefined ? '' : `, where ${plan.where}`}`)
  let bar: ProgressBar | undefined
  const report = await fillColumn(target, plan, {
    signal,
    isDryRun,
    onBegin({ rows, empty, lookedAt }) {
      const goesOn = lookedAt > 0 ? ' It goes on where it was.' : ''
      say(
        `${label}  ${grouped(empty)} of ${grouped(rows)} rows have no value.${goesOn} Ctrl-C stops it at a good place.`,
      )
      bar = progressBar({ label, total: rows, begun: lookedAt, say })
    },
    onProgress: ({ lookedAt }) => bar?.update(lookedAt),
    say: (line) => (bar ? bar.say(`${label}  ! ${line}`) : say(`${label}  ! ${line}`)),
  }).finally(() => bar?.end())
  if (report.outcome === 'left') throw isLeft(target, plan, report.left ?? 0, report.withoutValue ?? [])
  for (const line of ['', ...tellReport(plan, report).map((text) => `  ${text}`)]) say(line)
  for (const line of renderNext([nextAfter(plan, report, target.env)], process.stdout.columns)) console.log(line)
  return report.outcome === 'stopped' ? 130 : 0
}

function nothingToDo({ env }: Target, plans: readonly BackfillPlan[]): number {
  const names = plans.map(nameOf).join(', ')
  say(`${env.toUpperCase().padEnd(4)}  nothing to fill: ${names} is required already, or not there yet.`)
  const deploy = env === 'prod' ? 'npm run migrate -- deploy --env prod' : 'npm run migrate -- dev'
  for (const line of renderNext([`${deploy}    (brings a column that is not there yet)`], process.stdout.columns))
    console.log(line)
  return 0
}

function readShare(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const share = Number(text)
  if (Number.isInteger(share) && share >= 1 && share <= 100) return share
  throw new Problem(`"${text}" is no share of the time: nothing was done.`, {
    why: '--share takes percent, from 1 to 100. With 100 there are no pauses.',
    next: 'npm run backfill -- --env prod --share 25',
  })
}

function say(line: string): void {
  console.log(wrap(line, process.stdout.columns))
}
