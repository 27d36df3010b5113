import { renderNext, renderStage } from '../../kit/deploy/deploy-lines.ts'
import { tellLedger } from '../../kit/keep/ledger-entry.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { beginAgain } from '../course/go-to.ts'
import { beginProgress } from '../coach/progress.ts'
import { describeContents, readStatus, type DatabaseStatus } from '../course/status.ts'
import { sayWhenCutOff } from '../../kit/project/say-when-cut-off.ts'
import { counted } from '../../kit/terminal/numbers.ts'
import { resetDev } from '../course/reset.ts'
import { countCutOff, findHalf, settleCutOff } from '../../kit/deploy/cut-off.ts'
import { copyProd, listCopies, restore } from '../databases/copies.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { adopt, down, up } from '../databases/databases.ts'
import { describeSnapshot, type Snapshot } from '../../kit/keep/snapshots.ts'
import { readLedger } from '../../kit/keep/ledger.ts'
import { alone } from '../../kit/project/lock.ts'
import {
  chooseTarget,
  describeTarget,
  envs,
  here,
  maskPassword,
  readTarget,
  type Env,
} from '../../kit/database/target.ts'

interface Words {
  name: string
  take: boolean
  disconnect: boolean
}

type Verb = (env: Env | undefined, words: Words) => Promise<number>

