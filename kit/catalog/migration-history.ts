import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { checksumOf, type MigrationText } from '../sql/migration-text.ts'
import { Problem } from '../terminal/problem.ts'

/** A row of `_prisma_migrations` that counts: applied, or started and neither finished nor rolled back. */
export interface HistoryRow {
  id: string
  name: string
  failed: boolean
}

/** What Prisma notes of the migrations of a database, oldest first; empty when it has noted nothing yet. */
export async function readHistory(client: pg.ClientBase): Promise<HistoryRow[]> {
  const { rows: found } = await client.query("SELECT to_regclass('public._prisma_migrations') AS there")
  if (found[0].there === null) return []
  const { rows } = await client.query<HistoryRow>(
    `SELECT id, migration_name AS name, finished_at IS NULL AS failed
     FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  )
  return rows
}

/** A row of `_prisma_migrations`, whatever became of it. */
export interface MigrationRow {
  name: string
  /** SHA-256 of the script, in hex. */
  checksum: string
  state: 'applied' | 'failed' | 'rolled back'
  /** It was only noted, as `migrate resolve --applied` does: no script of that name ran to its end. */
  isOnlyNoted?: boolean
}

/**
 * All that Prisma has noted, in the order in which it was started. What was only noted as applied, by `resolve` or by a
 * baseline, was not run at that time: it stands where its name belongs.
 */
export async function readAllRows(client: Pick<pg.ClientBase, 'query'>): Promise<MigrationRow[]> {
  const { rows: found } = await client.query("SELECT to_regclass('public._prisma_migrations') AS there")
  if (found[0].there === null) return []
  const { rows } = await client.query<MigrationRow>(
    `SELECT migration_name AS name, checksum, CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back'
       WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END AS state, applied_steps_count = 0 AS "isOnlyNoted"
     FROM public._prisma_migrations ORDER BY started_at, migration_name`,
  )
  const isPlaced = ({ state, isOnlyNoted }: MigrationRow) => !isOnlyNoted || state !== 'applied'
  const placed = rows.filter(isPlaced)
  for (const row of rows.filter((one) => !isPlaced(one))) {
    const after = placed.findIndex(({ name, state }) => state === 'applied' && name > row.name)
    placed.splice(after === -1 ? placed.length : after, 0, row)
  }
  return placed
}

/** A migration that was cut off: started, and no error noted that its file could be to blame for. */
export interface CutOff {
  name: string
  checksum: string
}

/** The server was stopped, the connection lost, the disk full: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const serverIsToBlame = 'Database error code: (57P0|08|53|none)'

/** None while a deploy is at work: `client` looks for Prisma's own lock. */
export async function readCutOff(client: Pick<pg.ClientBase, 'query'>): Promise<CutOff | undefined> {
  const { rows: found } = await client.query(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS "hasHistory",
       EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369 AND classid = 0
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS "isDeploying"`,
  )
  const { hasHistory, isDeploying } = found[0]
  if (!hasHistory || isDeploying) return undefined
  const { rows } = await client.query<CutOff>(
    `SELECT migration_name AS name, checksum FROM public._prisma_migrations m
     WHERE finished_at IS NULL AND rolled_back_at IS NULL AND (coalesce(logs, '') = '' OR logs ~ $1) ORDER BY started_at DESC LIMIT 1`,
    [serverIsToBlame],
  )
  return rows[0]
}

/**
 * How many statements of a migration that is not finished have taken hold, as its script noted in their own transactions;
 * null where it noted nothing. What others write into the notes counts for nothing: the first run is the migration's own.
 */
export async function readNoted(client: Pick<pg.ClientBase, 'query'>, name: string): Promise<number | null> {
  const { rows: found } = await client.query(
    `SELECT count(*) = 2 AS there FROM information_schema.columns
     WHERE table_schema = 'workshop' AND table_name = 'scripts' AND column_name IN ('run', 'statements')`,
  )
  if (!found[0].there) return null
  const { rows } = await client.query<{ noted: number | null }>(
    `SELECT max(statements) AS noted FROM workshop.scripts WHERE migration_name = $1 AND run = (
       SELECT s.run FROM workshop.scripts s JOIN public._prisma_migrations m USING (migration_name)
       WHERE m.migration_name = $1 AND m.finished_at IS NULL AND m.rolled_back_at IS NULL AND s.at >= m.started_at AND s.statements = 0
       ORDER BY s.at LIMIT 1)`,
    [name],
  )
  return rows[0]!.noted
}

export interface Rebaseline {
  /** All that counts in the history, as it was when the schema was proven equal. */
  history: readonly HistoryRow[]
  /** Rows of it whose names go. */
  retired: readonly HistoryRow[]
  added: readonly MigrationText[]
}

/**
 * Gives a database whose schema is proven equal other names for its history: `added` is noted as applied, as
 * `migrate resolve --applied` does, and the rows `retired` get `rolled_back_at`, which no verb of Prisma sets for a
 * migration that did not fail. The old rows are copied to schema workshop first. One transaction;
 * throws a Problem, and changes nothing, when the history is not what it was.
 */
export async function rebaseline(admin: pg.ClientBase, { history, retired, added }: Rebaseline): Promise<void> {
  await admin.query('BEGIN')
  try {
    await admin.query('LOCK TABLE public._prisma_migrations IN EXCLUSIVE MODE')
    const now = await readHistory(admin)
    if (now.map(({ id }) => id).join() !== history.map(({ id }) => id).join()) throw isAtWork()
    await admin.query(
      `CREATE TABLE IF NOT EXISTS workshop.retired_migrations
         (LIKE public._prisma_migrations, retired_at timestamptz NOT NULL DEFAULT now())`,
    )
    const ids = retired.map(({ id }) => id)
    await admin.query(
      `INSERT INTO workshop.retired_migrations SELECT *, now() FROM public._prisma_migrations WHERE id = ANY ($1)`,
      [ids],
    )
    await admin.query('UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE id = ANY ($1)', [ids])
    for (const { name, sql } of added) {
      const checksum = checksumOf(sql)
      await admin.query(
        `INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
         VALUES ($1, $2, now(), $3, clock_timestamp(), 0)`,
        [randomUUID(), checksum, name],
      )
    }
    await admin.query('COMMIT')
  } catch (error) {
    await admin.query('ROLLBACK')
    throw error
  }
}

function isAtWork(): Problem {
  return new Problem('The history of migrations changed in this moment: it was left as it is.', {
    why: 'Another command, a deploy perhaps, is at work on that database.',
    next: 'Wait until it is done, then type the same command again.',
  })
}
