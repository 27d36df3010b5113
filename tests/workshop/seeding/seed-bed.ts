import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { must } from '../../support/measure.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { copyTree, template } from '../../support/template.ts'
import type { Ran } from '../../support/program.ts'
import { madeWorkshop, scratchWorkshop, type Workshop } from '../../support/workshop.ts'

let server: ScratchServer
export let finished: Workshop
const workshops: Workshop[] = []

/** A server, and `finished`: a workshop at the end of the exercise, with its client generated. */
export async function startSeedBed(): Promise<void> {
  server = await scratchServer()
  finished = await workshopAt(17)
}

export async function removeSeedBed(): Promise<void> {
  // Their own servers were never started.
  for (const { folder } of workshops) rmSync(folder, { recursive: true, force: true })
  await server.stop()
}

export async function workshopAt(step: number): Promise<Workshop> {
  const workshop = await madeWorkshop({ ports: false })
  workshops.push(workshop)
  workshop.layStep(step)
  const client = await template(`client-${step}`, (folder) => makeClient(step, join(folder, 'generated')))
  copyTree(join(client, 'generated'), workshop.file('prisma/generated'))
  return workshop
}

async function makeClient(step: number, folder: string): Promise<void> {
  const workshop = scratchWorkshop({ ports: false, isBuilt: true })
  workshop.layStep(step)
  await generate(workshop)
  copyTree(workshop.file('prisma/generated'), folder)
  rmSync(workshop.folder, { recursive: true, force: true })
}

export async function generate(workshop: Workshop): Promise<void> {
  // To generate a client, Prisma wants an engine to be there, and never starts it.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
  await must(workshop.exec([process.execPath, join('kit', 'engine', 'prisma.cjs'), 'generate'], { env }))
}

/** A database of its own, with the migrations that there are at the end of a step; none for -1. */
export async function databaseAt(step: number): Promise<string> {
  if (!made.has(step)) made.set(step, makeDatabase(step))
  const name = `seeds_${databases++}`
  await rows(server.adminUrl, `CREATE DATABASE ${name} TEMPLATE ${await made.get(step)} STRATEGY file_copy`)
  return server.url(name, 'postgres', 'admin')
}
let databases = 0
const made = new Map<number, Promise<string>>()

async function makeDatabase(step: number): Promise<string> {
  const name = `made_${step < 0 ? 'empty' : step}`
  await rows(server.adminUrl, `CREATE DATABASE ${name}`)
  const migrations = finished.file('prisma/migrations')
  const applied = { 3: 1, 4: 2, 6: 4, 9: 5, 12: 6, 16: 7, 17: 7 }[step] ?? 0
  const names = readdirSync(migrations).filter((entry) => /^\d/.test(entry))
  for (const migration of names.sort().slice(0, applied)) {
    await rows(server.url(name), readFileSync(join(migrations, migration, 'migration.sql'), 'utf8'))
  }
  return name
}

/** Starts a seed as `npm run seed:…` does. */
export const seedArgv = (name: string) => [
  process.execPath,
  join('kit', 'project', 'entry.mjs'),
  'workshop/seeding/seed-script',
  `seeds/${name}.ts`,
]

export function seed(
  workshop: Workshop,
  url: string,
  name: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return workshop.exec([...seedArgv(name), ...args], { env: { DATABASE_URL: url, ...env } })
}

/**
 * Starts a seed and ends it, or its connection, as soon as it has said that the first batch is in. Throws where it ends
 * before. The code is null where a signal ended it.
 */
export async function interrupted(
  url: string,
  by: 'SIGINT' | 'SIGKILL' | 'server',
  args: string[],
): Promise<{ code: number | null; output: string }> {
  const [program, ...rest] = [...seedArgv('c26'), ...args]
  // Connected beforehand: on a busy machine the seed might be done before we are.
  const killer = new pg.Client(url)
  await killer.connect()
  try {
    const child = spawn(program!, rest, { cwd: finished.folder, env: environment(url), stdio: 'pipe' })
    let output = ''
    child.stderr.on('data', (chunk) => (output += chunk))
    child.stdout.on('data', (chunk) => (output += chunk))
    const closed = once(child, 'close')
    const first = await Promise.race([once(child.stdout, 'data'), closed.then(() => undefined)])
    const ended = first && (by === 'server' ? (await endSessions(killer)).rowCount! > 0 : child.kill(by))
    if (!ended) throw new Error(`Nothing was interrupted, it ended before:\n${output}`)
    const [code] = await closed
    return { code, output }
  } finally {
    await killer.end()
  }
}

function endSessions(killer: pg.Client): Promise<pg.QueryResult> {
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
