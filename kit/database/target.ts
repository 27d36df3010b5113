import { existsSync, readFileSync } from 'node:fs'
import { join, basename } from 'node:path'
import { parse } from 'dotenv'
import { Problem } from '../terminal/problem.ts'
import { hostRoot, projectRoot } from '../project/project.ts'

export const envs = ['dev', 'prod'] as const
export type Env = (typeof envs)[number]

/** One of the two databases, as the env files name it. */
export interface Target {
  env: Env
  /** The whole connection URL, password included: never print it, print `describeTarget`. */
  url: string
  /** The env files that were read, absolute; a later one wins. */
  files: string[]
}

/** Where a command works. */
export interface Place {
  /** The folder with `prisma/`. */
  root: string
  /** May throw a Problem. */
  target(env: Env): Target
  /** Where PROD's copies stand, if it is not this clone's own folder of them. */
  copies?: string
  /** The work of somebody else: nothing of its code is run here. */
  isForeign?: true
}

/** This folder, and the databases that its env files name. */
export const here: Place = { root: projectRoot, target: (env) => readTarget(env) }

/** Reads `.env.<env>` and, over it, `.env.<env>.local`. Throws a Problem that names the file and the line to write. */
export function readTarget(env: Env, root = projectRoot): Target {
  const target = readOne(env, root)
  const other = env === 'dev' ? 'prod' : 'dev'
  if (existsSync(join(root, `.env.${other}`)) && sameDatabase(target.url, urlIn(other, root))) {
    throw new Problem(`DEV and PROD are the same database: ${describeTarget(target)}.`, {
      why: 'What you try out on DEV would hit the data that must never be lost.',
      next: `Give .env.dev.local and .env.prod.local a DATABASE_URL each. The defaults stand in .env.dev and .env.prod.`,
    })
  }
  return target
}

/** The target that a command's `--env` names; dev when there is none. */
export function chooseTarget(env = 'dev'): Target {
  if (!envs.includes(env as Env)) {
    throw new Problem(`There is no environment "${env}".`, {
      why: 'There are two: dev, which may be destroyed, and prod, where nothing is ever deleted.',
      next: 'Type --env dev or --env prod.',
    })
  }
  return readTarget(env as Env)
}

/** `DEV   dev on 127.0.0.1:15431`: the line that every command prints before it touches a database. */
export function describeTarget(target: Target): string {
  return `${target.env.toUpperCase().padEnd(4)}  ${locate(target)}`
}

/** `dev on 127.0.0.1:15431` */
export function locate({ url }: Pick<Target, 'url'>): string {
  const { hostname, port, pathname } = new URL(url)
  return `${decodeURIComponent(pathname.slice(1))} on ${hostname}:${port || 5432}`
}

/** The URL with its password replaced by `****`. */
export function maskPassword(url: string): string {
  const masked = new URL(url)
  if (masked.password) masked.password = '****'
  return masked.href
}

export function isLocal(url: string): boolean {
  return /^(localhost|127(\.\d+){1,3}|0\.0\.0\.0|0|\[::1?\])$/i.test(new URL(url).hostname)
}

/** The same server and database, whatever role or password. */
export function sameDatabase(a: string, b: string): boolean {
  return identity(a) !== undefined && identity(a) === identity(b)
}

function identity(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, port, pathname } = new URL(url)
  const host = isLocal(url) ? '127.0.0.1' : hostname.toLowerCase()
  return `${host}:${port || 5432}${decodeURIComponent(pathname)}`
}

/** Where a clone's own address of a database is noted. Without one, a clone inside another's .workshop/ has the other's. */
export function localFile(env: Env, root = projectRoot): string {
  const own = join(root, `.env.${env}.local`)
  return root === projectRoot && !existsSync(own) ? join(hostRoot, `.env.${env}.local`) : own
}

function readOne(env: Env, root: string): Target {
  const files = [join(root, `.env.${env}`), localFile(env, root)].filter((file) => existsSync(file))
  const url = urlIn(env, root)
  const last = basename(files.at(-1) ?? `.env.${env}`)
  const example = `DATABASE_URL=postgresql://${env}:${env}@127.0.0.1:${env === 'dev' ? 15431 : 15432}/${env}`
  if (!existsSync(join(root, `.env.${env}`))) {
    throw new Problem(`There is no file .env.${env}.`, {
      why: `It says where the ${env.toUpperCase()} database is.`,
      next: `git checkout HEAD -- .env.${env}`,
    })
  }
  if (!url) {
    throw new Problem(`${last} has no DATABASE_URL.`, {
      why: `Without it nobody knows where ${env.toUpperCase()} is.`,
      next: `Write this line into ${last}:  ${example}`,
    })
  }
  if (!isPostgresUrl(url)) {
    throw new Problem(`The DATABASE_URL in ${last} is not the address of a PostgreSQL database.`, {
      why: 'It has to look like postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE, with no ?host= or ?port= behind it. Signs like @ : / # in a password are written as %40 %3A %2F %23.',
      next: `Write this line into ${last}:  ${example}`,
    })
  }
  return { env, url, files }
}

function urlIn(env: Env, root: string): string {
  const read = (file: string) => (existsSync(file) ? parse(readFileSync(file)) : {})
  return { ...read(join(root, `.env.${env}`)), ...read(localFile(env, root)) }['DATABASE_URL'] ?? ''
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname, username, searchParams } = new URL(text)
  // They would name another server or role than the one that is checked and printed.
  if (['host', 'hostaddr', 'port', 'user', 'password', 'dbname'].some((name) => searchParams.has(name))) return false
  return /^postgres(ql)?:$/.test(protocol) && hostname !== '' && username !== '' && /^\/[^/]+$/.test(pathname)
}
