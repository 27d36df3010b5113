import type { Env } from '../database/target.ts'
import { sqlName } from '../catalog/sql-name.ts'

/**
 * One command that runs all of these statements or none, with what it says about itself. Undefined where a shell would read
 * something else than what stands there.
 */
export function sqlOnProd(statements: readonly string[], what: string): string | undefined {
  const sql = bare(inOneTransaction(statements))
  return /["\n`$\\!]/.test(sql) ? undefined : `npm run psql -- --env prod -c "${sql}"    (${what})`
}

/** A command of these statements for a shell, quoted as they need it. */
export function sqlOn(env: Env, statements: readonly string[]): string {
  return `npm run psql -- --env ${env} -c ${quotedWord(inOneTransaction(statements))}`
}

function inOneTransaction(statements: readonly string[]): string {
  const lines = statements.map((sql) => sql.replace(/;\s*$/, ''))
  return lines.length === 1 ? lines[0]! : `BEGIN; ${lines.join('; ')}; COMMIT`
}

/** Without the quotation marks that a name does not need. */
function bare(sql: string): string {
  return sql.replaceAll(/"([a-z_][a-z0-9_]*)"/g, (_, name: string) => sqlName(name))
}

/** For a shell: SQL is full of quotation marks of the other kind. */
function quotedWord(sql: string): string {
  return sql.includes("'") ? `"${sql.replace(/(["\\$`])/g, '\\$1')}"` : `'${sql}'`
}
