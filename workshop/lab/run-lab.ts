import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import lockfile from 'proper-lockfile'
import { leaveNothing } from '../../kit/project/leave-nothing.ts'
import { stateDir } from '../../kit/project/project.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { serverVersion } from '../databases/server-files.ts'
import { experiments, ways, type Experiment, type ExperimentName, type WayName } from './experiments.ts'
import { keepRun, type KeptRun } from './kept-runs.ts'
import { assertRoom, machine, roomAt, roomNeeded } from './lab-room.ts'
import { labFolder, removeLabServer, startLabServer, stopLabServer, type LabServer } from './lab-server.ts'
import { dropPortal, fillTemplate, freshPortal, hasTemplate, portalDatabase, type Filling } from './portal.ts'
import { runWay, type RunOptions, type Watching } from './run-way.ts'

export interface LabOptions extends Pick<RunOptions, 'scale' | 'rate' | 'connections'> {
  experiment: ExperimentName
  ways: readonly WayName[]
  predicted?: string | undefined
}

export interface LabWatching extends Watching, Filling {
  /** A way begins, on a fresh portal. */
  onWay(way: WayName): void
}

/**
 * Runs ways of an experiment one after the other, each on a fresh portal, and keeps what was measured. The server is
 * stopped in the end, and after a Ctrl-C; DEV and PROD are not touched.
 */
export async function runLab(options: LabOptions, watching: LabWatching): Promise<KeptRun[]> {
  const { scale, rate, connections } = options
  return inLab(options, watching, async (server, signal) => {
    const experiment = experiments[options.experiment] as Experiment
    const kept: KeptRun[] = []
    for (const way of options.ways) {
      watching.onWay(way)
      const how = { scale, rate, connections, pace: paceOf(), signal }
      const run = await runWay(server, { name: way, ...ways[way] }, experiment, how, watching).catch(explain)
      const { predicted } = options
      kept.push({
        version: 1,
        at: new Date().toISOString(),
        experiment: options.experiment,
        scale,
        rate,
        connections,
        machine: machine(),
        server: serverVersion,
        ...(predicted !== undefined && { predicted }),
        run,
      })
      keepRun(kept.at(-1)!)
    }
    return kept
  })
}

/** Works on a fresh portal that nobody else is at, as at an SQL prompt; `url` has the password in it. */
export async function openPortal(
  options: Pick<LabOptions, 'scale' | 'connections'>,
  filling: Filling,
  work: (url: string) => Promise<void>,
): Promise<void> {
  await inLab(options, filling, async (server) => {
    await freshPortal(server, options.scale)
    await work(server.url(portalDatabase))
  })
}

/** Starts the server, with a template of the portal in it, and takes the portal away in the end. */
async function inLab<Result>(
  options: Pick<LabOptions, 'scale' | 'connections'>,
  filling: Filling,
  work: (server: LabServer, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController()
  const make = async () => {
    const release = await alone()
    return {
      async remove() {
        stopping.abort()
        await stopLabServer()
        await release()
      },
    } as Lab
  }
  return leaveNothing(make, async (lab) => {
    await startFilled(lab, options, filling)
    const result = await work(lab.server!, stopping.signal)
    await dropPortal(lab.server!)
    return result
  })
}

/** Takes away what the lab has on the disk; runs that are kept stay. Returns false where there was nothing. */
export async function removeLab(): Promise<boolean> {
  const release = await alone()
  try {
    return await removeLabServer()
  } finally {
    await release()
  }
}

interface Lab {
  server?: LabServer
  remove(): Promise<void>
}

/** The server is started twice where the portal has to be made: rows are made without a log of them. */
async function startFilled(
  lab: Lab,
  { scale, connections }: Pick<LabOptions, 'scale' | 'connections'>,
  filling: Filling,
): Promise<void> {
  const folder = await labFolder()
  assertRoom(roomNeeded(scale, connections, true), roomAt(folder), scale)
  lab.server = await startLabServer('running', scale)
  if (await hasTemplate(lab.server, scale)) return
  await lab.server.stop()
  assertRoom(roomNeeded(scale, connections), roomAt(folder), scale)
  lab.server = await startLabServer('filling', scale)
  await fillTemplate(lab.server, scale, filling)
  await lab.server.stop()
  lab.server = await startLabServer('running', scale)
}

/** A second lab would be measured too. */
async function alone(): Promise<() => Promise<void>> {
  mkdirSync(stateDir, { recursive: true })
  try {
    return await lockfile.lock(join(stateDir, 'lab-running'), { realpath: false, stale: 15_000 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
    throw new Problem('Another lab is running here: nothing was begun.', {
      why: 'Two at a time would measure each other. After a lab that was killed, the place is free in 15 seconds.',
      next: 'Wait for it to end, or end it with Ctrl-C where it runs; then type the same command again.',
    })
  }
}

/** Seconds before a change and for each stage of a rollout; tests are in a hurry. */
function paceOf(): number {
  return Number(process.env['WORKSHOP_LAB_PACE'] ?? 3)
}

function explain(error: Error & { code?: string }): never {
  const isGone = /^(57P|08)|ECONN|EPIPE/.test(error.code ?? '') || /terminated|ECONNREFUSED/.test(error.message)
  if (!isGone || error instanceof Problem) throw error
  throw new Problem('The lab’s server went away in the middle.', {
    why: `PostgreSQL says: ${error.message}. What was measured so far is worth nothing.`,
    next: 'Type the same command again: the portal is made anew from its template. DEV and PROD were not touched.',
    cause: error,
  })
}
