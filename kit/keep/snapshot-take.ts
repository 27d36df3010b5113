import {
  closeSync,
  createWriteStream,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { Problem } from '../terminal/problem.ts'
import {
  copySettings,
  definedBy,
  loadSettings,
  readDefinition,
  readKnownColumns,
  readLeftOut,
  readSequences,
  readTables,
  type TableToCopy,
} from './copied-database.ts'
import { isDiskFull } from '../terminal/disk-full.ts'
import { diskFull } from '../terminal/disk-full.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { alone } from '../project/lock.ts'
import { readHistory } from '../catalog/migration-history.ts'
import { readSessionSettings } from './session-settings.ts'
import {
  columnList,
  meter,
  readSnapshot,
  script,
  timestamp,
  unfinished,
  type Snapshot,
  type TableFile,
} from './snapshots.ts'
import { snapshotsDir } from '../project/project.ts'

export interface TakeOptions {
  /** Told which table is being copied, where that takes long. */
  say: (line: string) => void
  /** Runs in the same transaction and so sees what is copied; without it, PROD is only read. */
  inside?: (name: string) => Promise<void>
  /** What it is made for, as in `before a deploy`. */
  why?: string
  /** The folder in which the copy gets its own. */
  into?: string
}

/**
 * Copies PROD as it is at one moment, while others go on working. `client` has to be free of a transaction, and needs the
 * right to read, no more. Throws a Problem, and leaves nothing half done, when a table cannot be read or the disk is full.
 */
export async function takeSnapshot(client: pg.Client, options: TakeOptions): Promise<Snapshot> {
  const into = options.into ?? snapshotsDir
  return alone('snapshots', options.say, async () => {
    mkdirSync(into, { recursive: true, mode: 0o700 })
    const leftovers = readdirSync(into).filter((name) => name.endsWith(unfinished))
    for (const left of leftovers) rmSync(join(into, left), { recursive: true })
    const name = `prod_${timestamp()}`
    const folder = join(into, name + unfinished)
    try {
      mkdirSync(folder, { mode: 0o700 })
      await inOneMoment(client, options, () => write(client, folder, name, options))
      renameSync(folder, join(into, name))
      sync(into)
      return readSnapshot(name, into)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw explain(error)
    }
  })
}

/** Says why a database, as it is now, could not be copied; nothing where it could. Reads none of its rows. */
export async function whyNotCopied(client: pg.Client): Promise<string | undefined> {
  await client.query(`BEGIN READ ONLY; ${copySettings}`)
  try {
    for (const { sql } of await readTables(client)) await client.query(`SELECT FROM ONLY ${sql} LIMIT 0`)
    await readDefinition(client)
    return undefined
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return error.message
  } finally {
    await client.query('ROLLBACK')
  }
}

async function inOneMoment(client: pg.Client, { inside }: TakeOptions, work: () => Promise<void>): Promise<void> {
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ ${inside ? 'READ WRITE' : 'READ ONLY'}; ${copySettings}`)
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function write(
  client: pg.Client,
  folder: string,
  name: string,
  { say, inside, why }: TakeOptions,
): Promise<void> {
  const toCopy = await readTables(client)
  for (const { sql } of toCopy) await client.query(`LOCK TABLE ONLY ${sql} IN ACCESS SHARE MODE`)
  const definition = await readDefinition(client)
  const since = Date.now()
  const tables: TableFile[] = []
  for (const table of toCopy) {
    if (Date.now() - since > 2000) say(`copying ${table.sql} …`)
    tables.push(await copyOut(client, folder, table, tables.length + 1))
  }
  const { rows: servers } = await client.query("SELECT current_setting('server_version') AS version")
  const snapshot: Omit<Snapshot, 'name' | 'folder'> = {
    ...(why && { why }),
    at: new Date().toISOString(),
    server: servers[0].version,
    migrations: (await readHistory(client)).filter(({ failed }) => !failed).map((row) => row.name),
    tables,
    sequences: await readSequences(client),
    known: await readKnownColumns(client),
    leftOut: await readLeftOut(client),
    definedBy,
    settings: await readSessionSettings(client),
  }
  const files = {
    'before.sql': script(definition.before),
    'after.sql': script(definition.after),
    'rights.sql': script(definition.rights),
    'restore.sql': restoreByHand(snapshot),
    'snapshot.json': `${JSON.stringify(snapshot, null, 2)}\n`,
  }
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, file), text, { mode: 0o600, flush: true })
  }
  sync(folder)
  await inside?.(name)
}

async function copyOut(client: pg.Client, folder: string, table: TableToCopy, number: number): Promise<TableFile> {
  const file = `${String(number).padStart(2, '0')}-${`${table.schema}.${table.name}`.replaceAll(/[^\w.]/g, '_').slice(0, 100)}.copy`
  const rows = client.query(copyTo(`COPY ${table.sql}${columnList(table)} TO STDOUT`))
  const measured = meter()
  await pipeline(rows, measured, createWriteStream(join(folder, file), { mode: 0o600, flush: true }))
  return { ...table, file, rows: rows.rowCount ?? 0, bytes: measured.bytes, hash: measured.hash() }
}

/** The way back without the workshop: `psql URL -f restore.sql` in the copy's folder, on an empty database. */
function restoreByHand({ tables, sequences }: Pick<Snapshot, 'tables' | 'sequences'>): string {
  const own = tables.filter(({ schema }) => schema !== 'workshop')
  return [
    '-- Fills an empty database from this copy, without the workshop. In this folder:  psql URL -f restore.sql',
    '\\set ON_ERROR_STOP on',
    `BEGIN;${loadSettings};`,
    '\\i before.sql',
    ...own.map((table) => `\\copy ${table.sql}${columnList(table)} FROM '${table.file}'`),
    '\\i after.sql',
    ...sequences.map(
      ({ sql, value, isCalled }) => `SELECT setval('${sql.replaceAll("'", "''")}', ${value}, ${isCalled});`,
    ),
    '-- The rights of other roles, where those exist:  \\i rights.sql',
    'COMMIT;',
    '',
  ].join('\n')
}

/** So that the names are there after a power cut, as the files are. Windows has no such call for folders. */
function sync(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function explain(error: unknown): unknown {
  if (isDiskFull(String((error as Error).message))) return diskFull(snapshotsDir)
  if (!isDatabaseError(error)) return error
  const hidden = /row-level security policy for table "(.*)"/.exec(error.message)?.[1]
  const next: Record<string, string> = {
    '42501': 'Give PROD’s role the right to read it, as its owner:  GRANT SELECT ON … TO …',
    '53200':
      'A copy holds a lock on every table. Set max_locks_per_transaction higher in PROD’s postgresql.conf (512 in place of 64), and start it again.',
    '55P03': 'Somebody changes a table right now. Wait until that is done, then type the same command again.',
  }
  return new Problem('PROD could not be copied: nothing was changed there.', {
    why: `PostgreSQL says: ${error.message}.`,
    next: hidden
      ? `Its policies hide rows of it from its owner too:  ALTER TABLE ${hidden} NO FORCE ROW LEVEL SECURITY;`
      : (next[error.code] ?? 'Mend that, then type the same command again.'),
    cause: error,
  })
}
