import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/**
 * Waits until no other deploy of any clone is at work on this database, and holds the turn until the connection ends.
 * `say` is told who has it. It asks again and again instead of waiting in the database: a statement that waits there
 * would stop a CREATE INDEX CONCURRENTLY of the one that it waits for.
 */
export async function takeTurn(client: pg.Client, say: (who: string) => void): Promise<void> {
  await client.query("SELECT set_config('application_name', $1, false)", [`a deploy, process ${process.pid}`])
  let told = ''
  for (;;) {
    if (await tryTurn(client)) return
    const who = await holder(client)
    if (who && who !== told) say((told = who))
    await sleep(300)
  }
}

// "workshop" and "deploy" in numbers.
const turn = [1_937_010_552, 1_684_368_495]

/** Who deploys to a database of the server right now; undefined where nobody does. */
export async function whoDeploys(admin: pg.Client, database: string): Promise<string | undefined> {
  return holder(admin, database)
}

/** Takes the turn if nobody has it. */
export async function tryTurn(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', turn)
  return rows[0]!.taken
}

async function holder(client: pg.Client, database?: string): Promise<string | undefined> {
  const { rows } = await client.query<{ who: string }>(
    `SELECT format('%s (session %s since %s)', coalesce(nullif(a.application_name, ''), 'somebody'), a.pid, to_char(a.backend_start, 'HH24:MI:SS')) AS who
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = $1 AND l.objid::bigint = $2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = coalesce($3, current_database()))`,
    [...turn, database ?? null],
  )
  return rows[0]?.who
}
