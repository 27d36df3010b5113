import type pg from 'pg'
import type {
  CreateMigrationInput,
  CreateMigrationOutput,
  DiffResult,
  EvaluateDataLossOutput,
  IntrospectParams,
  SchemaEngine,
} from '@prisma/schema-engine-wasm/schema_engine_bg'

// Compiled to WebAssembly, Prisma's engine does not hear of the preview feature postgresqlExtensions when it describes what
// migrations make: it sees no extension there, and would create each again, in every migration.

const feature = /\bpostgresqlExtensions\b/

/** Whether a schema among these files says which extensions a database has. */
export function listsExtensions(files: readonly { content: string }[]): boolean {
  return files.some(({ content }) => feature.test(content))
}

/** The extensions of a database; none where it cannot be asked any more. */
export async function extensionsIn(pool: pg.Pool): Promise<Set<string>> {
  const names = pool.query<{ name: string }>('SELECT extname AS name FROM pg_extension')
  return names.then(
    ({ rows }) => new Set(rows.map(({ name }) => name)),
    () => new Set<string>(),
  )
}

/** A difference that starts from a database tells the engine of the features that this one's schema names. */
export async function tellFeatures(engine: SchemaEngine, method: string, params: IntrospectParams): Promise<void> {
  if (method !== 'introspect' && method !== 'schemaPush') return
  const from = { tag: 'schemaDatasource' as const, configDir: params.baseDirectoryPath ?? '', ...params.schema }
  const filters = { externalTables: [], externalEnums: [] }
  await engine.diff({ from, to: { tag: 'empty' }, script: false, exitCode: null, filters })
}

/** The engine's answer without what would create extensions that the migrations have made already. */
export async function withoutKnownExtensions(
  engine: SchemaEngine,
  method: string,
  params: CreateMigrationInput,
  answer: unknown,
  known: ReadonlySet<string> = new Set(),
): Promise<unknown> {
  if (method === 'diff') return diffWithoutKnown(answer as DiffResult, known)
  if (method === 'createMigration') {
    const made = answer as CreateMigrationOutput
    const left = made.migrationScript && withoutKnown(made.migrationScript, known)
    return { ...made, migrationScript: left || (params.draft ? emptyScript : null) }
  }
  if (method !== 'evaluateDataLoss') return answer
  const { migrationScript } = await engine.createMigration({ ...params, migrationName: '', draft: true })
  const evaluated = answer as EvaluateDataLossOutput
  return { ...evaluated, migrationSteps: evaluated.migrationSteps - knownIn(migrationScript ?? '', known) }
}

/** IF NOT EXISTS, it would do nothing. */
function withoutKnown(script: string, known: ReadonlySet<string>): string {
  const left = script.replace(creation, (block, name: string) => (known.has(unquoted(name)) ? '' : block))
  return left === script ? script : left.replace(/\n+$/, '\n')
}

function knownIn(script: string, known: ReadonlySet<string>): number {
  return [...script.matchAll(creation)].filter(([, name]) => known.has(unquoted(name!))).length
}

/** As a script or in words. */
function diffWithoutKnown(result: DiffResult, known: ReadonlySet<string>): DiffResult {
  const { exitCode, stdout } = result
  if (!stdout) return result
  const isScript = !/^\[[+*-]\] /m.test(stdout)
  const left = isScript
    ? withoutKnown(stdout, known)
    : stdout.replace(addition, (block, name: string) => (known.has(name) ? '' : block))
  if (left.trim() !== '') return { exitCode, stdout: left }
  return { exitCode: 0, stdout: isScript ? `${emptyScript}\n` : 'No difference detected.\n' }
}

const emptyScript = '-- This is an empty migration.'
const creation = /-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS "((?:[^"]|"")+)"[^;]*;\n\n?/g
const addition = /\n?\[\+\] Added extensions\n {2}- (.*)\n/g

function unquoted(name: string): string {
  return name.replaceAll('""', '"')
}
