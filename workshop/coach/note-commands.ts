import { linkLines } from '../../kit/drift/link-lines.ts'
import type { DriftReport } from '../../kit/drift/drift-report.ts'
import type { Deployed } from '../../kit/deploy/deploy.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Env } from '../../kit/database/target.ts'
import { nameOf } from '../course/read-steps.ts'
import { firstMissing } from '../course/next-step.ts'
import type { StepResult } from '../course/check-step.ts'
import { note } from './progress.ts'

/** The first thing that is missing, or that nothing is. */
export function noteCheck(root: string, result: StepResult): void {
  const step = numberOf(result)
  const words = missingOf(result)
  if (words === undefined) note(root, { kind: 'check', what: 'done', step })
  else note(root, { kind: 'check', what: 'missing', words, step })
}

/** As in `05`. */
export function numberOf({ state }: StepResult): string {
  return nameOf(state.step).split('-')[0]!
}

/** The title of the first thing that is missing, with the place where it is. */
export function missingOf({ apart, results }: StepResult): string | undefined {
  if (apart) return apart.lines[0]
  const first = firstMissing({ results })
  return first && `${first.where}: ${first.what}`
}

/** A database that has left its migrations, or all that are looked at are back. One that is away tells nothing. */
export function noteDrift(root: string, { links, state }: DriftReport, envs: readonly Env[]): void {
  const left = links.find(
    ({ from, to, differences, renames }) =>
      from === 'migrations' && (to === 'dev' || to === 'prod') && differences.length + renames.length > 0,
  )
  if (left) {
    const line = linkLines(left).find(({ sign }) => '→+−≠'.includes(sign))
    note(root, {
      kind: 'drift',
      what: 'left',
      words: `${left.to.toUpperCase()}: ${line?.words.split(', or')[0] ?? ''}`,
    })
  } else if (state !== 'error' && envs.length === 2) note(root, { kind: 'drift', what: 'back' })
}

/** What a deploy did, or why it did nothing. A dry run did nothing, and was not refused. */
export function noteDeploy(root: string, env: Env, { applied, code }: Pick<Deployed, 'applied' | 'code'>): void {
  const ENV = env.toUpperCase()
  if (applied.length > 0) note(root, { kind: 'deploy', what: 'applied', words: `${ENV}: ${applied.join(', ')}` })
  const how = code === 130 ? 'stopped by Ctrl-C' : `Prisma ended with ${code}`
  if (code !== 0) note(root, { kind: 'deploy', what: 'refused', words: `${ENV}: ${how}` })
}

export function noteRefusedDeploy(root: string, error: unknown): void {
  if (!(error instanceof Problem)) return
  note(root, { kind: 'deploy', what: 'refused', words: `PROD: ${error.why.split('\n')[0]!}` })
}
