import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import pg from 'pg'
import { applyMigrations } from '../../kit/engine/engine.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { connectToLab, type LabServer } from './lab-server.ts'
import { insertOf, nextNumbers, portalRows, words, type TableRows } from './portal-rows.ts'
import { madeWords } from './portal-words.ts'

/** The database that a run works on; it is made anew from the template before each. */
export const portalDatabase = 'portal'
const unfinished = 'portal_being_filled'

export const portalFolder = join(projectRoot, 'workshop', 'lab', 'portal')

export interface Filling {
  /** Rows that are made, of all. */
  onRows(done: number, all: number): void
  /** What is done after that. */
  say(line: string): void
}

/** The template for this scale and this schema: another text of either has another name. */
export function templateName(scale: number): string {
  const text = [
    readFileSync(join(portalFolder, 'schema.prisma'), 'utf8'),
    ...scriptsOf(join(portalFolder, 'migrations')),
  ]
  const hash = createHash('sha1').update(JSON.stringify([text, portalRows(scale), words]))
  return `portal_${scale}_${hash.digest('hex').slice(0, 8)}`
}

export async function hasTemplate(server: LabServer, scale: number): Promise<boolean> {
  return withAdmin(server, async (admin) => (await databases(admin)).includes(templateName(scale)))
}

/** Makes the template: it has its name only when it is whole, and from then on lets nobody in who could change it. */
export async function fillTemplate(server: LabServer, scale: number, filling: Filling): Promise<void> {
  await withAdmin(server, async (admin) => {
    const name = templateName(scale)
    // What an older schema made is of no use any more.
    const old = (await databases(admin)).filter((one) => one.startsWith(`portal_${scale}_`))
    for (const one of [...old, unfinished]) await dropDatabase(admin, one)
    await admin.query(`CREATE DATABASE ${unfinished}`)
    const url = server.url(unfinished)
    const migrations = readdirSync(join(portalFolder, 'migrations')).filter((one) => /^\d/.test(one))
    const [tables, ...rest] = migrations
    await withMigrations([tables!], (folder) => applyMigrations(url, folder))
    await fillTables(url, portalRows(scale), filling)
    filling.say('indexes and foreign keys …')
    await withMigrations([tables!, ...rest], (folder) => applyMigrations(url, folder))
    filling.say('statistics …')
    await onceOn(url, async (client) => {
      await client.query(nextNumbers)
      await client.query('VACUUM (FREEZE, ANALYZE)')
    })
    await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${pg.escapeIdentifier(name)}`)
    await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`)
    await admin.query('CHECKPOINT')
  })
}

/**
 * A portal as the template is, whatever an earlier run has left: in memory, as it is copied through the log, and on the
 * disk, so that nothing of it is written there while others are measured.
 */
export async function freshPortal(server: LabServer, scale: number): Promise<void> {
  await withAdmin(server, async (admin) => {
    await dropDatabase(admin, portalDatabase)
    await admin.query('CHECKPOINT')
    const template = pg.escapeIdentifier(templateName(scale))
    await admin.query(`CREATE DATABASE ${portalDatabase} TEMPLATE ${template} STRATEGY wal_log`)
    await admin.query('CHECKPOINT')
  })
}

export async function dropPortal(server: LabServer): Promise<void> {
  await withAdmin(server, (admin) => dropDatabase(admin, portalDatabase))
}

/** Lays the portal's own migrations into a folder, and those of other folders, as `prisma migrate` wants them. */
export function layMigrations(folder: string, names: readonly string[] | 'all', changes: readonly string[] = []): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const own = join(portalFolder, 'migrations')
  const wanted = readdirSync(own).filter((name) => names === 'all' || names.includes(name) || name.endsWith('.toml'))
  for (const name of wanted) cpSync(join(own, name), join(folder, name), { recursive: true })
  for (const change of changes) cpSync(change, join(folder, basename(change)), { recursive: true })
}

async function withMigrations(names: readonly string[], work: (folder: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-migrations-'))
  try {
    layMigrations(folder, names)
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fillTables(url: string, tables: readonly TableRows[], { onRows }: Filling): Promise<void> {
  const all = tables.reduce((sum, { rows }) => sum + rows, 0)
  const names = madeWords()
  const waiting = [...tables]
  let done = 0
  const work = async () => {
    await onceOn(url, async (client) => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        // Emptied in the same transaction, a table's rows need no log.
        await client.query('BEGIN')
        await client.query(`TRUNCATE ${pg.escapeIdentifier(next.table)}`)
        for (let from = 1; from <= next.rows; from += atOnce) {
          const to = Math.min(next.rows, from + atOnce - 1)
          await client.query(insertOf(next), [from, to, ...names])
          onRows((done += to - from + 1), all)
        }
        await client.query('COMMIT')
      }
    })
  }
  await Promise.all(Array.from({ length: Math.min(4, cpus().length) }, work))
}

const atOnce = 50_000

function scriptsOf(folder: string): string[] {
  const files = readdirSync(folder).map((name) => join(folder, name, 'migration.sql'))
  return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'))
}

async function databases(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>('SELECT datname AS name FROM pg_database')
  return rows.map(({ name }) => name)
}

async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  const quoted = pg.escapeIdentifier(name)
  if (!(await databases(admin)).includes(name)) return
  await admin.query(`ALTER DATABASE ${quoted} WITH IS_TEMPLATE false`)
  await admin.query(`DROP DATABASE ${quoted} WITH (FORCE)`)
}

function withAdmin<Result>(server: LabServer, work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  return onceOn(server.url('postgres'), work)
}

async function onceOn<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = await connectToLab(url, 'lab')
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
