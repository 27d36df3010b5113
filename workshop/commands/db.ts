import { parseArgs } from 'node:util'
import { tellLedger } from '../plain/ledger.ts'
import { Problem } from '../plain/problem.ts'
import { beginAgain } from '../course/goto.ts'
import { count, describeContents, readStatus, type DatabaseStatus } from '../course/status.ts'
import { resetDev } from '../course/reset.ts'
import { listArchives, takeBack } from '../world/archives.ts'
import { connectTo } from '../world/connection.ts'
import { adopt, down, up } from '../world/databases.ts'
import { readLedger } from '../world/ledger.ts'
import { alone } from '../world/lock.ts'
import { chooseTarget, describeTarget, envs, maskPassword, readTarget, type Env } from '../world/target.ts'

type Verb = (env: Env | undefined, name: string) => Promise<number>

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
    return all.every(({ problem }) => !problem) ? next('npm run check') : next('npm run db up', 1)
  },
  url: async (env) => {
    for (const one of chosen(env)) say(`${one.toUpperCase().padEnd(4)}  ${maskPassword(readTarget(one).url)}`)
    return 0
  },
  reset: async (env = 'dev') => {
    const target = readTarget(env)
    say(describeTarget(target))
    const { migrations, seconds } = await resetDev(target, say)
    say(`DEV   is new: ${count(migrations, 'migration')} applied, no rows, ${seconds.toFixed(1)} s`)
    return next('npm run seed:c25')
  },
  fresh: async () => {
    await beginAgain(say)
    return next('npm run db snapshots')
  },
  snapshots: async (env) => {
    for (const one of chosen(env)) {
      const archives = await listArchives(readTarget(one))
      const ENV = one.toUpperCase().padEnd(4)
      if (archives.length === 0) say(`${ENV}  nothing is set aside`)
      for (const { name, size } of archives) say(`${ENV}  ${name}  ${size}`)
    }
    return next('npm run db restore NAME    (what stands there now is set aside in turn)')
  },
  restore: async (env, name) => {
    const target = readTarget(env ?? (name.startsWith('prod') ? 'prod' : 'dev'))
    const aside = await takeBack(target, name)
    say(`${describeTarget(target)}  holds what ${name} held; what stood there is kept as ${aside}`)
    return next('npm run db status')
  },
  ledger: async () => {
    const target = readTarget('prod')
    say(describeTarget(target))
    const client = await connectTo(target)
    const entries = await readLedger(client).finally(() => client.end())
    for (const line of tellLedger(entries)) say(line)
    if (entries.length === 0) say('PROD  has no ledger yet: the first deploy begins it')
    return next(entries.length === 0 ? 'npm run migrate -- deploy --env prod' : 'npm run db snapshots')
  },
  adopt: async (env) => {
    if (!env)
      throw new Problem('Which database?', { why: 'One is adopted at a time.', next: 'npm run db -- adopt --env dev' })
    const target = readTarget(env)
    say(`${describeTarget(target)}  is ${await adopt(target)}`)
    return next('npm run db status')
  },
}

/** `npm run db -- up | down | status | url | reset | fresh | snapshots | restore NAME | ledger | adopt [--env dev|prod]` */
export async function db(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { env: { type: 'string' } }, allowPositionals: true })
  const [word = '', name = '', ...rest] = positionals
  const verb = verbs[word]
  if (!verb || rest.length > 0 || (word === 'restore') !== (name !== '')) {
    throw new Problem(`"${['db', ...positionals].join(' ')}" is not a command.`, {
      why: `db takes one of these words: ${Object.keys(verbs).join(', ')}.`,
      next: 'npm run db status',
    })
  }
  const env = values.env === undefined ? undefined : chooseTarget(values.env).env
  // `fresh` takes the lock itself, when it has looked at the files.
  const isFree = ['status', 'url', 'snapshots', 'ledger', 'fresh'].includes(word)
  return isFree ? verb(env, name) : alone('servers', say, () => verb(env, name))
}

function chosen(env: Env | undefined): readonly Env[] {
  return env ? [env] : envs
}

function describeStatus(status: DatabaseStatus): string {
  const where = describeTarget(status.target)
  if (status.problem) return `${where}  ✗ ${status.problem.message} ${status.problem.why}`
  return `${where}  PostgreSQL ${status.version} · ${describeContents(status)}`
}

function say(line: string): void {
  console.log(line)
}

function next(command: string, exitCode = 0): number {
  say(`\nnext  ${command}`)
  return exitCode
}
