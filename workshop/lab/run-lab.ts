import { leaveNothing } from '../../kit/project/leave-nothing.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { serverVersion } from '../databases/server-files.ts'
import { experiments, ways, type Experiment, type ExperimentName, type WayName } from './experiments.ts'
import { keepRun, type KeptRun } from './kept-runs.ts'
import { alone } from './lab-lock.ts'
import { assertRoom, machine, roomAt, roomNeeded, tellRoom } from './lab-room.ts'
import { labFolder, removeLabServer, startLabServer, stopLabServer, type LabServer } from './lab-server.ts'
import type { LabWatching, Lasting } from './lab-watching.ts'
import { alsoLive, forgetLive } from './live-file.ts'
import { dropPortal, fillTemplate, freshPortal, hasTemplate, portalDatabase, type Filling } from './portal.ts'
import { runWay, type RunOptions } from './run-way.ts'

export interface LabOptions extends Pick<RunOptions, 'scale' | 'rate' | 'connections'> {
  experiment: ExperimentName
  ways: readonly WayName[]
  predicted?: string | undefined
}

/**
 * Runs ways of an experiment one after the other, each on a fresh portal, and keeps what was measured. The server is
 * stopped in the end, and after a Ctrl-C; DEV and PROD are not touched.
 */
export async function runLab(options: LabOptions, watching: LabWatching): Promise<KeptRun[]> {
  const { scale, rate, connections, predicted } = options
  const about = {
    experiment: options.experiment,
    scale,
    rate,
    connections,
    ...(predicted !== undefined && { predicted }),
  }
  const live = alsoLive(watching, about)
  return inLab(options, live, async (server, signal) => {
    const experiment = experiments[options.experiment] as Experiment
    const kept: KeptRun[] = []
    for (const way of options.ways) {
      live.onWay(way)
      const how = { scale, rate, connections, pace: paceOf(), signal }
      const run = await runWay(server, { name: way, ...ways[way] }, experiment, how, live).catch(explain)
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
  await inLab(options, { ...filling, onAlone: forgetLive }, async (server) => {
    await freshPortal(server, options.scale)
    await work(server.url(portalDatabase))
  })
}

/** Starts the server, with a template of the portal in it, and takes the portal away in the end. */
async function inLab<Result>(
  options: Pick<LabOptions, 'scale' | 'connections'>,
  lasting: Lasting,
  work: (server: LabServer, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController()
  const make = async () => {
    const release = await alone()
    lasting.onAlone?.()
    return {
      async remove() {
        stopping.abort()
        lasting.onEnd?.('stopped')
        await stopLabServer()
        await release()
      },
    } as Lab
  }
  return leaveNothing(make, async (lab) => {
    try {
      await startFilled(lab, options, lasting)
      const result = await work(lab.server!, stopping.signal)
      await dropPortal(lab.server!)
      lasting.onEnd?.('done')
      return result
    } catch (error) {
      if (!stopping.signal.aborted) lasting.onEnd?.('failed', error instanceof Problem ? error.message : String(error))
      throw error
    }
  })
}

/** Takes away what the lab has on the disk; runs that are kept stay. Returns false where there was nothing. */
export async function removeLab(): Promise<boolean> {
  const release = await alone()
  forgetLive()
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
  const assertEnough = (isThere: boolean) => {
    const [needed, there] = [roomNeeded(scale, connections, isThere), roomAt(folder)]
    assertRoom(needed, there, scale)
    return tellRoom(needed, there, scale)
  }
  const words = assertEnough(true)
  lab.server = await startLabServer('running', scale)
  if (await hasTemplate(lab.server, scale)) return filling.say(words)
  await lab.server.stop()
  filling.say(assertEnough(false))
  lab.server = await startLabServer('filling', scale)
  await fillTemplate(lab.server, scale, filling)
  await lab.server.stop()
  lab.server = await startLabServer('running', scale)
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
