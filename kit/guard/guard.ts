import { createHash } from 'node:crypto'
import type pg from 'pg'
import { ownSql } from '../project/project.ts'

const ledgerSql = ['ledger-texts', 'ledger'].map((name) => ownSql(`guard/${name}.sql`)).join('\n')
const guardSql = ['guard', 'guard-rows', 'guard-before', 'guard-risk', 'guard-marks', 'guard-after', 'guard-install']
  .map((name) => ownSql(`guard/${name}.sql`))
  .join('\n')
/** Tells a guard that an older version of this folder has installed. */
const version = createHash('sha256').update(ledgerSql).update(guardSql).digest('hex').slice(0, 16)

/**
 * `whole`: every part is in place. `damaged`: a part of it is gone, disabled or not of this version. `missing`: there
 * is nothing of it.
 */
export type GuardState = 'whole' | 'damaged' | 'missing'

/** Those of an older guard, or of half of one, would be in the way of the files themselves. */
const guardTriggers = ['before', 'drop', 'after', 'rewrite'].map((name) => `workshop_guard_${name}`)

/** Installs ledger and guard into the database that the superuser is connected to. Can be repeated; all or nothing. */
export async function installGuard(admin: pg.ClientBase): Promise<void> {
  const older = guardTriggers.map((name) => `DROP EVENT TRIGGER IF EXISTS ${name};`).join(' ')
  await inTransaction(
    admin,
    `${older} ${ledgerSql}; ${guardSql}; COMMENT ON FUNCTION workshop.guard_before() IS '${version}'`,
  )
}

/** Installs the ledger alone, for a server whose superuser we are not. */
export async function installLedger(client: pg.ClientBase): Promise<void> {
  await inTransaction(client, ledgerSql)
}

/** Looks at the guard without changing it; any role may. */
export async function readGuard(client: Pick<pg.ClientBase, 'query'>): Promise<GuardState> {
  const { rows } = await client.query<{ was: boolean; triggers: number; version: string | null }>(
    `SELECT to_regclass('workshop.guard_notes') IS NOT NULL AS was,
       (SELECT count(*)::int FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid
        WHERE p.pronamespace = to_regnamespace('workshop') AND e.evtenabled = 'A') AS triggers,
       obj_description(to_regproc('workshop.guard_before'), 'pg_proc') AS version`,
  )
  const { was, triggers: there, version: installed } = rows[0]!
  if (!was) return 'missing'
  const isWhole = there === guardTriggers.length && installed === version && (await unguardedTables(client)) === 0
  return isWhole ? 'whole' : 'damaged'
}

async function unguardedTables(client: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const { rowCount } = await client.query(
    `SELECT FROM workshop.kept_tables k WHERE NOT EXISTS
       (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = k.oid AND g.tgenabled IN ('O', 'A'))`,
  )
  return rowCount ?? 0
}

async function inTransaction(client: pg.ClientBase, sql: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
