import { Problem } from '../../kit/terminal/problem.ts'
import { listArchives, NoSuchArchive, takeBack, type SwapOptions } from '../../kit/keep/archives.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { up } from './databases.ts'
import { restoreSnapshot, type Restored } from '../../kit/keep/restore.ts'
import { takeSnapshot } from '../../kit/keep/snapshot-take.ts'
import { describeSnapshot, listSnapshots, type Snapshot } from '../../kit/keep/snapshots.ts'
import { tryCopy, type TriedCopy } from '../../kit/keep/tried-copy.ts'
import type { Place, Target } from '../../kit/database/target.ts'

type Say = (line: string) => void

/** A copy of PROD, now, and whether it can be brought back: a copy that nobody has tried is a hope. */
export async function copyProd(
  { target }: Pick<Place, 'target'>,
  say: Say,
): Promise<{ snapshot: Snapshot; tried: TriedCopy }> {
  const client = await connectTo(target('prod'))
  const snapshot = await takeSnapshot(client, { say, why: 'by hand' }).finally(() => client.end())
  return { snapshot, tried: await tryCopy(() => target('dev'), snapshot, say) }
}

/** What `restore` can bring back, a line each, newest first: the copies of PROD, and databases that were set aside. */
export async function listCopies(target: Target): Promise<string[]> {
  const ENV = target.env.toUpperCase().padEnd(4)
  const snapshots = target.env === 'prod' ? listSnapshots() : []
  const archives = await listArchives(target)
  const copies = snapshots.map((one) => `${describeSnapshot(one)}${one.why ? `, ${one.why}` : ''}`)
  const lines = [...copies, ...(archives ?? []).map(({ name, size }) => `${name}  ${size}`)]
  if (archives === undefined)
    lines.push('databases that were set aside cannot be listed: its server is down, or not ours')
  return (lines.length === 0 ? ['nothing is set aside'] : lines).map((line) => `${ENV}  ${line}`)
}

/** Puts a copy or a database that was set aside into the target's place, and sets aside what stands there. */
export async function restore(target: Target, name: string, disconnect: boolean, say: Say): Promise<Restored> {
  const options: SwapOptions = { disconnect, toDisconnect: `npm run db restore ${name} -- --disconnect` }
  const snapshot = listSnapshots().find((one) => one.name === name)
  if (snapshot && target.env === 'dev') throw notForDev()
  await up(target.env, say)
  const restored = snapshot
    ? await restoreSnapshot(target, snapshot, options, say)
    : {
        aside: await takeBack(target, name, options).catch((error) => explain(error, target, name)),
        since: [],
        changed: [],
        rights: [],
      }
  // An older database may have an older guard.
  await up(target.env, say)
  return restored
}

async function explain(error: unknown, target: Target, name: string): Promise<never> {
  if (!(error instanceof NoSuchArchive)) throw error
  const names = [...(target.env === 'prod' ? listSnapshots() : []), ...((await listArchives(target)) ?? [])].map(
    (one) => one.name,
  )
  throw new Problem(`${target.env.toUpperCase()} has no archive "${name}".`, {
    why: names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`,
    next: 'npm run db snapshots',
  })
}

function notForDev(): Problem {
  return new Problem('A copy of PROD goes back to PROD alone.', {
    why: 'On DEV everybody may see the rows, and destroy them.',
    next: 'npm run goto 18    (DEV with recruits of its own)',
  })
}
