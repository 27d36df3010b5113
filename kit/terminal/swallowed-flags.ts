import { Problem } from './problem.ts'

/** What npm makes of `-c "SELECT 1"`. */
const call = { type: 'string' } as const

/**
 * npm takes flags for its own when the `--` before them is forgotten: `npm run seed:c26 --env=prod` would quietly write
 * to DEV. npm tells a script of them only through variables named `npm_config_…`. Throws a Problem with the line that
 * was meant; also when `dev` or `prod` stands there as a bare word. `all` are the flags of all commands.
 */
export function assertNoSwallowedFlags(
  verb: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  all: Record<string, { type: 'string' | 'boolean' }>,
): void {
  const flags: typeof all = { ...all, call }
  const swallowed = Object.keys(flags).filter((flag) => !['', 'false', undefined].includes(swallowedValue(flag, env)))
  const script = env['npm_lifecycle_event'] ?? verb
  const words = args.filter((_, i) => !isStray(verb, args, i))
  if (script === `${verb}:${words[0]}`) words.shift()
  const stray = args.filter((_, i) => isStray(verb, args, i))
  if (swallowed.length === 0 && stray.length === 0) return

  const written = swallowed.map((flag) => {
    const value = swallowedValue(flag, env)!
    if (flags[flag]!.type === 'boolean') return `--${flag}`
    if (flag === 'call') return `-c "${value}"`
    // npm says `true` for `--env prod` and leaves `prod` among the words; for `--env=prod` it says `prod`.
    if (value !== 'true') return `--${flag} ${value}`
    return `--${flag} ${(flag === 'env' ? stray[0] : words.pop()) ?? '…'}`
  })
  if (!swallowed.includes('env') && stray[0]) written.push(`--env ${stray[0]}`)
  const first = swallowed[0] === 'call' ? '-c' : `--${swallowed[0]}`
  const what = swallowed[0] ? `${first} did not reach the command` : `"${stray[0]}" is not a word of this command`
  throw new Problem(`${what}: nothing was done.`, {
    why: swallowed[0] ? 'npm takes flags for itself unless -- stands before them.' : 'A database is named with --env.',
    next: ['npm run', script, ...words.slice(0, 1), '--', ...words.slice(1), ...written].join(' '),
  })
}

function swallowedValue(flag: string, env: NodeJS.ProcessEnv): string | undefined {
  return env[`npm_config_${flag.replaceAll('-', '_')}`]
}

/** `dev` is Prisma's own word in `migrate dev`, and what follows a flag is that flag's value. */
function isStray(verb: string, args: readonly string[], i: number): boolean {
  if (args[i] !== 'dev' && args[i] !== 'prod') return false
  return !(verb === 'migrate' && i === 0 && args[i] === 'dev') && !args[i - 1]?.startsWith('-')
}
