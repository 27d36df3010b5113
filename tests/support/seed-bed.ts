import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import pg from 'pg'
import { prisma, tsx } from '../../workshop/world/processes.ts'
import { scratchServer, type ScratchServer } from './server.ts'
import { scratchWorkshop, type Ran, type Workshop } from './workshop.ts'

let server: ScratchServer
export let finished: Workshop
const workshops: Workshop[] = []

/** A server, and `finished`: a workshop at the end of the exercise, with its client generated. */
export async function startSeedBed(): Promise<void> {
  server = await scratchServer()
  finished = await workshopAt(17)
}

export async function removeSeedBed(): Promise<void> {
  for (const workshop of workshops) await workshop.remove()
  await server.stop()
}

export async function workshopAt(step: number): Promise<Workshop> {
  const workshop = scratchWorkshop({ ports: false })
  workshops.push(workshop)
  workshop.layStep(step)
  await generate(workshop)
  return workshop
}

export async function generate(workshop: Workshop): Promise<void> {
  // To generate a client, Prisma wants an engine to be there, and never starts it.
  const { code, output } = await workshop.exec([...prisma, 'generate'], {
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  })
  expect({ code, output }).toMatchObject({ code: 0 })
}

/** A database of its own, with the migrations that there are at the end of a step; none for -1. */
export async function databaseAt(step: number): Promise<string> {
  const name = `seeds_${databases++}`
  await rows(server.adminUrl, `CREATE DATABASE ${name}`)
  const migrations = finished.file('prisma/migrations')
  const applied = { 3: 1, 4: 2, 6: 4, 9: 5, 12: 6, 16: 7, 17: 7 }[step] ?? 0
  const names = readdirSync(migrations).filter((entry) => /^\d/.test(entry))
  for (const migration of names.sort().slice(0, applied)) {
    await rows(server.url(name), readFileSync(join(migrations, migration, 'migration.sql'), 'utf8'))
  }
  return server.url(name, 'postgres', 'admin')
}
let databases = 0

export function seed(
  workshop: Workshop,
  url: string,
  name: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return workshop.exec([...tsx, `seeds/${name}.ts`, ...args], { env: { DATABASE_URL: url, ...env } })
}

/** Starts a seed and ends it, or its connection, as soon as it has said that the first batch is in. */
export async function interrupted(url: string, by: 'SIGINT' | 'SIGKILL' | 'server', args: string[]): Promise<Ran> {
  const [program, ...rest] = [...tsx, 'seeds/c26.ts', ...args]
  // Connected beforehand: on a busy machine the seed might be done before we are.
  const killer = new pg.Client(url)
  await killer.connect()
  const child = spawn(program!, rest, { cwd: finished.folder, env: environment(url), stdio: 'pipe' })
  let output = ''
  child.stderr.on('data', (chunk) => (output += chunk))
  child.stdout.on('data', (chunk) => (output += chunk))
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  await (by === 'server' ? endSessions(killer) : child.kill(by))
  const [code] = await closed
  await killer.end()
  return { code, output }
}

function endSessions(killer: pg.Client): Promise<unknown> {
  return killer.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  )
}

export function environment(url: string): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(WORKSHOP_|CI$)/.test(name),
  )
  return { ...(Object.fromEntries(own) as Record<string, string>), DATABASE_URL: url, NO_COLOR: '1' }
}

export function read(workshop: Workshop, path: string): string {
  return readFileSync(workshop.file(path), 'utf8')
}

export async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

export async function column(url: string, expression: string): Promise<unknown[]> {
  const order = expression.startsWith('count(') ? '' : 'ORDER BY id'
  return (await rows(url, `SELECT ${expression} AS value FROM recruits ${order}`)).map((row) => row['value'])
}
