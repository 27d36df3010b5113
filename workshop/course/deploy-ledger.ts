import type pg from 'pg'
import type { Stage } from '../plain/deploy-lines.ts'
import { describeKept, describeLost } from '../plain/ledger.ts'
import { isDatabaseError } from '../world/engine/database-error.ts'
import { noteInLedger, writeLedger } from '../world/ledger.ts'
import { compareEntries, type Copy } from './ledger.ts'

export interface OpenLedger {
  /** Writes down what stands in PROD after the deploy, and says what became of the values. */
  finish(applied: readonly string[], code: number): Promise<Stage>
}

/** Writes down what stands in PROD before the deploy. `copy` gives the values from then, to name those that are gone. */
export async function beginLedger(client: pg.Client, copy: Copy, snapshot: string | undefined): Promise<OpenLedger> {
  const kept = snapshot === undefined ? {} : { snapshot }
  try {
    const before = await writeLedger(client, { event: 'before a deploy', ...kept })
    return {
      finish: (applied, code) =>
        finish(client, { before, copy, snapshot }, applied, code).catch((error: unknown) => {
          // The deploy is done by now: what became of it has to be told in any case.
          if (!isDatabaseError(error)) throw error
          return noLedger(error.message)
        }),
    }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return { finish: async () => noLedger(error.message) }
  }
}

async function finish(
  client: pg.Client,
  {
    before,
    copy,
    snapshot,
  }: { before: Awaited<ReturnType<typeof writeLedger>>; copy: Copy; snapshot: string | undefined },
  applied: readonly string[],
  code: number,
): Promise<Stage> {
  const event = code === 0 ? 'deploy' : 'a deploy that did not get to its end'
  const after = await writeLedger(client, { event, migrations: applied, ...(snapshot && { snapshot }) })
  const kept = await compareEntries(client, before, after, copy)
  const words = describeKept(kept)
  if (kept.lost.length === 0) return { name: 'ledger', mark: 'ok', words }
  // Without a copy nobody can tell what was archived from what is gone.
  if (snapshot === undefined) return { name: 'ledger', mark: 'note', words: `${words}, or they were archived` }
  const lost = kept.lost.map((one) => `${one.column} ${one.count}`).join(', ')
  await noteInLedger(client, `lost: ${lost}`, snapshot)
  return {
    name: 'ledger',
    mark: 'bad',
    words,
    more: describeLost(kept.lost),
    next: snapshot
      ? [`npm run db -- restore ${snapshot} --env prod    (PROD as it was before)`]
      : ['npm run db ledger'],
  }
}

function noLedger(message: string): Stage {
  return {
    name: 'ledger',
    mark: 'note',
    words: 'could not be written: nobody has counted the values',
    more: [`PostgreSQL says: ${message}.`],
    next: ['npm run db up    (puts ledger and guard into PROD)'],
  }
}
