import { counted } from '../terminal/numbers.ts'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import type { Definition } from './definition.ts'
import type { KnownColumn, SequenceValue, TableToCopy } from './copied-database.ts'
import type { CopiedTable } from './copy-in-session.ts'
import type { SessionSettings } from './session-settings.ts'
import { snapshotsDir } from '../project/project.ts'

/** A copy of PROD in files of its own: rows in COPY's text format, and the SQL that goes around them. */
export interface Snapshot {
  /** `prod_20250106_090000_123` */
  name: string
  folder: string
  /** As in `before a deploy`; copies of old have none. */
  why?: string
  /** When it was taken, in ISO 8601. */
  at: string
  /** The server's version. */
  server: string
  /** Names of the migrations that were applied, in order. */
  migrations: string[]
  tables: TableFile[]
  sequences: SequenceValue[]
  known: KnownColumn[]
  /** What stands in the database and not in the copy. */
  leftOut: string[]
  /** The version of what wrote its SQL; copies of old have none. */
  definedBy?: string
  /** With which sessions of PROD's role begin; copies of old have none. */
  settings?: SessionSettings
}

export interface TableFile extends TableToCopy {
  file: string
  rows: number
  bytes: number
  /** SHA-256 of the file, in hex. */
  hash: string
}

/** How the folder of one ends that is not whole yet. */
export const unfinished = '.unfinished'

/** Newest first. One that was cut off is not among them. */
export function listSnapshots(inFolder = snapshotsDir): Snapshot[] {
  if (!existsSync(inFolder)) return []
  return readdirSync(inFolder)
    .filter((name) => !name.endsWith(unfinished) && existsSync(join(inFolder, name, 'snapshot.json')))
    .toSorted()
    .toReversed()
    .map((name) => readSnapshot(name, inFolder))
}

export function readSnapshot(name: string, inFolder = snapshotsDir): Snapshot {
  const folder = join(inFolder, name)
  return { name, folder, ...JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8')) }
}

/** SQL of the copy that makes what stands there `before` the rows come and `after`, or gives other roles their `rights`. */
export function sqlOf({ folder }: Snapshot, part: keyof Definition): string {
  return readFileSync(join(folder, `${part}.sql`), 'utf8')
}

/** Statements as a file has them. */
export function script(statements: readonly string[]): string {
  return statements.map((sql) => `${sql};\n`).join('\n')
}

/** A table of the copy by its name, `public.recruits`; a partitioned one with all its partitions. */
export function copiedTable({ tables, folder }: Snapshot, table: string): CopiedTable | undefined {
  const parts = tables.filter(({ schema, name, root }) => `${schema}.${name}` === table || root === table)
  if (parts.length === 0) return undefined
  return parts.map(({ file, columns }) => ({ columns, open: () => createReadStream(join(folder, file)) }))
}

/** How much the copy holds of what is the learner's. */
export function sizeOf({ tables }: Snapshot): { tables: number; rows: number; bytes: number } {
  const own = tables.filter(({ schema, name }) => schema !== 'workshop' && name !== '_prisma_migrations')
  const sum = (of: 'rows' | 'bytes') => own.reduce((total, table) => total + table[of], 0)
  return { tables: own.length, rows: sum('rows'), bytes: sum('bytes') }
}

/** `prod_20250106_090000_123  15 rows in 2 tables, 7 migrations, 3 kB` */
export function describeSnapshot(snapshot: Snapshot): string {
  const { tables, rows, bytes } = sizeOf(snapshot)
  const size = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`
  const held = rows === 0 ? 'no rows' : `${counted(rows, 'row')} in ${counted(tables, 'table')}`
  return `${snapshot.name}  ${held}, ${counted(snapshot.migrations.length, 'migration')}, ${size}`
}

/** SQL of the table's columns, with a space before; nothing for a table without columns. */
export function columnList({ columns }: TableToCopy): string {
  return columns.length === 0 ? '' : ` (${columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')})`
}

/** A stream that lets everything through, and knows size and SHA-256 of it afterwards. */
export function meter(): Transform & { bytes: number; hash(): string } {
  const sum = createHash('sha256')
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      sum.update(chunk)
      result.bytes += chunk.length
      done(null, chunk)
    },
  })
  const result = Object.assign(stream, { bytes: 0, hash: () => sum.digest('hex') })
  return result
}

/** `20250106_090000_123`, in UTC. */
export function timestamp(): string {
  return new Date().toISOString().slice(0, 23).replaceAll(/[-:]/g, '').replaceAll(/[T.]/g, '_')
}
