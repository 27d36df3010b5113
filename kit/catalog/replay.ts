import pg from 'pg'
import { Problem } from '../terminal/problem.ts'
import { makeShadowDatabase } from '../engine/shadow-database.ts'
import { runAsPrisma, StatementFailed } from '../engine/run-as-prisma.ts'

/** A database of its own, in which scripts are run one after the other. */
export interface Replay {
  url: string
  pool: pg.Pool
  /** Makes the database what these scripts make of an empty one. Throws a ScriptFailed. */
  run(scripts: readonly string[]): Promise<void>
  remove(): Promise<void>
}

/** One of the scripts fails in an empty database, after those before it. */
export class ScriptFailed extends Problem {
  readonly script: string
  /** Its place among the scripts, from 0. */
  readonly at: number

  constructor(script: string, at: number, cause: Error) {
    const first = script.split('\n').find((line) => line.trim() && !line.startsWith('--'))
    super(`A script fails when all are replayed from empty: ${cause.message}.`, {
      why: `It fails in the script with  ${first?.trim()}`,
      next: 'Mend that migration in prisma/migrations.',
      cause,
    })
    this.script = script
    this.at = at
  }

  /** Its name among these. Two of them may have the same text: when two branches add the same column, they do. */
  nameIn(named: readonly { name: string; sql: string }[]): string | undefined {
    const here = named[this.at]
    return (here?.sql === this.script ? here : named.find(({ sql }) => sql === this.script))?.name
  }
}

/** Makes the database on the server of `url`, with the role named there, which has to be allowed to. */
export async function openReplay(url: string): Promise<Replay> {
  const database = await makeShadowDatabase(url, false)
  let done: readonly string[] = []
  return {
    url: database.url,
    pool: database.pool,
    async run(scripts) {
      const isLonger = done.every((script, i) => scripts[i] === script)
      if (!isLonger) {
        await wipe(database.pool)
        done = []
      }
      for (const script of scripts.slice(done.length)) {
        await runAsPrisma(database.pool, script).catch((failure: Error) => {
          const cause = failure instanceof StatementFailed ? failure.cause : failure
          throw new ScriptFailed(script, done.length, cause)
        })
        done = [...done, script]
      }
    },
    remove: () => database.remove(),
  }
}

/** Makes a database as good as new: no schema but an empty public, no extension of somebody’s. */
export async function wipe(pool: Pick<pg.ClientBase, 'query'>): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'",
  )
  for (const { name } of rows) await pool.query(`DROP SCHEMA ${pg.escapeIdentifier(name)} CASCADE`)
  await pool.query('CREATE SCHEMA public')
  // One whose objects stand in pg_catalog is still there.
  const { rows: extensions } = await pool.query<{ name: string }>(
    "SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql'",
  )
  for (const { name } of extensions) await pool.query(`DROP EXTENSION IF EXISTS ${pg.escapeIdentifier(name)} CASCADE`)
}
