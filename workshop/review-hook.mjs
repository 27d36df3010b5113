// What git's hooks run, where they are switched on: `git config core.hooksPath .githooks`.
import { load } from '../kit/project/build.mjs'

/** Sets the exit code: 1 stops git. What could not be judged (no base in this clone) is said, and stops nothing. */
export async function reviewHook(flags) {
  const { main } = await load('workshop/cli')
  const code = await main(['review', '--files-only', ...flags])
  process.exitCode = code === 1 ? 1 : 0
}
