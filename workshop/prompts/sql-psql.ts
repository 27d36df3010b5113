import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { collect, run } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'
import type { Target } from '../../kit/database/target.ts'

/** What a learner may hand to psql: texts of `-c`, files of `-f`. */
export interface SqlInput {
  commands: readonly string[]
  files: readonly string[]
}

/** Whether this machine has a psql that starts. Debian's wrapper is there without a client behind it. */
export function hasPsql(): boolean {
  return spawnSync('psql', ['--version'], { stdio: 'ignore' }).status === 0
}

/** Runs the machine's own psql. The address goes through the environment: everybody can read a process's arguments. */
export function runPsql(target: Target, input: SqlInput): Promise<number> {
  return run(['psql', ...flags(input)], { cwd: process.cwd(), env: psqlEnvironment(target.url, process.env) })
}

/** The `PG…` variables for a URL. */
export function psqlEnvironment(url: string, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const { PGSERVICE: _1, PGSERVICEFILE: _2, PGHOSTADDR: _3, ...rest } = inherited // they would beat PGHOST
  const schema = searchParams.get('schema')
  return {
    ...rest,
    PGHOST: searchParams.get('host') ?? hostname.replace(/^\[(.*)\]$/, '$1'),
    // A pager is a place where beginners get stuck.
    PSQL_PAGER: inherited['PSQL_PAGER'] ?? '',
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    ...(password && { PGPASSWORD: decodeURIComponent(password) }),
    ...(searchParams.has('sslmode') && { PGSSLMODE: searchParams.get('sslmode')! }),
    // Prisma's own parameter: psql would refuse it in a URL.
    ...(schema && { PGOPTIONS: `-c search_path=${schema}` }),
  }
}

const compose = ['docker', 'compose', '-f', join(projectRoot, 'docker', 'compose.yaml')]

/** Whether our container is what answers at the target's URL: Docker has published that very address for it. */
export async function isInContainer({ env, url }: Target): Promise<boolean> {
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status !== 0) return false
  const { code, output } = await collect([...compose, 'port', env, '5432'])
  const { hostname, port } = new URL(url)
  return code === 0 && output.trim() === `${hostname.replace('localhost', '127.0.0.1')}:${port}`
}

/** Runs the container's psql, over its socket: there the container trusts every role, so no password travels. */
export async function runContainerPsql({ env, url }: Target, { commands, files }: SqlInput): Promise<number> {
  const { username, pathname } = new URL(url)
  const who = ['-U', decodeURIComponent(username), '-d', decodeURIComponent(pathname.slice(1))]
  const psql = (noTerminal: boolean) => [...compose, 'exec', ...(noTerminal ? ['-T'] : []), env, 'psql', ...who]
  if (files.length === 0) return run([...psql(!process.stdin.isTTY), ...flags({ commands, files })])
  for (const file of files) {
    const input = openSync(file, 'r')
    const code = await run(psql(true), { stdio: [input, 'inherit', 'inherit'] })
    closeSync(input)
    if (code !== 0) return code
  }
  return commands.length > 0 ? runContainerPsql({ env, url, files: [] }, { commands, files: [] }) : 0
}

function flags({ commands, files }: SqlInput): string[] {
  return [...commands.flatMap((sql) => ['-c', sql]), ...files.flatMap((file) => ['-f', file])]
}
