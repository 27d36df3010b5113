import { bareCommand, isUrgent } from '../../kit/drift/next-command.ts'
import type { CheckResult } from './check-lines.ts'
import type { StepResult } from './check-step.ts'
import { nameOf } from './read-steps.ts'
import { storyOf, type StepState } from './step-databases.ts'

/**
 * The one command to type after these checks: what brings files and databases together; what mends a history or a server;
 * else what the first check that fails asks for, if that is a command; else the check again, when the work is done.
 */
export function nextOf({ apart, results, isDone, state }: StepResult, states: readonly StepState[]): string {
  if (apart) return apart.next
  const wanted = firstMissing({ results })?.next ?? ''
  if (wanted && /^(np[mx]|git) /.test(wanted)) return bareCommand(wanted)
  const story = storyOf(state, states)
  const at = isDone ? story[story.indexOf(state) + 1] : state
  return at ? `npm run check ${nameOf(at.step).split('-')[0]!}` : 'npm run db ledger'
}

/** The check that decides what comes next: one that mends a history or a server, or else the first that fails. */
export function firstMissing({ results }: Pick<StepResult, 'results'>): CheckResult | undefined {
  const failed = results.filter(({ found }) => found !== undefined)
  return failed.find(({ next = '' }) => isUrgent(next)) ?? failed[0]
}
