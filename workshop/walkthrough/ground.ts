import { randomInt } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { git } from '../../kit/git/git.ts'
import { collect, type Finished } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { quickFolder } from '../../kit/project/quick-folder.ts'
import { envs, readTarget } from '../../kit/database/target.ts'

/** A clone of this workshop as a learner has one, in a folder and with ports of its own. */
export interface Ground {
  /** Where the copy stands. The learner's home is the folder above it. */
  folder: string
  /** The learner's environment: nothing of ours, so that a program behaves as it does for them. */
  env: Record<string, string>
  /** Runs a program in the copy. */
  run(...argv: string[]): Promise<Finished>
  /** What this copy calls by another name than the document does. */
  names(): [here: string, inDocument: string][]
  remove(): Promise<void>
}

/** With what stands in the working tree, as one commit, and the tags of its steps. */
export async function makeGround(): Promise<Ground> {
  const home = realpathSync(mkdtempSync(join(quickFolder(), 'workshop-walkthrough-')))
  // PostgreSQL may run as another user, who has to be able to walk in.
  chmodSync(home, 0o755)
  const ground = groundIn(home)
  const { folder } = ground
  try {
    copyWorkingTree(folder)
    givePorts(folder)
    writeHome(home)
    await commitEverything(ground)
  } catch (error) {
    await ground.remove()
    throw error
  }
  return ground
}

/** The copy that stands in a learner's home. */
export function groundIn(home: string): Ground {
  const folder = join(home, 'database-migrations')
  const env = learnersEnvironment(home)
  const run = (...argv: string[]) => collect(argv, { cwd: folder, env })
  return {
    folder,
    env,
    run,
    names: () => [...envs.map((one) => portNames(one, folder)), [folder, '~/database-migrations'], [home, '~']],
    async remove() {
      await run(process.execPath, join('workshop', 'run.mjs'), 'db', 'down').catch(() => {})
      const elsewhere = join(folder, '.workshop', 'home')
      if (existsSync(elsewhere)) rmSync(realpathSync(elsewhere), { recursive: true, force: true })
      rmSync(home, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

const notCopied = /^(node_modules|\.git|\.workshop.*|\.env|\.env\..*\.local|prisma[\\/]generated)$/

/** All that git would take, whether it is committed or not, and the migrations that the team's rule hides from git. */
function copyWorkingTree(folder: string): void {
  const isOurs = (path: string) => !notCopied.test(relative(projectRoot, path))
  cpSync(projectRoot, folder, { recursive: true, filter: isOurs })
  symlinkSync(realpathSync(join(projectRoot, 'node_modules')), join(folder, 'node_modules'), 'junction')
}

/** Below the range from which systems take ports for outgoing connections. `npm start` may move them again. */
function givePorts(folder: string): void {
  const port = randomInt(10_000, 15_000) * 2
  for (const [i, env] of envs.entries()) {
    const header = '# Written by npm start, because the port in .env is another clone’s.'
    const url = `postgresql://${env}:${env}@127.0.0.1:${port + i}/${env}`
    writeFileSync(join(folder, `.env.${env}.local`), `${header}\nDATABASE_URL=${url}\n`)
  }
}

/** What a learner has in their home: a name for git, and an npm that does not look for news. */
function writeHome(home: string): void {
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Learner\n\temail = learner@example.com\n[core]\n\tautocrlf = false\n[init]\n\tdefaultBranch = main\n',
  )
  writeFileSync(join(home, '.npmrc'), 'update-notifier=false\nlogs-max=0\n')
  // Our own SQL prompt is what the document shows; where there is a psql, it is asked apart from it.
  mkdirSync(join(home, 'bin'))
  writeFileSync(join(home, 'bin', 'psql'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
}

async function commitEverything({ folder, env, run }: Ground): Promise<void> {
  const inCopy = (...argv: string[]) => git(argv, { root: folder, env })
  await inCopy('init', '--quiet', '--initial-branch=main')
  await inCopy('add', '--all')
  await inCopy('add', '--force', 'prisma/migrations')
  await inCopy('commit', '--quiet', '--message', 'The workshop')
  const { code, output } = await run(process.execPath, join('workshop', 'run.mjs'), 'steps', 'build')
  if (code !== 0) throw new Error(`steps build: ${output}`)
}

const kept =
  'PATH USER LOGNAME SHELL TMPDIR TEMP TMP SystemRoot SystemDrive windir ComSpec PATHEXT APPDATA LOCALAPPDATA ProgramFiles'

/** Prisma asks no questions when one of some dozen variables says that nobody is there, so few are let through. */
function learnersEnvironment(home: string): Record<string, string> {
  const own = kept.split(' ').flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  const language = process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8'
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    PATH: [join(home, 'bin'), ...pathWithoutPsql()].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    LC_ALL: language,
    TERM: 'xterm',
    NO_COLOR: '1',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
  }
}

/** npm puts folders with programs before the learner's own; on Windows, a script cannot stand in for psql.exe. */
function pathWithoutPsql(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.filter(
    (folder) => !/[\\/](node_modules[\\/]\.bin|node-gyp-bin)$/.test(folder) && !existsSync(join(folder, 'psql.exe')),
  )
}

function portNames(env: 'dev' | 'prod', folder: string): [string, string] {
  const { port } = new URL(readTarget(env, folder).url)
  const tracked = /127\.0\.0\.1:\d+/.exec(readFileSync(join(folder, `.env.${env}`), 'utf8'))?.[0] ?? ''
  return [`127.0.0.1:${port}`, tracked]
}
