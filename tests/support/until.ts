import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until it is so. Throws where it is not within a minute: a test never goes on as if it were. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not so within a minute: ${what}`)
    await sleep(20)
  }
}
