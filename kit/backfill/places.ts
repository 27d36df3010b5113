import pg from 'pg'
import { isDatabaseError } from '../engine/database-error.ts'
import { openAsAdmin, databaseOf } from '../database/provision.ts'
import type { Target } from '../database/target.ts'
import { Problem } from '../terminal/problem.ts'
import type { KeyedTable } from './batch-sql.ts'
import { commandOf, nameOf, type BackfillPlan } from './plan.ts'

/** How far a backfill is. */
export interface Place {
  /** The key of the last row that was looked at; undefined before the first one. */
  key: string[] | undefined
  /** Rows that were looked at in this pass. */
  lookedAt: number
}

/**
 * Where a backfill of this column was, or its beginning. It is known by the numbers of table and column, which survive a
 * rename. Throws a Problem where it was begun with another expression, and has not ended.
 */
export async function openPlace(
  client: pg.ClientBase,
  target: Target,
  table: KeyedTable,
  plan: BackfillPlan,
): Promise<Place> {
  await ensurePlaces(client, target)
  const { oid, attnum } = table
  const { rows } = await client.query<Noted>(
    `SELECT expression, condition, place, looked_at::float8 AS "lookedAt", filled::float8 AS filled,
       ended_at IS NOT NULL AS "hasEnded" FROM workshop.backfills WHERE table_oid = $1 AND attnum = $2`,
    [oid, attnum],
  )
  const [noted] = rows
  const isSame = noted?.expression === plan.expression && (noted.condition ?? undefined) === plan.where
  if (noted && !noted.hasEnded && isSame) return { key: noted.place ?? undefined, lookedAt: noted.lookedAt }
  if (noted && !noted.hasEnded && noted.filled > 0 && !plan.isRestart) throw isAnother(noted, plan, target)
  await client.query(
    `INSERT INTO workshop.backfills (table_oid, attnum, name, expression, condition) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (table_oid, attnum) DO UPDATE SET name = excluded.name, expression = excluded.expression,
       condition = excluded.condition, place = NULL, looked_at = 0, filled = 0, began_at = clock_timestamp(),
       changed_at = clock_timestamp(), ended_at = NULL`,
    [oid, attnum, nameOf(plan), plan.expression, plan.where ?? null],
  )
  return { key: undefined, lookedAt: 0 }
}

/** Goes back to the first row: others have come, or were left out. */
export async function beginAgain(client: pg.ClientBase, { oid, attnum }: KeyedTable): Promise<Place> {
  await client.query('UPDATE workshop.backfills SET place = NULL, looked_at = 0 WHERE table_oid = $1 AND attnum = $2', [
    oid,
    attnum,
  ])
  return { key: undefined, lookedAt: 0 }
}

export async function noteEnd(client: pg.ClientBase, { oid, attnum }: KeyedTable): Promise<void> {
  await client.query(
    'UPDATE workshop.backfills SET ended_at = clock_timestamp() WHERE table_oid = $1 AND attnum = $2',
    [oid, attnum],
  )
}

interface Noted {
  expression: string
  condition: string | null
  place: string[] | null
  lookedAt: number
  filled: number
  hasEnded: boolean
}

/** Makes the table of places, by whoever may: in a database of ours, schema workshop is the superuser's. */
async function ensurePlaces(client: pg.ClientBase, target: Target): Promise<void> {
  const { rows } = await client.query<{ there: boolean; role: string }>(
    "SELECT to_regclass('workshop.backfills') IS NOT NULL AS there, current_user AS role",
  )
  if (rows[0]!.there) return
  const sql = `${placesSql} GRANT SELECT, INSERT, UPDATE ON workshop.backfills TO ${pg.escapeIdentifier(rows[0]!.role)};`
  try {
    await client.query(sql)
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '42501') throw error
    const admin = await openAsAdmin(target, databaseOf(target))
    if (!admin) throw mayNot(target, rows[0]!.role)
    await admin.query(sql).finally(() => admin.end())
  }
}

const placesSql = `
  CREATE SCHEMA IF NOT EXISTS workshop;
  CREATE TABLE IF NOT EXISTS workshop.backfills (
    table_oid  oid NOT NULL,
    attnum     int2 NOT NULL,
    name       text NOT NULL,
    expression text NOT NULL,
    condition  text,
    place      text[],
    looked_at  bigint NOT NULL DEFAULT 0,
    filled     bigint NOT NULL DEFAULT 0,
    began_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz,
    PRIMARY KEY (table_oid, attnum)
  );`

function isAnother({ expression, condition, filled }: Noted, plan: BackfillPlan, { env }: Target): Problem {
  const before = { ...plan, expression, where: condition ?? undefined }
  const words = condition === null ? expression : `${expression}, where ${condition}`
  return new Problem(`A backfill of ${nameOf(plan)} was begun with another expression: nothing was changed.`, {
    why: `It has filled ${filled} rows with  ${words}  and the others would get another value.`,
    next: [
      `${commandOf(before, env)}    (goes on where that one stopped)`,
      `${commandOf(plan, env)} --restart    (fills the others with the new one; what is filled stays)`,
    ],
  })
}

function mayNot({ env }: Target, role: string): Problem {
  return new Problem('A backfill cannot keep its place here: nothing was changed.', {
    why: `It notes its place in schema workshop of ${env.toUpperCase()}, and ${role} may make no table there.`,
    next: `GRANT CREATE ON SCHEMA workshop TO ${pg.escapeIdentifier(role)};    (as the owner of that schema)`,
  })
}
