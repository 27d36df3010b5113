import { EngineError } from './engine-error.ts'

interface SchemaFile {
  content: string
}

/** What a URL begins with for each provider, and how Prisma's own validation says it. */
const protocols: Record<string, [begins: RegExp, said: string]> = {
  postgresql: [/^postgres(ql)?:\/\//, '`postgresql://` or `postgres://`'],
  postgres: [/^postgres(ql)?:\/\//, '`postgresql://` or `postgres://`'],
  sqlite: [/^file:/, '`file:`'],
  mysql: [/^mysql:/, '`mysql://`'],
  sqlserver: [/^sqlserver/, '`sqlserver://`'],
  mongodb: [/^mongo/, '`mongo`'],
}

/**
 * Throws P1013 for a schema whose provider does not fit the URL: the engine would go on, and read a PostgreSQL database as
 * if it were the other one.
 */
export function refuseOtherProvider(files: readonly SchemaFile[], url: string): void {
  const provider = providerIn(files) ?? ''
  const [begins, said] = protocols[provider] ?? []
  if (begins && !begins.test(url)) {
    throw wrong(`\`datasource.url\` in \`prisma.config.ts\` is invalid: must start with the protocol ${said}.`)
  }
  if (provider === 'cockroachdb') {
    throw wrong(
      'You are trying to connect to a PostgreSQL database, but the provider in your Prisma schema is `cockroachdb`. ' +
        'Please change it to `postgresql`.',
    )
  }
}

/** The same for files that are compared with no database: for two of the others the engine can write SQL. */
export function refuseUnknownProvider(files: readonly SchemaFile[], url: string): void {
  if (['mysql', 'sqlserver', 'mongodb'].includes(providerIn(files) ?? '')) refuseOtherProvider(files, url)
}

/** The schema files that a request brings with it, wherever they stand in it. */
export function filesIn(params: unknown): SchemaFile[] {
  if (typeof params !== 'object' || params === null) return []
  if (Array.isArray(params)) return params.flatMap(filesIn)
  const { files } = params as { files?: unknown }
  const own = Array.isArray(files) ? (files as SchemaFile[]).filter(({ content }) => typeof content === 'string') : []
  return [...own, ...Object.values(params).flatMap(filesIn)]
}

function providerIn(files: readonly SchemaFile[]): string | undefined {
  const text = files.map(({ content }) => content).join('\n')
  const [, block] = /^[ \t]*datasource\s+\w+\s*\{([^]*?)^[ \t]*\}/m.exec(text) ?? []
  return /^[ \t]*provider\s*=\s*"(\w+)"/m.exec(block ?? '')?.[1]
}

function wrong(details: string): EngineError {
  return new EngineError(`The provided database string is invalid. ${details}`, 'P1013', { details })
}
