import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { layFiles } from '../../workshop/course/read-steps.ts'
import { projectRoot } from '../../kit/project/project.ts'
import type { Env } from '../../kit/database/target.ts'
import { callDoor } from './door.ts'
import { courseEnd } from './laid-steps.ts'
import { keepAnswers, layAnswers } from './known-answers.ts'
import { must } from './measure.ts'
import { finished, npmCli, start, type Ran, type RunOptions } from './program.ts'
import { easePasswords, endServer, forgetCrashes, randomPort, scratchFolder } from './server.ts'
import { copyTree, template } from './template.ts'

/** A clone of this workshop in a folder of its own, with ports of its own. */
export interface Workshop {
  folder: string
  /** `run('db', 'status')` is `node workshop/run.mjs db status`. */
  run(...args: string[]): Promise<Ran>
  /**
   * The same command in this process, for its words and what it does, not for how it starts: a fifth of a second less.
   * One at a time.
   */
  door(...args: string[]): Promise<Ran>
  /** `npm('run', 'seed:c26', '--', '--env', 'prod')`: what a learner types, through npm itself. */
  npm(...args: string[]): Promise<Ran>
  /** Any program, in this folder. */
  exec(argv: string[], options?: RunOptions): Promise<Ran>
  /** Prisma's own command line, by hand: without what the workshop does around it. */
  prisma(env: Env, ...args: string[]): Promise<Ran>
  /**
   * Types Ctrl-C once the output holds `when`, or `when` comes true: all in the terminal's foreground get it. Or kills.
   * Throws with the output where the command ends before.
   */
  interrupt(argv: string[], when: RegExp | (() => Promise<boolean>), signal?: 'SIGINT' | 'SIGKILL'): Promise<Ran>
  /** The URL that the env files name, password included. */
  url(env: Env): string
  sql<Row extends pg.QueryResultRow>(env: Env, sql: string): Promise<Row[]>
  /** As the superuser of PROD's server, in PROD or another database there; or of DEV's. */
  asAdmin<Row extends pg.QueryResultRow>(sql: string, database?: string, env?: Env): Promise<Row[]>
  file(path: string): string
  write(path: string, text: string): void
  /** Lays `prisma/` and `seeds/` as they stand at the end of step `number`. */
  layStep(number: number): void
  remove(): Promise<void>
}

interface ScratchOptions {
  inside?: string
  ports?: boolean
  /** Whether the first command finds its own code compiled. */
  isBuilt?: boolean
}

/** Makes a workshop at the finished state, as a fresh clone with packages. Nothing is started, and there are no servers. */
export function scratchWorkshop({ inside, ports = true, isBuilt = false }: ScratchOptions = {}): Workshop {
  const folder = inside ?? scratchFolder()
  copyProject(folder)
  if (isBuilt) copyBuild(folder)
  const workshop = workshopIn(folder)
  workshop.layStep(Number.POSITIVE_INFINITY)
  if (ports) givePorts(workshop)
  return workshop
}

/** As `scratchWorkshop`, after its first `npm start`: both servers are made and stopped, both databases empty. */
export async function madeWorkshop(options: ScratchOptions = {}): Promise<Workshop> {
  const workshop = scratchWorkshop(options)
  copyTree(await template('made-workshop', makeWorkshop), workshop.file('.workshop'))
  layAnswers(workshop.file('.workshop'))
  return workshop
}

export async function makeWorkshop(folder: string): Promise<void> {
  const workshop = scratchWorkshop()
  await must(workshop.run('start'))
  const admin = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  for (const env of ['dev', 'prod'] as const) {
    const { port } = new URL(workshop.url(env))
    const url = `postgresql://postgres:${admin}@127.0.0.1:${port}/postgres`
    await easePasswords(url, { [env]: env, postgres: admin })
  }
  await must(workshop.run('db', 'down'))
  for (const env of ['dev', 'prod']) forgetCrashes(workshop.file(`.workshop/${env}`))
  keepState(workshop, folder)
  await workshop.remove()
}

/** Copies what a stopped workshop knows to where a template is made: servers, copies of PROD, clients. */
export function keepState(workshop: Workshop, folder: string): void {
  for (const name of readdirSync(workshop.file('.workshop'))) {
    if (!/^learner$|\.log$|\.view$/.test(name)) copyTree(workshop.file(`.workshop/${name}`), join(folder, name))
  }
}

