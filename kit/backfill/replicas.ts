import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from '../database/target.ts'
import { replicasBehind } from './failures.ts'
import { mostLag } from './pace.ts'
import type { BackfillPlan } from './plan.ts'
import type { Watch } from './watch.ts'

const patience = 600_000

/** Waits for a replica that falls behind. Throws a Problem where it does not catch up within ten minutes. */
export async function waitForReplicas(
  { lag }: Pick<Watch, 'lag'>,
  {
    target,
    plan,
    signal,
    say,
  }: { target: Target; plan: BackfillPlan; signal: AbortSignal | undefined; say: (line: string) => void },
): Promise<void> {
  if (lag() <= mostLag) return
  say(`A replica is ${Math.round(lag())} s behind: it waits until that is less than ${mostLag} s.`)
  const isStopped = () => signal?.aborted === true
  const until = performance.now() + patience
  while (lag() > mostLag && !isStopped()) {
    if (performance.now() > until) throw replicasBehind(target, plan, lag())
    await sleep(200, undefined, { signal }).catch(() => {})
  }
}
