import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** A whole run of the tests keeps less than half of it at a time. */
const roomNeeded = 4 * 1024 ** 3

/**
 * The folder for scratch copies and their servers: one in memory, where Linux has it with room enough and lets programs
 * run in it; else the system's own. TMPDIR, where it is set, is what somebody wants.
 */
export function quickFolder(): string {
  return !process.env['TMPDIR'] && hasRoom() && runsPrograms() ? memory : tmpdir()
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > roomNeeded
  } catch {
    // Not on this system.
    return false
  }
}

/** Containers often mount it so that none does. */
function runsPrograms(): boolean {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(memory, 'workshop-'))
    const script = join(folder, 'script')
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 })
    return spawnSync(script).status === 0
  } catch {
    return false
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true })
  }
}
