import { constants } from 'node:os'
import { setImmediate as aTurnForOthers } from 'node:timers/promises'

/** Makes something, works with it, and removes it: after a failure too, and after a Ctrl-C. */
export async function leaveNothing<Made extends { remove(): Promise<void> }, Result>(
  make: () => Promise<Made>,
  work: (made: Made) => Promise<Result>,
): Promise<Result> {
  let removing: Promise<void> | undefined
  const making = make()
  const remove = () => (removing ??= making.then((made) => made.remove()).catch(() => {}))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let isInterrupted = false
  const stop = (signal: (typeof signals)[number]) => {
    isInterrupted = true
    void remove().then(() => process.exit(128 + constants.signals[signal]))
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    return await work(await making)
  } catch (error) {
    // What was cut off on purpose is no news. The signal may have ended a child that this turn waited for without a break:
    // it is heard in the next turn.
    await aTurnForOthers()
    await aTurnForOthers()
    if (isInterrupted) return await new Promise<never>(() => {})
    throw error
  } finally {
    await remove()
    for (const signal of signals) process.off(signal, stop)
  }
}
