// What git's hooks run, where they are switched on: `git config core.hooksPath .githooks`.
import { register } from 'tsx/esm/api'

/** Sets the exit code: 1 stops git. What could not be judged (no base in this clone) is said, and stops nothing. */
export async function guardHook(flags) {
  register()
  const { main } = await import('./cli.ts')
  const code = await main(['guard', '--files-only', ...flags])
  process.exitCode = code === 1 ? 1 : 0
}
