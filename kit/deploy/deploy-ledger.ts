import type pg from 'pg'
import type { Stage } from './deploy-lines.ts'
import { describeKept, describeLost, type LedgerEntry } from '../keep/ledger-entry.ts'
import { isDatabaseError } from '../engine/database-error.ts'
import { ensureLedger, noteInLedger, readLastEntry, writeLedger } from '../keep/ledger.ts'
import { readHistory } from '../catalog/migration-history.ts'
import { takeSnapshot } from '../keep/snapshot-take.ts'
import { copiedTable, listSnapshots, type Snapshot } from '../keep/snapshots.ts'
import { describeSnapshot } from '../keep/snapshots.ts'
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
 * Counts after a deploy that was cut off before it could: what stood in PROD before it is in the ledger, and in the copy.
 * Undefined where none was, or its copy is gone. `client` has the turn.
 */
export async function countAfterCutOff(client: pg.Client): Promise<Stage | undefined> {
  const entry = await readLastEntry(client)
  const snapshot = listSnapshots().find(({ name }) => name === entry?.snapshot)
  if (entry?.event !== beforeDeploy || !snapshot) return undefined
  const before = new Set(snapshot.migrations)
  const applied = (await readHistory(client)).flatMap(({ name, failed }) => (failed || before.has(name) ? [] : name))
  return countAfter(client, { stage: { name: 'snapshot', mark: 'ok', words: '' }, snapshot, entry }, applied, 1)
}

const beforeDeploy = 'before a deploy'

/** Notes in the ledger why the deploy ended before PROD was changed. */
export async function noteRefusal(client: pg.Client, { entry, snapshot }: Before, why: string): Promise<void> {
  if (entry) await noteInLedger(client, `not deployed: ${why}`, snapshot.name)
}

/** Writes down what stands in PROD after the deploy, and says what became of every value. */
export async function countAfter(
  client: pg.Client,
  { entry: before, snapshot }: Before,
  applied: readonly string[],
  code: number,
): Promise<Stage> {
  if (!before) return notWritten('there is none')
  const event = code === 0 ? 'deploy' : 'a deploy that did not get to its end'
  // The deploy is done by now: what became of it has to be told in any case.
  const after = await writeLedger(client, { event, migrations: applied, snapshot: snapshot.name }).catch(messageOf)
  if (typeof after === 'string') return { ...notWritten(after), mark: 'bad' }
  const kept = await compareEntries(client, before, after, (table) => copiedTable(snapshot, table))
  const words = describeKept(kept)
  if (kept.lost.length === 0) return { name: 'ledger', mark: 'ok', words }
  const lost = kept.lost.map(({ column, count }) => `${column} ${count}`).join(', ')
  await noteInLedger(client, `lost: ${lost}`, snapshot.name)
  return {
    name: 'ledger',
    mark: 'bad',
    words,
    more: describeLost(kept.lost),
    next: [`npm run db restore ${snapshot.name}    (PROD as it was before; what stands there now is kept)`],
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
