import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { readMigrations } from '../../kit/engine/migration-files.ts'
import { readHistory, type HistoryRow } from '../../kit/catalog/migration-history.ts'
import type { Schemas } from '../../kit/catalog/schemas.ts'
import { lookAt } from '../../kit/deploy/cut-off.ts'
import type { TookHold } from '../../kit/drift/half-applied.ts'
import { readAllRows } from '../../kit/catalog/migration-history.ts'
import { readNotes, withGit } from '../../kit/drift/history-notes.ts'
import type { DriftReport, HistoryNote } from '../../kit/drift/drift-report.ts'
import { readDrift } from '../../kit/drift/drift.ts'
import { ownFiles, readSteps } from './read-steps.ts'
import { tryOnRows, type Trial } from './trial.ts'
import type { Env, Place, Target } from '../../kit/database/target.ts'

/** What there is at a place. Everything is looked up when it is first asked for, once, and nothing is changed. */
export interface Scene {
  schemas: Schemas
  /** Where PROD's copies stand; undefined for this clone's own folder of them. */
  copies?: string
  client(env: Env): Promise<pg.Client>
  history(env: Env): Promise<HistoryRow[]>
  /** The schema of a live database, as text. */
  live(env: Env): Promise<string>
  /** The schema that these scripts make. They are run in a database of their own on DEV's server. */
  after(scripts: readonly string[]): Promise<string>
  /** What becomes of rows that are there while these scripts run. */
  onRows(scripts: readonly string[]): Promise<Trial>
  /** What Prisma noted about a database, against the folder: pending, failed, edited, unknown. */
  notes(env: Env): Promise<HistoryNote[]>
  /** What `npm run drift` says is next for a database, first things first. */
  nextFor(env: Env): Promise<string[]>
  /** All layers against each other. */
  drift(): Promise<DriftReport>
  migrations(): Promise<{ name: string; sql: string }[]>
  /** Of a migration that was begun there and not ended: which statements are there. */
  tookHold(env: Env, name: string): Promise<TookHold | undefined>
  /** Undefined when there is no such file. */
  read(path: string): string | undefined
  /** The text of seeds/recruits.ts, where it may be run: of somebody else’s work only if it is one of the course’s. */
  maker(): string | undefined
  close(): Promise<void>
}

export function openScene(place: Place, schemas: Schemas): Scene {
  const clients = new Map<Env, Promise<pg.Client>>()
  const once = <Key, Value>(look: (key: Key) => Promise<Value>) => {
    const seen = new Map<Key, Promise<Value>>()
    return (key: Key) => seen.get(key) ?? seen.set(key, look(key)).get(key)!
  }
  const client = async (env: Env) => {
    const opened = clients.get(env) ?? connectReadOnly(place.target(env))
    clients.set(env, opened)
    return opened
  }
  const migrations = once<'', { name: string; sql: string }[]>(() => folderMigrations(place.root))
  const read = (path: string) => {
    const file = join(place.root, path)
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined
  }
  const drift = once<'', DriftReport>(() => readDrift(place))
  return {
    schemas,
    ...(place.copies !== undefined && { copies: place.copies }),
    client,
    history: once(async (env) => readHistory(await client(env))),
    live: once(async (env) => {
      await client(env)
      return schemas.live(place.target(env).url)
    }),
    async after(scripts) {
      await client('dev')
      return schemas.after(scripts, place.target('dev').url)
    },
    async onRows(scripts) {
      await client('dev')
      return tryOnRows(scripts, place.target('dev').url)
    },
    notes: once(async (env) => {
      const rows = await readAllRows(await client(env))
      return withGit(readNotes(rows, await migrations('')), rows, place.root)
    }),
    async nextFor(env) {
      const report = await drift('')
      return report.links.filter(({ to, from }) => to === env && from === 'migrations').flatMap(({ next }) => next)
    },
    drift: () => drift(''),
    migrations: () => migrations(''),
    tookHold: async (env, name) => lookAt(place, name, await migrations(''), env),
    read,
    maker() {
      const text = read('seeds/recruits.ts')
      return place.isForeign && !isOfCourse(text) ? undefined : text
    },
    async close() {
      for (const opened of clients.values()) await opened.then((one) => one.end()).catch(() => {})
    },
  }
}

/** Whether some step has it, but for spaces and ends of lines. */
function isOfCourse(text = ''): boolean {
  const bare = (one: string) => one.replaceAll(/\s+/g, '')
  return readSteps().some((step) => bare(String(ownFiles(step).get('seeds/recruits.ts') ?? '')) === bare(text))
}

async function connectReadOnly(target: Target): Promise<pg.Client> {
  const client = await connectTo(target)
  await client.query('SET default_transaction_read_only = on')
  return client
}

async function folderMigrations(root: string): Promise<{ name: string; sql: string }[]> {
  const { migrationDirectories } = await readMigrations(join(root, 'prisma', 'migrations'))
  return migrationDirectories.map(({ path: name, migrationFile: { content } }) => {
    if (content.tag === 'ok') return { name, sql: content.value }
    throw new Problem(`prisma/migrations/${name} has no migration.sql.`, {
      why: 'Prisma takes every folder there for a migration.',
      next: `Delete the folder prisma/migrations/${name}, or write its migration.sql.`,
    })
  })
}
