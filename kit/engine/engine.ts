import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type { EvaluateDataLossInput, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { adaptPool, offlineAdapter } from './adapter.ts'
import type { Journal } from './adapter.ts'
import { schemaOf } from './connection-url.ts'
import { EngineError } from './engine-error.ts'
import { refuseOnWrongDatabase } from './wrong-database.ts'
import { extensionsIn, listsExtensions, tellFeatures, withoutKnownExtensions } from './known-extensions.ts'
import { readMigrations } from './migration-files.ts'
import { migrationFailedOnShadow } from './native-errors.ts'
import { openPool, terminate } from './pool.ts'
import { filesIn, refuseOtherProvider, refuseUnknownProvider } from './provider.ts'
import { makeShadowDatabase } from './shadow-database.ts'
import type { ShadowDatabase } from './named-shadow.ts'
import { loadSchemaEngine } from './wasm.ts'

export interface EngineOptions {
  url?: string | undefined
  /** Where fresh shadow databases are made; without it, on the server of `url`. */
  shadowDatabaseUrl?: string | undefined
  /** Schema files: path and content. */
  datamodels?: [path: string, content: string][]
  /** Doesn't connect to `url`: for a diff between models and migrations. */
  filesOnly?: boolean
  /** Told the name of each migration before it is applied to the database of `url`. */
  applying?: ((migrationName: string) => void) | undefined
  /** Told what a migration waits for, while it is applied there. */
  say?: ((line: string) => void) | undefined
}

export const engineMethods = [
  'applyMigrations',
  'createMigration',
  'dbExecute',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'diff',
  'ensureConnectionValidity',
  'evaluateDataLoss',
  'introspect',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'reset',
  'schemaPush',
  'version',
] as const

export type EngineMethods = Pick<SchemaEngine, (typeof engineMethods)[number]>

export interface Engine extends EngineMethods {
  /** Drops the shadow databases and disconnects; with `force`, without waiting for what is running. */
  close(force?: boolean): Promise<void>
}

/** Prisma's schema engine in this process. Its methods throw an EngineError with the native engine's code and words. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const url = options.filesOnly ? undefined : options.url
  // The engine panics on an empty list.
  const datamodels = options.datamodels?.length ? options.datamodels : undefined
  const refuseProvider = options.filesOnly ? refuseUnknownProvider : refuseOtherProvider
  if (options.url !== undefined) refuseProvider(filesOf(options), options.url)
  const journal: Journal = { applying: options.applying, say: options.say }
  const shadows = new Set<Promise<ShadowDatabase>>()
  const pool = url === undefined ? undefined : await openPool(url)
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => (pool && url ? adaptPool(pool, schemaOf(url), journal) : offlineAdapter()),
    connectToShadowDb: () => connectToShadow(options, journal, shadows),
  })

  const close = async (force = false) => {
    if (force && pool && url) await terminate(pool, url)
    for (const shadow of shadows) await shadow.then((made) => made.remove(force)).catch(() => {})
    if (pool && !pool.ended) await pool.end()
  }

  try {
    const engine = await loadSchemaEngine().SchemaEngine.new({ datamodels }, () => {}, factory)
    const call = async (method: keyof EngineMethods, params: never) => {
      journal.failure = journal.brokenScript = undefined
      if (options.url !== undefined) refuseProvider(filesIn(params), options.url)
      if (pool && url) await refuseOnWrongDatabase(method, pool, url)
      const isListed = listsExtensions(filesIn(params))
      if (isListed) await tellFeatures(engine, method, params)
      if (replaysNothing.has(method)) await replay(engine, params, journal)
      const answer = await (engine[method] as (params: never) => Promise<unknown>)(params).catch((error: unknown) => {
        throw journal.failure ?? withBrokenScript(asEngineError(error), journal)
      })
      return isListed ? withoutKnownExtensions(engine, method, params, answer, journal.extensions) : answer
    }
    const methods = engineMethods.map((method) => [method, (params: never) => call(method, params)])
    return { ...(Object.fromEntries(methods) as EngineMethods), close }
  } catch (error) {
    await close()
    throw asEngineError(error)
  }
}

function filesOf({ datamodels = [] }: EngineOptions): { content: string }[] {
  return datamodels.map(([, content]) => ({ content }))
}

/** Methods that take the replayed migrations from the engine's cache; only the native engine could replay them there. */
const replaysNothing = new Set<keyof EngineMethods>(['evaluateDataLoss', 'createMigration'])

/** What is not applied yet counts too, and the engine replays what is applied: it is told that all of them are. */
async function replay(engine: SchemaEngine, params: EvaluateDataLossInput, journal: Journal): Promise<void> {
  const { migrationsList, filters } = params
  journal.replaying = migrationsList
  try {
    await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: true })
  } finally {
    journal.replaying = undefined
  }
}

/**
 * Applies what is not applied yet, in order, and returns the names. Throws P3018 for the first that fails; `applying` is told
 * each name before it.
 */
export async function applyMigrations(
  url: string,
  migrationsDirectory: string,
  applying?: EngineOptions['applying'],
): Promise<string[]> {
  const migrationsList = await readMigrations(migrationsDirectory)
  const engine = await openEngine({ url, applying })
  try {
    const filters = { externalTables: [], externalEnums: [] }
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
    return appliedMigrationNames
  } finally {
    await engine.close()
  }
}

async function connectToShadow(
  { url, shadowDatabaseUrl }: EngineOptions,
  journal: Journal,
  shadows: Set<Promise<ShadowDatabase>>,
): Promise<SqlDriverAdapter> {
  const server = shadowDatabaseUrl ?? url ?? ''
  const making = makeShadowDatabase(server, shadowDatabaseUrl !== undefined)
  shadows.add(making)
  try {
    const shadow = await making
    const adapter = await adaptPool(shadow.pool, schemaOf(server), journal, { isShadow: true })
    const dispose = async () => {
      if (!shadows.delete(making)) return
      journal.extensions = await extensionsIn(shadow.pool)
      await shadow.remove()
    }
    return Object.assign(adapter, { dispose })
  } catch (error) {
    shadows.delete(making)
    // The engine would replace our error by a number.
    journal.failure = asEngineError(error)
    throw error
  }
}

/** The engine names the migration that failed on the shadow database; the rest of the native error is in the journal. */
function withBrokenScript(error: EngineError, { brokenScript }: Journal): EngineError {
  const [, migrationName] = /^Migration `(.+?)` failed to apply cleanly/.exec(error.message) ?? []
  if (error.code !== 'P3006' || !migrationName || !brokenScript) return error
  return migrationFailedOnShadow(migrationName, brokenScript.script, brokenScript.error, brokenScript.offset)
}

function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const { message, code, meta } = error as Error & { code?: string; meta?: Record<string, unknown> }
  return new EngineError(message, code, meta ?? null, error)
}