/** A workshop that is there already. */
export function workshopIn(folder: string): Workshop {
  const file = (path: string) => join(folder, path)
  const write = (path: string, text: string) => {
    mkdirSync(join(file(path), '..'), { recursive: true })
    writeFileSync(file(path), text)
  }
  const url = (env: Env) => /DATABASE_URL=(.*)/.exec(read(file(`.env.${env}.local`)) || read(file(`.env.${env}`)))![1]!
  const exec = (argv: string[], options: RunOptions = {}) => finished(start(folder, argv, options), options.input)
  const run = (...args: string[]) => exec([process.execPath, join('workshop', 'run.mjs'), ...args])

  return {
    folder,
    run,
    door: (...args) => callDoor(folder, args),
    npm: (...args) => exec([process.execPath, process.env['npm_execpath'] ?? npmCli(), ...args]),
    exec,
    prisma: (env, ...args) => {
      const cli = join('node_modules', 'prisma', 'build', 'index.js')
      return exec([process.execPath, cli, ...args], { env: { DATABASE_URL: url(env) } })
    },
    async interrupt(argv, when, signal = 'SIGINT') {
      const child = start(folder, argv, { detached: true })
      const ran = finished(child)
      let output = ''
      child.stdout!.on('data', (chunk) => (output += chunk))
      child.stderr!.on('data', (chunk) => (output += chunk))
      const hasEnded = () => child.exitCode !== null || child.signalCode !== null
      const isTime = when instanceof RegExp ? async () => when.test(output) : when
      while (!hasEnded() && !(await isTime())) await new Promise((resolve) => setTimeout(resolve, 5))
      if (hasEnded()) throw new Error(`Nothing was interrupted, it ended before:\n${(await ran).output}`)
      process.kill(-child.pid!, signal)
      return ran
    },
    url,
    file,
    write,
    layStep: (number) => layStep(folder, number),
    sql: (env, sql) => rowsOf(url(env), sql),
    asAdmin(sql, database = 'prod', env = 'prod') {
      const admin = new URL(url(env))
      admin.username = 'postgres'
      admin.password = readFileSync(file('.workshop/admin-password'), 'utf8').trim()
      admin.pathname = `/${database}`
      return rowsOf(admin.href, sql)
    },
    async remove() {
      const home = existsSync(file('.workshop/home')) ? realpathSync(file('.workshop/home')) : file('.workshop')
      const ended = [await endServer(join(home, 'dev')), await endServer(join(home, 'prod'))]
      if (ended.includes(false)) await run('db', 'down')
      keepAnswers(file('.workshop'))
      rmSync(home, { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function rowsOf<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url)
  // A server that ends the session says so to the query too; the event alone would end the test run.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Ports that no running workshop uses; `db up` takes the next ones by itself if they are taken after all. */
function givePorts(workshop: Workshop): void {
  const port = randomPort()
  const header = '# Written by npm start, because the port in'
  workshop.write('.env.dev.local', `${header} a test\nDATABASE_URL=postgresql://dev:dev@127.0.0.1:${port}/dev\n`)
  workshop.write(
    '.env.prod.local',
    `${header} a test\nDATABASE_URL=postgresql://prod:prod@127.0.0.1:${port + 1}/prod\n`,
  )
}

const notCopied = new Set(['node_modules', '.workshop', '.git', 'prisma', 'seeds'])
const ofWhoeverWorksHere = /^(\.env\..*\.local|progress.*\.txt|report.*\.(md|html|zip))$/

function copyProject(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(projectRoot)) {
    if (notCopied.has(name) || ofWhoeverWorksHere.test(name)) continue
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true })
  }
  symlinkSync(realpathSync(join(projectRoot, 'node_modules')), join(folder, 'node_modules'), 'junction')
  chmodSync(folder, 0o755)
}

/** What `npm test` itself began with: it depends on the sources alone. */
function copyBuild(folder: string): void {
  const builds = join(projectRoot, '.workshop', 'built')
  const names = existsSync(builds) ? readdirSync(builds) : []
  const age = (name: string) => statSync(join(builds, name)).mtimeMs
  const [newest] = names.toSorted((a, b) => age(b) - age(a))
  if (newest) cpSync(join(builds, newest), join(folder, '.workshop', 'built', newest), { recursive: true })
}

/** Without an end, to the end of the course: the bonus steps come after what main holds. */
function layStep(folder: string, number: number): void {
  rmSync(join(folder, 'prisma'), { recursive: true, force: true })
  rmSync(join(folder, 'seeds'), { recursive: true, force: true })
  for (const [path, content] of layFiles(Number.isFinite(number) ? number : courseEnd)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
