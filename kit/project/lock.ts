import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { stateDir } from './project.ts'

/** Runs `work` while no other command of this clone is in the same kind of work. Says when it has to wait. */
export async function alone<T>(name: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(stateDir, { recursive: true })
  // One path a name: a command may hold several locks, one inside the other.
  const path = join(stateDir, name)
  const options = { realpath: false, stale: 15_000 }
  const release = await lockfile.lock(path, options).catch(async (error) => {
    if (error.code !== 'ELOCKED') throw error
    say('Another command of this workshop is running; waiting …')
    // Two minutes: longer than any start, and a command that died frees its lock after 15 seconds.
    return lockfile.lock(path, {
      ...options,
      retries: { retries: 600, minTimeout: 200, maxTimeout: 200, factor: 1 },
    })
  })
  try {
    return await work()
  } finally {
    await release()
  }
}
