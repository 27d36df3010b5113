import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { Problem } from '../terminal/problem.ts'
import { stateDir } from './project.ts'

/** How often, 200 ms apart: two minutes, longer than any start. A command that died frees its lock after 15 seconds. */
const retries = () => Number(process.env['WORKSHOP_LOCK_RETRIES'] ?? 600)

/**
 * Runs `work` while no other command of this clone is in the same kind of work. Says when it has to wait, and throws a
 * Problem when that takes too long.
 */
export async function alone<T>(name: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(stateDir, { recursive: true })
  // One path a name: a command may hold several locks, one inside the other.
  const path = join(stateDir, name)
  // Who was asleep for long has lost its lock, and perhaps to nobody: its work goes on, and is told.
  const onCompromised = () => say('Another command may have begun meanwhile: this one was asleep for too long.')
  const options = { realpath: false, stale: 15_000, onCompromised }
  const release = await lockfile.lock(path, options).catch(async (error) => {
    if (error.code !== 'ELOCKED') throw error
    say('Another command of this workshop is running; waiting …')
    const often = { retries: retries(), minTimeout: 200, maxTimeout: 200, factor: 1 }
    return lockfile.lock(path, { ...options, retries: often }).catch((late) => {
      throw late.code === 'ELOCKED' ? isStillAtWork() : late
    })
  })
  try {
    return await work()
  } finally {
    // Lost, it is no longer ours to give back.
    await release().catch((error) => {
      if (error.code !== 'ERELEASED' && error.code !== 'ENOTACQUIRED') throw error
    })
  }
}

function isStillAtWork(): Problem {
  return new Problem('Another command of this workshop is still running: nothing was done.', {
    why: 'It has been at work on the databases for longer than two minutes.',
    next: 'Wait for it to end, or end it with Ctrl-C where it runs; then type the same command again.',
  })
}
