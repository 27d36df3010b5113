import { randomUUID } from 'node:crypto'
import type pg from 'pg'

/** SQL that notes, in the transaction in which it runs, how many statements of a script have taken hold with it. */
export type ScriptNote = (statements: number) => string

/**
 * Where there is a ledger, each transaction of a script notes its own end: a crash leaves no doubt then, whatever Prisma had
 * the time to note. Only this session can: it alone knows the word whose hash stands at the beginning.
 */
export async function beginNotes(pool: pg.Pool, migrationName: string): Promise<ScriptNote | undefined> {
  const { rows } = await pool.query(
    "SELECT to_regprocedure('workshop.begin_script(text)') IS NOT NULL AS there, set_config('workshop.run', $1, false)",
    [randomUUID()],
  )
  if (!rows[0].there) return undefined
  await pool.query('SELECT workshop.begin_script($1)', [migrationName])
  return (statements) => `SELECT workshop.note_script('${migrationName.replaceAll("'", "''")}', ${statements})`
}
