import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils'
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { StatementFailed } from './run-as-prisma.ts'
import { isDatabaseError } from './database-error.ts'
import type { EngineError } from './engine-error.ts'
import { failureNotNoted, migrationFailed } from './native-errors.ts'
import { runScript } from './patient-script.ts'
import { charColumns } from './pool.ts'
import { beginNotes } from './script-notes.ts'
import { readsHistory, wholeHistory } from './whole-history.ts'

/** What the engine's own error leaves out: filled by the adapter, read when a call fails. */
export interface Journal {
  failure?: EngineError | undefined
  brokenScript?: { script: string; error: unknown; offset: number } | undefined
  /** While the engine is to replay all of these: it takes each for applied. */
  replaying?: MigrationList | undefined
  /** Those of the shadow database, once all was replayed there. */
  extensions?: ReadonlySet<string> | undefined
  /** Told the name of each migration before its script runs. */
  applying?: ((migrationName: string) => void) | undefined
  /** Told what a script waits for. */
  say?: ((line: string) => void) | undefined
}

/**
 * Prisma's driver adapter for PostgreSQL over one connection, made to behave like the native engine's driver. On a shadow
 * database every script is a migration.
 */
export async function adaptPool(
  pool: pg.Pool,
  schema: string,
  journal: Journal,
  { isShadow = false } = {},
): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  const executeRaw = adapter.executeRaw.bind(adapter)
  // The engine writes the schema's name between quotes as it is.
  const quoted = (sql: string) => sql.replaceAll(`"${schema}"`, () => pg.escapeIdentifier(schema))
  let migrationName = ''
  return Object.assign(adapter, {
    onError: throwUnmapped,
    async queryRaw(query: SqlQuery) {
      if (journal.replaying && readsHistory(query)) return wholeHistory(journal.replaying)
      migrationName = startedMigration(query) ?? migrationName
      const sent = withZones(withNativeLog({ ...query, sql: quoted(query.sql) }, journal.failure))
      const result = await queryRaw(sent).catch((error: unknown) => {
        const { cause } = error as DriverAdapterError
        const isAborted = cause?.kind === 'postgres' && cause.code === '25P02'
        if (journal.failure && isAborted && writesLog(query)) journal.failure = failureNotNoted(migrationName, cause)
        throw error
      })
      for (const index of charColumns(pool)) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    },
    executeRaw: (query: SqlQuery) => executeRaw(withZones({ ...query, sql: quoted(query.sql) })),
    // The adapter would split the script at each ";", in strings and functions too.
    async executeScript(script: string) {
      if (migrationName) journal.applying?.(migrationName)
      try {
        const note = migrationName ? await beginNotes(pool, migrationName) : undefined
        if (migrationName || isShadow) await runScript(pool, script, { say: journal.say, note })
        // "db execute" and "db push" send what they have at once.
        else await pool.query(quoted(script))
      } catch (failure) {
        const { cause: error, offset } = failure instanceof StatementFailed ? failure : { cause: failure, offset: 0 }
        journal.brokenScript = { script, error, offset }
        if (migrationName) journal.failure = migrationFailed(migrationName, script, error, offset)
        throwUnmapped(error)
      }
    },
  })
}

/** For commands that compare files only: answers the engine's first question without a server. */
export function offlineAdapter(): SqlDriverAdapter {
  const noDatabase = () => Promise.reject(new Error('This command was not expected to need a database.'))
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    queryRaw: async () => ({
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, 'PostgreSQL', 180_000]],
    }),
    executeRaw: noDatabase,
    executeScript: noDatabase,
    startTransaction: noDatabase,
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    dispose: async () => {},
  }
}

/** Hands PostgreSQL's error to the engine as it is: the engine maps it, as the native one does. */
function throwUnmapped(error: unknown): never {
  if (!isDatabaseError(error)) throw new DriverAdapterError({ kind: 'ConnectionClosed' })
  const { code, severity, message, detail, column, hint } = error
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint })
}

function startedMigration({ sql, args }: SqlQuery): string | undefined {
  const columns = /^INSERT INTO .*"_prisma_migrations" \(([^)]*)\)/.exec(sql)?.[1]?.split(',')
  return columns && String(args[columns.indexOf('"migration_name"')])
}

/**
 * The driver adapter writes a moment without its zone, and PostgreSQL would read it in the session's: a migration would
 * seem to run hours before it does, or after a newer one. A text with its zone is the same moment everywhere.
 */
function withZones(query: SqlQuery): SqlQuery {
  const isMoment = query.argTypes.map(({ scalarType }) => scalarType === 'datetime')
  if (!query.sql.includes('"_prisma_migrations"') || !isMoment.includes(true)) return query
  return {
    ...query,
    args: query.args.map((arg, i) => (isMoment[i] && arg !== null ? new Date(arg as string).toISOString() : arg)),
    argTypes: query.argTypes.map((type, i) => (isMoment[i] ? { ...type, scalarType: 'string' as const } : type)),
  }
}

/** `_prisma_migrations.logs` keeps what the native engine would have written. */
function withNativeLog(query: SqlQuery, failure: EngineError | undefined): SqlQuery {
  return writesLog(query) && failure ? { ...query, args: [failure.message, ...query.args.slice(1)] } : query
}

function writesLog({ sql }: SqlQuery): boolean {
  return /^UPDATE .*"_prisma_migrations" SET "logs" = \$1/.test(sql)
}