const verbs: Record<string, Verb> = {
  up: async (env) => {
    await Promise.all(chosen(env).map(async (one) => say(`${describeTarget(await up(one, say))}  is up`)))
    return env === 'dev' ? next('npm run db status') : afterCrash()
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
    if (all.every(({ problem }) => !problem)) return next('npm run check')
    next('npm run db up')
    return 1
  },
  url: async (env) => {
    for (const one of chosen(env)) say(`${one.toUpperCase().padEnd(4)}  ${maskPassword(readTarget(one).url)}`)
    return 0
  },
  reset: async (env = 'dev') => {
    const target = readTarget(env)
    say(describeTarget(target))
    const cutOff = 'DEV may be without its migrations. To finish it:  npm run db reset'
    const { migrations, seconds } = await sayWhenCutOff(cutOff, () => resetDev(target, say))
    say(`DEV   is new: ${counted(migrations, 'migration')} applied, no rows, ${seconds.toFixed(1)} s`)
    return next('npm run seed:c25')
  },
  fresh: async () => {
    await sayWhenCutOff('what both databases held is kept. To finish it:  npm run db fresh', () => beginAgain(say))
    const kept = beginProgress(here.root)
    if (kept) say(`FILES  progress.txt begins anew; what it noted is kept as ${kept}`)
    return next('npm run db snapshots')
  },
  snapshots: async (env, { take }) => {
    if (take) {
      const prod = readTarget('prod')
      say(describeTarget(prod))
      const { snapshot, tried } = await copyProd(here, (line) => say(`PROD  ${line}`))
      say(`PROD  ${describeSnapshot(snapshot)}`)
      for (const line of snapshot.leftOut) say(`PROD  ! not in the copy: ${line}`)
      if (tried.state === 'whole')
        say('DEV   ✓ tried out: the copy fills an empty database here, and every value is equal')
      if (tried.state === 'not tried') say(`DEV   ! the copy was not tried out: ${tried.why}`)
      if (tried.state === 'not equal') throw notEqual(snapshot, tried.why)
    } else {
      for (const one of chosen(env)) for (const line of await listCopies(readTarget(one))) say(line)
    }
    return next('npm run db restore NAME    (what stands there now is set aside in turn)')
  },
  restore: async (env, { name, disconnect }) => {
    const target = readTarget(env ?? (name.startsWith('dev') ? 'dev' : 'prod'))
    const { aside, since, changed, rights } = await restore(target, name, disconnect, say)
    const kept = aside ? `; what stood there is kept as ${aside}` : ''
    say(`${describeTarget(target)}  holds what ${name} held${kept}`)
    for (const { table, rows } of since)
      say(
        `${target.env.toUpperCase().padEnd(4)}  ! ${counted(rows, 'row')} of ${table} came after that copy: in ${aside}, and not here any more`,
      )
    if (changed.length > 0 && aside)
      say(
        `${target.env.toUpperCase().padEnd(4)}  ! values of ${changed.join(', ')} are not in that copy: in ${aside}, and not here any more`,
      )
    for (const sql of rights)
      say(`${target.env.toUpperCase().padEnd(4)}  ! not given, there is no such role here: ${sql}`)
    return next('npm run db status')
  },
  ledger: async (env) => {
    if (env === 'dev') {
      throw new Problem('DEV has no ledger.', {
        why: 'Its values may be destroyed, so nobody counts them.',
        next: 'npm run db ledger    (PROD’s)',
      })
    }
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

interface Flags {
  env?: string
  take?: boolean
  disconnect?: boolean
}

/** `npm run db WORD`: one of the verbs above. */
export async function db(typed: readonly string[], flags: Flags, args: readonly string[]): Promise<number> {
  const [word = '', name = '', ...rest] = typed
  const verb = verbs[word]
  const { take = false, disconnect = false } = flags
  if (word === 'restore' && name === '' && rest.length === 0) {
    throw new Problem('Restore which one?', {
      why: 'A copy of PROD, or a database that was set aside, is brought back by its name.',
      next: 'npm run db snapshots',
    })
  }
  const isOdd = (take && word !== 'snapshots') || (disconnect && word !== 'restore')
  if (!verb || rest.length > 0 || (word === 'restore') !== (name !== '') || isOdd) {
    throw new Problem(`"${['db', ...args].join(' ')}" is not a command.`, {
      why: `db takes one of these words: ${Object.keys(verbs).join(', ')}.`,
      next: 'npm run db status',
    })
  }
  const env = flags.env === undefined ? undefined : chooseTarget(flags.env).env
  // `fresh` takes the lock itself, when it has looked at the files.
  const isFree = ['status', 'url', 'snapshots', 'ledger', 'fresh'].includes(word)
  const words = { name, take, disconnect }
  return isFree ? verb(env, words) : alone('servers', say, () => verb(env, words))
}

/** Says what became of what was cut off on PROD, if anything was. */
async function afterCrash(): Promise<number> {
  const settled = await settleCutOff(here)
  if (settled) say(`PROD  ${settled}`)
  const half = settled ? undefined : await findHalf(here)
  if (half) say(`PROD  ${half.words}`)
  const lookedAt = await countCutOff(here)
  if (!lookedAt) return next(...(half?.next ?? ['npm run db status']))
  say('PROD  a deploy was cut off before it could count:')
  for (const line of renderStage(lookedAt, process.stdout.columns)) say(line)
  if (lookedAt.mark !== 'bad') return next(...(half?.next ?? ['npm run db status']))
  next(lookedAt.next![0]!, ...(half?.next ?? []))
  return 1
}

function chosen(env: Env | undefined): readonly Env[] {
  return env ? [env] : envs
}

function describeStatus(status: DatabaseStatus): string {
  const where = describeTarget(status.target)
  if (status.problem) return `${where}  ✗ ${status.problem.message} ${status.problem.why}`
  return `${where}  PostgreSQL ${status.version} · ${describeContents(status)}`
}

function say(text: string): void {
  for (const line of text.split('\n')) console.log(wrap(line, process.stdout.columns))
}

function notEqual({ name, folder }: Snapshot, why: string): Problem {
  return new Problem(`The copy ${name} is there, and does not hold all of PROD.`, {
    why: `An empty database that was filled from it differs: ${why}`,
    next: ['npm run db snapshots -- --take    (another one)', `Look into ${folder}: restore.sql can be run by hand.`],
  })
}

function next(...commands: string[]): 0 {
  for (const line of renderNext(commands, process.stdout.columns)) console.log(line)
  return 0
}
