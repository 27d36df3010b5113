import { Problem } from '../terminal/problem.ts'
import { renderProblem } from '../terminal/render-problem.ts'
import { sameDatabase, readTarget } from '../database/target.ts'
import type { Env } from '../database/target.ts'

export interface Datasource {
  url?: string
  shadowDatabaseUrl?: string
}

/**
 * The database of a bare `npx prisma …`: an exported DATABASE_URL, else DEV. Never throws: `prisma generate` needs no
 * database, and what is missing is told by the commands that do.
 */
export function prismaDatasource(isOurEngine: boolean, env = process.env, root?: string): Datasource {
  // The engine holds the database to it: it must not say that it is PROD.
  if (!env['DATABASE_URL']) env['WORKSHOP_EXPECTS'] = 'dev'
  const url = env['DATABASE_URL'] || urlOf('dev', root)
  const shadowDatabaseUrl = env['SHADOW_DATABASE_URL'] || shadowFor(url, isOurEngine, root)
  return { ...(url && { url }), ...(shadowDatabaseUrl && { shadowDatabaseUrl }) }
}

/**
 * PROD's role may not create databases, so PROD's shadow databases are made on DEV's server. The native engine would
 * empty the database named here, and so gets none.
 */
function shadowFor(url: string | undefined, isOurEngine: boolean, root?: string): string | undefined {
  const prod = urlOf('prod', root)
  return isOurEngine && url && prod && sameDatabase(url, prod) ? urlOf('dev', root) : undefined
}

function urlOf(env: Env, root?: string): string | undefined {
  try {
    return readTarget(env, root).url
  } catch (error) {
    // Prisma would only say that there is no URL. `generate` needs none, so this is a word and no end.
    if (error instanceof Problem && env === 'dev')
      process.stderr.write(`${renderProblem(error, process.stderr.columns)}\n`)
    return undefined
  }
}
