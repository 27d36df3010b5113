import { EngineError } from './engine-error.ts'

/** Throws P1013 for what is not the address of a PostgreSQL database. The error never quotes the URL: it holds a password. */
export function parseDatabaseUrl(url: string): URL {
  if (!URL.canParse(url)) throw invalidUrl('invalid connection string')
  const parsed = new URL(url)
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw invalidUrl('scheme is not recognized')
  return parsed
}

export function databaseOf(url: string): string {
  return decodeURIComponent(parseDatabaseUrl(url).pathname.slice(1)) || 'postgres'
}

export function userOf(url: string): string {
  return decodeURIComponent(parseDatabaseUrl(url).username)
}

/** `host:port`, as the native engine's errors name the server. */
export function locationOf(url: string): string {
  const { hostname, port, searchParams } = parseDatabaseUrl(url)
  return `${hostname || searchParams.get('host') || 'localhost'}:${port || 5432}`
}

/** The PostgreSQL schema that Prisma works in: `?schema=…`, else `public`. */
export function schemaOf(url: string): string {
  return parseDatabaseUrl(url).searchParams.get('schema') || 'public'
}

/** Seconds to wait for a connection: `?connect_timeout=…`, else the native engine's five. */
export function connectTimeoutOf(url: string): number {
  return Number(parseDatabaseUrl(url).searchParams.get('connect_timeout') ?? 5)
}

/** The same server, role and settings, but another database. */
export function onDatabase(url: string, database: string): string {
  const parsed = parseDatabaseUrl(url)
  parsed.pathname = `/${encodeURIComponent(database)}`
  return parsed.href
}

function invalidUrl(reason: string): EngineError {
  const docs = 'https://www.prisma.io/docs/reference/database-reference/connection-urls'
  const details =
    `${reason} in database URL. Please refer to the documentation in ${docs} for constructing a correct connection string. ` +
    'In some cases, certain characters must be escaped. Please check the string for any illegal characters.'
  return new EngineError(`The provided database string is invalid. ${details}`, 'P1013', { details })
}

/** The URL as the `pg` driver should read it: tables are looked up in Prisma's schema alone, as the native engine does. */
export function driverUrl(url: string): string {
  const parsed = parseDatabaseUrl(url)
  const searchPath = `"${schemaOf(url)}"`.replace(/[\\ ]/g, String.raw`\$&`)
  const options = [parsed.searchParams.get('options'), `-c search_path=${searchPath}`]
  parsed.searchParams.set('options', options.filter(Boolean).join(' '))
  return parsed.href
}
