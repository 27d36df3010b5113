import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { stateDir } from './project.ts'

/** Runs `work` while no other command of this clone is in the same kind of work. Says when it has to wait. */
export async function alone<T>(name: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(stateDir, { recursive: true })
  const options = { lockfilePath: join(stateDir, `${name}.lock`), stale: 15_000 }
  const release = await lockfile.lock(stateDir, options).catch(async (error) => {
    if (error.code !== 'ELOCKED') throw error
    say('Another command of this workshop is running; waiting …')
    // Two minutes: longer than any start, and a command that died frees its lock after 15 seconds.
    return lockfile.lock(stateDir, {
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
