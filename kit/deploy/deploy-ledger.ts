import type pg from 'pg'
import type { Stage } from './deploy-lines.ts'
import {
  describeFates,
  describeKept,
  describeLost,
  describePlaces,
  type Kept,
  type LedgerEntry,
} from '../keep/ledger-entry.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { ensureLedger, noteInLedger, readEntryBefore, readLastEntry, writeLedger } from '../keep/ledger.ts'
import { readHistory } from '../catalog/migration-history.ts'
import { takeSnapshot } from '../keep/snapshot-take.ts'
import { describeSnapshot, copiedTable, listSnapshots, type Snapshot } from '../keep/snapshots.ts'
import { restoreCopy } from '../keep/copy-before.ts'
import { awaitVerdict, awaitsVerdict, endVerdicts } from '../keep/verdicts.ts'
import { compareEntries } from '../keep/compare-entries.ts'

/** PROD as it was before the deploy: every value in files, and the ledger's entry of the same moment. */
export interface Before {
  stage: Stage
  snapshot: Snapshot
  /** Undefined where PROD was only to be read, or its ledger could not be written. */
  entry: LedgerEntry | undefined
}

/** What a copy is made for, and whether PROD is only read for it. */
export const copyFor = {
  deploy: { why: 'before a deploy', readOnly: false },
  dryRun: { why: 'for a dry run', readOnly: true },
  release: { why: 'for a release', readOnly: true },
} as const

/** Copies PROD, and writes down what stands in it where it is not only read. */
export async function copyBefore(
  client: pg.Client,
  { why, readOnly }: (typeof copyFor)[keyof typeof copyFor],
  say: (line: string) => void,
): Promise<Before> {
  const problem = readOnly ? undefined : await ensureLedger(client).catch(messageOf)
  let entry: LedgerEntry | undefined
  const inside = async (snapshot: string) => {
    entry = await writeLedger(client, { event: beforeDeploy, snapshot })
  }
  const snapshot = await takeSnapshot(client, { say, why, ...(!readOnly && problem === undefined && { inside }) })
  if (!readOnly) awaitVerdict(snapshot)
  const more = snapshot.leftOut.map((what) => `not in the copy: ${what}`)
  const stage: Stage = {
    name: 'snapshot',
    mark: more.length > 0 ? 'note' : 'ok',
    words: describeSnapshot(snapshot),
    more,
  }
  return { stage, snapshot, entry }
}

/**
 * Counts after a deploy without a verdict: one that was cut off before all of its values were looked up. What stood in
 * PROD before it is in the ledger, and in the copy. Undefined where none was. `client` has the turn.
 */
export async function countAfterCutOff(client: pg.Client): Promise<Stage | undefined> {
  const open = await findOpen(client)
  if (!open) return undefined
  const before = new Set(open.snapshot?.migrations)
  const history = open.snapshot ? await readHistory(client) : []
  const applied = history.flatMap(({ name, failed }) => (failed || before.has(name) ? [] : name))
  return countAfter(client, open, applied, 1)
}

/**
 * The last deploy without a verdict. The copy's own word is asked first, for PROD's role can write into the ledger;
 * where the copy is gone, or on another computer, the ledger's last entry says it.
 */
async function findOpen(client: pg.Client): Promise<Counted | undefined> {
  const snapshots = listSnapshots()
  for (const snapshot of snapshots.filter(awaitsVerdict)) {
    const entry = await readEntryBefore(client, beforeDeploy, snapshot.name)
    if (entry) return { snapshot, entry }
  }
  const entry = await readLastEntry(client)
  if (entry?.event !== beforeDeploy) return undefined
  return { snapshot: snapshots.find(({ name }) => name === entry.snapshot), entry }
}

/** What is compared: without a copy, values can be counted and not shown. */
type Counted = Pick<Before, 'entry'> & { snapshot: Snapshot | undefined }

const beforeDeploy = 'before a deploy'

/** Notes in the ledger why the deploy ended before PROD was changed. */
export async function noteRefusal(client: pg.Client, { entry, snapshot }: Before, why: string): Promise<void> {
  if (entry) await noteInLedger(client, `not deployed: ${why}`, snapshot.name)
  endVerdicts()
}

/** Writes down what stands in PROD after the deploy, and says what became of every value. */
export async function countAfter(
  client: pg.Client,
  { entry: before, snapshot }: Counted,
  applied: readonly string[],
  code: number,
): Promise<Stage> {
  if (!before) return notWritten('there is none')
  const event = code === 0 ? 'deploy' : 'a deploy that did not get to its end'
  const copy = (table: string) => (snapshot ? copiedTable(snapshot, table) : undefined)
  const name = snapshot?.name ?? before.snapshot ?? undefined
  // The entry and its verdict are there together or not at all, and of one moment.
  // However long it takes to count, it is counted.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0')
  try {
    const after = await writeLedger(client, { event, migrations: applied, ...(name && { snapshot: name }) })
    const kept = await compareEntries(client, before, after, copy)
    const lost = kept.lost.map(({ column, count }) => `${column} ${count}`).join(', ')
    if (lost) await noteInLedger(client, `lost: ${lost}`, name)
    await client.query('COMMIT')
    endVerdicts()
    return verdict(kept, name)
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    // The deploy is done by now: what became of it has to be told in any case.
    return { ...notWritten(messageOf(error)), mark: 'bad' }
  }
}

function verdict(kept: Kept, copy: string | undefined): Stage {
  const words = describeKept(kept)
  if (kept.lost.length === 0)
    return { name: 'ledger', mark: 'ok', words, more: [...describeFates(kept), ...describePlaces(kept.moved)] }
  return {
    name: 'ledger',
    mark: 'bad',
    words,
    more: [...describeFates(kept), ...describeLost(kept.lost)],
    next: copy ? [restoreCopy(copy)] : [],
  }
}

function messageOf(error: unknown): string {
  if (!isDatabaseError(error)) throw error
  return error.message
}

function notWritten(message: string): Stage {
  return {
    name: 'ledger',
    mark: 'note',
    words: 'could not be written: nobody has counted the values',
    more: [`PostgreSQL says: ${message}.`],
    next: ['npm run db up    (puts ledger and guard into PROD)'],
  }
}
