import { EngineError } from './engine-error.ts'

/** Throws P1013 for what is not the address of a PostgreSQL database. The error never quotes the URL: it holds a password. */
export function parseDatabaseUrl(url: string): URL {
  if (!/^postgres(ql)?:/.test(url)) throw invalidUrl('The scheme is not recognized')
  if (!URL.canParse(url)) throw invalidUrl(whatIsWrong(url))
  return new URL(url)
}

export function databaseOf(url: string): string {
  return decoded(parseDatabaseUrl(url).pathname.split('/')[1] ?? '') || 'postgres'
}

export function userOf(url: string): string {
  return decoded(parseDatabaseUrl(url).username)
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
  for (const part of ['username', 'password'] as const) parsed[part] = encodeURIComponent(decoded(parsed[part]))
  parsed.pathname = `/${encodeURIComponent(database)}`
  return parsed.href
}

/** A "%" that begins no escape stands for itself, as for the native engine. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

/** In the words of the native engine's own parser. */
function whatIsWrong(url: string): string {
  const [, authority = ''] = /^\w+:\/\/([^/?#]*)/.exec(url) ?? []
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const [, port] = /^(?:\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host) ?? [undefined, NaN]
  if (!(Number(port ?? 0) <= 65_535)) return 'invalid port number'
  return host === '' || host.startsWith(':') ? 'empty host' : 'invalid domain character'
}

function invalidUrl(reason: string): EngineError {
  const details =
    `${reason} in database URL. Please refer to the documentation in https://pris.ly/d/config-url for constructing a correct connection string. ` +
    'In some cases, certain characters must be escaped. Please check the string for any illegal characters.'
  return new EngineError(`The provided database string is invalid. ${details}`, 'P1013', { details })
}

/**
 * The URL as the `pg` driver should read it: a URL without a database means `postgres`, and tables are looked up in Prisma's
 * schema alone, as the native engine does.
 */
export function driverUrl(url: string): string {
  const parsed = parseDatabaseUrl(url)
  for (const part of ['username', 'password'] as const) parsed[part] = encodeURIComponent(decoded(parsed[part]))
  parsed.pathname = `/${encodeURIComponent(databaseOf(url))}`
  const searchPath = `"${schemaOf(url).replaceAll('"', '""')}"`.replace(/[\\ ]/g, String.raw`\$&`)
  const options = [parsed.searchParams.get('options'), `-c search_path=${searchPath}`]
  parsed.searchParams.set('options', options.filter(Boolean).join(' '))
  return parsed.href
}
