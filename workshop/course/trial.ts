import pg from 'pg'
import { isDatabaseError } from '../../kit/engine/database-error.ts'
import { makeScratchDatabase } from '../../kit/engine/shadow-database.ts'
import { keptAnswers } from '../../kit/project/kept-answers.ts'
import { runAsPrisma, StatementFailed } from '../../kit/engine/run-as-prisma.ts'

/** What became of rows that stood in the table while migrations ran. Values are texts, by column. */
export interface Trial {
  /** What each row held when the table was made, by id. */
  before: Record<string, Row>
  /** What it holds at the end. */
  after: Record<string, Row>
  /** The table's columns at the end; none where there is no such table. */
  columns: string[]
  /** Values that stand in other tables, under the row's id. A table that a crash empties keeps none. */
  elsewhere: Record<string, string[]>
  /** Tables that a crash empties. */
  unlogged: string[]
  /** The script, counted from 0, that fails where there are rows. */
  failed?: { at: number; message: string }
}

export type Row = Record<string, string | null>

/**
 * Runs scripts one after the other in a database of its own on the server of `url`, as on PROD: as soon as there is a
 * table recruits, some recruits stand in it. Each answer is found out once, and kept.
 */
export function tryOnRows(scripts: readonly string[], url: string): Promise<Trial> {
  return keptAnswers<Trial>('trials').ask(['with rows 5', scripts], () => runTrial(scripts, url))
}

async function runTrial(scripts: readonly string[], url: string): Promise<Trial> {
  const database = await makeScratchDatabase(url, 'workshop_trial_')
  const client = await database.pool.connect()
  const trial: Trial = { before: {}, after: {}, columns: [], elsewhere: {}, unlogged: [] }
  try {
    for (const [at, script] of scripts.entries()) {
      try {
        await runAsPrisma(client, script)
      } catch (failure) {
        await client.query('ROLLBACK')
        const error = failure instanceof StatementFailed ? failure.cause : failure
        if (!isDatabaseError(error)) throw error
        return { ...trial, failed: { at, message: error.message } }
      }
      if (Object.keys(trial.before).length === 0) trial.before = await addWitnesses(client)
    }
    trial.columns = await columnsOf(client)
    trial.after = await rowsOf(client, 'public.recruits')
    Object.assign(trial, await othersOf(client, Object.keys(trial.before)))
    return trial
  } finally {
    client.release()
    await database.remove()
  }
}

/** Numbers of recruits that no script can know: those of a PROD have gaps, and go on. More of them than the course has. */
const ids = Array.from({ length: 25 }, (_, i) => (i === 0 ? 1 : 35 + i * 7 + (i === 24 ? 1_000_000 : 0)))

/**
 * So many recruits, each value of them another one, and none that survives lower(), trim() or a cut; nobody where there is no
 * such table, or a type that we cannot invent.
 */
async function addWitnesses(client: pg.ClientBase): Promise<Trial['before']> {
  const { rows: columns } = await client.query<{ name: string; kind: string }>(
    `SELECT attname AS name, typcategory AS kind FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid
     WHERE attrelid = to_regclass('public.recruits') AND attnum > 0 AND NOT attisdropped
       AND (attname = 'id' OR NOT atthasdef AND attidentity = '')`,
  )
  if (columns.length === 0) return {}
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  const people = ids.map((id, i) =>
    Object.fromEntries(
      columns.map(({ name, kind }) => [
        name,
        name === 'id' && kind === 'N' ? id : (invented[kind]?.(name, i + 1) ?? null),
      ]),
    ),
  )
  try {
    await client.query(
      `INSERT INTO public.recruits (${names}) OVERRIDING SYSTEM VALUE
       SELECT ${names} FROM json_populate_recordset(NULL::public.recruits, $1::json)`,
      [JSON.stringify(people)],
    )
    await client.query(
      `SELECT setval(s, $1) FROM pg_get_serial_sequence('public.recruits', 'id') AS s WHERE s IS NOT NULL`,
      [Math.max(...ids)],
    )
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return {}
  }
  return rowsOf(client, 'public.recruits')
}

/** By PostgreSQL's category of the type: text, numbers, yes or no, dates. */
const invented: Record<string, (column: string, n: number) => unknown> = {
  S: (column, n) => ` ${column} of Recruit ${n}, É.  `,
  N: (_, n) => 100 + n,
  B: () => true,
  D: (_, n) => `2025-01-${String(n).padStart(2, '0')}`,
}

async function columnsOf(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass('public.recruits') AND attnum > 0 AND NOT attisdropped`,
  )
  return rows.map(({ name }) => name)
}

async function rowsOf(client: pg.ClientBase, table: string): Promise<Record<string, Row>> {
  const { rows: found } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table])
  if (!found[0].there) return {}
  const { rows } = await client.query<{ row: Record<string, unknown> }>(`SELECT to_jsonb(t) AS row FROM ${table} AS t`)
  return Object.fromEntries(rows.map(({ row }) => [String(row['id'] ?? ''), textsOf(row)]))
}

function textsOf(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]))
}

/** A row of another table belongs to a recruit whose id it holds, in a column of any name. */
async function othersOf(
  client: pg.ClientBase,
  recruits: readonly string[],
): Promise<Pick<Trial, 'elsewhere' | 'unlogged'>> {
  const { rows: tables } = await client.query<{ name: string; lasts: boolean }>(
    `SELECT oid::regclass::text AS name, relpersistence = 'p' AS lasts FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$|workshop$)'
       AND oid IS DISTINCT FROM to_regclass('public.recruits')`,
  )
  const elsewhere: Trial['elsewhere'] = Object.fromEntries(recruits.map((id) => [id, []]))
  for (const { name } of tables.filter(({ lasts }) => lasts)) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(`SELECT to_jsonb(t) AS row FROM ${name} AS t`)
    for (const { row } of rows) {
      const values = Object.values(textsOf(row)).filter((value) => value !== null)
      for (const id of recruits.filter((one) => values.includes(one))) elsewhere[id]!.push(...values)
    }
  }
  return { elsewhere, unlogged: tables.flatMap(({ name, lasts }) => (lasts ? [] : [name])) }
}
