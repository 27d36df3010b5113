import type pg from 'pg'
import { runsOf } from '../sql/script-runs.ts'
import { loadParser } from '../sql/tree.ts'

/** What PostgreSQL said of one statement of a script; `offset` is where that begins, in characters. */
export class StatementFailed extends Error {
  override readonly cause: Error
  readonly offset: number

  constructor(cause: Error, offset: number) {
    super(cause.message, { cause })
    this.cause = cause
    this.offset = offset
  }
}

/**
 * Runs a script as `prisma migrate deploy` does: statement by statement, each committed by itself, but for what the script
 * puts between BEGIN and COMMIT. What ran before a statement that fails stays. Throws a StatementFailed; a transaction of
 * the script's own is open then.
 */
export async function runAsPrisma(client: Pick<pg.ClientBase, 'query'>, script: string): Promise<void> {
  await loadParser()
  for (const { sql, offset } of runsOf(script)) {
    await client.query(sql).catch((error: Error) => {
      throw new StatementFailed(error, offset)
    })
  }
}
