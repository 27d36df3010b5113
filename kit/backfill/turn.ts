import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { Problem } from '../terminal/problem.ts'
import { nameOf, type BackfillPlan } from './plan.ts'

// "bckf" in a number; the second one is the table.
const backfills = 1_650_682_726

/** Takes the table for this session until it ends. Throws a Problem that says who has it, where another one is at work. */
export async function takeTable(
  client: pg.ClientBase,
  oid: number,
  plan: BackfillPlan,
  ENV: string,
  patience = 2_000,
): Promise<void> {
  await client.query("SELECT set_config('application_name', $1, false)", [
    `a backfill of ${nameOf(plan)}, process ${process.pid}`,
  ])
  const until = performance.now() + patience
  for (;;) {
    // Numbers of tables are unsigned, and these locks have signed ones.
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      backfills,
      oid | 0,
    ])
    if (rows[0]!.taken) return
    if (performance.now() > until) throw isAtWork((await holder(client, oid)) ?? 'another one', plan, ENV)
    await sleep(100)
  }
}

async function holder(client: pg.ClientBase, oid: number): Promise<string | undefined> {
  const { rows } = await client.query<{ who: string }>(
    `SELECT format('%s (session %s since %s)', coalesce(nullif(a.application_name, ''), 'somebody'), a.pid, to_char(a.backend_start, 'HH24:MI:SS')) AS who
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = $1 AND l.objid::bigint = $2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [backfills, oid],
  )
  return rows[0]?.who
}

function isAtWork(who: string, plan: BackfillPlan, ENV: string): Problem {
  return new Problem(`${plan.table} is being filled already: nothing was changed.`, {
    why: `On ${ENV}, ${who} is at work, and two would be in each other’s way.`,
    next: 'Let it end, or stop it with Ctrl-C: it goes on where it was when it is typed again.',
  })
}
