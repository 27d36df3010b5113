import { parseArgs } from 'node:util'
import { Problem } from '../plain/problem.ts'
import { readStatus, type DatabaseStatus } from '../course/status.ts'
import { resetDev } from '../course/reset.ts'
import { adopt, down, up } from '../world/databases.ts'
import { alone } from '../world/lock.ts'
import { chooseTarget, describeTarget, envs, maskPassword, readTarget, type Env } from '../world/target.ts'

type Verb = (env: Env | undefined) => Promise<number>

const verbs: Record<string, Verb> = {
  up: async (env) => {
    await Promise.all(chosen(env).map(async (one) => say(`${describeTarget(await up(one, say))}  is up`)))
    return next('npm run db status')
  },
  down: async (env) => {
    for (const one of chosen(env)) {
      const target = readTarget(one)
      say(
        `${describeTarget(target)}  ${(await down(one)) ? 'is stopped; its data stays' : 'has no server of this clone running'}`,
      )
    }
    return next('npm start')
  },
  status: async (env) => {
    const all = await Promise.all(chosen(env).map((one) => readStatus(readTarget(one))))
    for (const status of all) say(describeStatus(status))
    return all.every(({ problem }) => !problem)
      ? next('npm run migrate -- status --env prod')
      : next('npm run db up', 1)
  },
  url: async (env) => {
    for (const one of chosen(env)) say(`${one.toUpperCase().padEnd(4)}  ${maskPassword(readTarget(one).url)}`)
    return 0
  },
  reset: async (env = 'dev') => {
    const target = readTarget(env)
    say(describeTarget(target))
    const { migrations, seconds } = await resetDev(target, say)
    say(`DEV   is new: ${migrations} migrations applied, no rows, ${seconds.toFixed(1)} s`)
    return next('npm run seed:c25')
  },
  adopt: async (env) => {
    if (!env)
      throw new Problem('Which database?', { why: 'One is adopted at a time.', next: 'npm run db -- adopt --env dev' })
    const target = readTarget(env)
    say(`${describeTarget(target)}  is ${await adopt(target)}`)
    return next('npm run db status')
  },
}

/** `npm run db -- up | down | status | url | reset | adopt [--env dev|prod]` */
export async function db(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { env: { type: 'string' } }, allowPositionals: true })
  const [name = '', ...rest] = positionals
  const verb = verbs[name]
  if (!verb || rest.length > 0) {
    throw new Problem(`"db ${positionals.join(' ')}" is not a command.`, {
      why: `db takes one of these words: ${Object.keys(verbs).join(', ')}.`,
      next: 'npm run db status',
    })
  }
  const env = values.env === undefined ? undefined : chooseTarget(values.env).env
  return name === 'status' || name === 'url' ? verb(env) : alone('servers', say, () => verb(env))
}

function chosen(env: Env | undefined): readonly Env[] {
  return env ? [env] : envs
}

function describeStatus(status: DatabaseStatus): string {
  const where = describeTarget(status.target)
  if (status.problem) return `${where}  ✗ ${status.problem.message} ${status.problem.why}`
  return `${where}  PostgreSQL ${status.version} · ${status.migrations} migrations · ${status.recruits} recruits`
}

function say(line: string): void {
  console.log(line)
}

function next(command: string, exitCode = 0): number {
  say(`\nnext  ${command}`)
  return exitCode
}
