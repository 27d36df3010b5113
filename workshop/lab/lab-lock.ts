import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { stateDir } from '../../kit/project/project.ts'
import { Problem } from '../../kit/terminal/problem.ts'

const file = () => join(stateDir, 'lab-running')

/** Milliseconds after which the lock of a lab that was killed counts as left. */
const stale = 15_000

/** A second lab would be measured too. Returns what lets the next one in; throws a Problem where one is running. */
export async function alone(): Promise<() => Promise<void>> {
  mkdirSync(stateDir, { recursive: true })
  try {
    return await lockfile.lock(file(), { realpath: false, stale })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
    throw new Problem('Another lab is running here: nothing was begun.', {
      why: 'Two at a time would measure each other. After a lab that was killed, the place is free in 15 seconds.',
      next: 'Wait for it to end, or end it with Ctrl-C where it runs; then type the same command again.',
    })
  }
}

/** Whether a lab is running here. One that was killed counts for 15 seconds more. */
export function isLabRunning(): Promise<boolean> {
  return lockfile.check(file(), { realpath: false, stale })
}
