import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import lockfile from 'proper-lockfile'

/**
 * The folder that `make` fills once in a run of the tests, for many to copy from: whichever worker wants it first makes
 * it, and the others wait.
 */
export async function template(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join((process.env['WORKSHOP_TEST_RUN'] ??= ownRun()), name)
  if (existsSync(folder)) return folder
  const retries = { retries: 1200, minTimeout: 100, maxTimeout: 100, factor: 1 }
  const release = await lockfile.lock(folder, { realpath: false, retries })
  try {
    if (!existsSync(folder)) {
      const fresh = `${folder}.new`
      mkdirSync(fresh)
      await make(fresh)
      renameSync(fresh, folder)
    }
  } finally {
    await release()
  }
  return folder
}

/** For a measurement, which runs without jest. */
function ownRun(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-bench-'))
  // The server's user enters it too.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Copies a folder to a place where nothing is yet, owners included: a server's data belongs to the server's user. */
export function copyTree(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  if (process.platform === 'win32') return cpSync(from, to, { recursive: true })
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
