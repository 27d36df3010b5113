import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../kit/terminal/problem.ts'
import { grouped } from '../../kit/terminal/numbers.ts'
import type { Experiment, Way } from './experiments.ts'
import { FiguresOf, type Figures, type Second } from './figures.ts'
import { readFollowed, type Followed } from './followed-writes.ts'
import { connectToLab, type LabServer } from './lab-server.ts'
import { followLog, type LoggedWaits } from './lock-log.ts'
import { sampleLocks, type StrongLock } from './lock-samples.ts'
import { freshPortal, portalDatabase } from './portal.ts'
import { recruitsAt } from './portal-rows.ts'
import { describeStep, takeStep, type Ground } from './take-step.ts'
import { startTraffic, type Traffic } from './traffic.ts'

export interface RunOptions {
  scale: number
  /** Operations a second. */
  rate: number
  connections: number
  /** Seconds before the change, and for each stage of a rollout. */
  pace: number
  signal: AbortSignal
}

export interface Watching {
  onStep(step: string): void
  onSecond(second: Second): void
  onProgress(done: number, all: number): void
}

/** What one way did to the traffic. */
export interface WayRun extends Figures {
  way: string
  title: string
  /** Seconds that deploys and backfill took; the stages of the rollout are not in it. */
  change: number
  /** `refused`: what Prisma said where a deploy failed. */
  steps: { step: string; seconds: number; isChange: boolean; refused?: string }[]
  seconds: Second[]
  locks: StrongLock[]
  /** Milliseconds, as `pg_locks` was seen and as the server's log says; sessions that waited at most at a time. */
  waits: { longest: number; sessions: number; logged: LoggedWaits }
  followed: Followed
  /** By how much the traffic itself was late at most, in milliseconds; that is a part of the latencies. */
  late: number
  isWhole: boolean
}

/** Runs one way on a fresh portal under traffic. */
export async function runWay(
  server: LabServer,
  way: Way,
  experiment: Experiment,
  options: RunOptions,
  watching: Watching,
): Promise<WayRun> {
  const { scale, rate, connections, pace, signal } = options
  await freshPortal(server, scale)
  const url = server.url(portalDatabase)
  await warmUp(url)
  const [recruits, { applications }] = [recruitsAt(scale), experiment]
  const locks = await sampleLocks(url)
  const log = followLog(server.logFile)
  const figures = new FiguresOf(performance.now())
  const traffic = startTraffic({ url, rate, connections, applications, recruits, onDone: (done) => figures.add(done) })
  const seconds: Second[] = []
  let now = 'before'
  const clock = setInterval(() => {
    const figured = figures.endSecond(performance.now(), now, traffic.waiting(), locks.now())
    const second = { ...figured, locks: locks.sinceLast() }
    seconds.push(second)
    watching.onSecond(second)
  }, 1000)
  try {
    await sleep(pace * 1000, undefined, { signal })
    assertKeepsUp(traffic, figures, options)
    figures.beginChange(performance.now())
    const { onProgress } = watching
    const ground: Ground = {
      url,
      changes: way.folder ?? way.name,
      pace,
      signal,
      traffic,
      onProgress,
      laid: [],
      beside: [],
    }
    const steps: WayRun['steps'] = []
    let isWhole = true
    for (const step of way.steps) {
      now = describeStep(step)
      watching.onStep(now)
      const since = performance.now()
      const refused = await takeStep(step, ground)
      signal.throwIfAborted()
      const isChange = step.does !== 'serve' && step.does !== 'report'
      const took = (performance.now() - since) / 1000
      steps.push({ step: now, seconds: took, isChange, ...(refused !== undefined && { refused }) })
      isWhole = refused === undefined || (step.does === 'deploy' && step.mayFail === true)
      if (!isWhole) break
    }
    await Promise.all(ground.beside)
    await traffic.stop()
    await locks.stop()
    clearInterval(clock)
    return {
      way: way.name,
      title: way.title,
      ...figures.read(),
      change: steps.filter(({ isChange }) => isChange).reduce((sum, step) => sum + step.seconds, 0),
      steps,
      seconds,
      locks: locks.locks(),
      waits: { ...locks.waits(), logged: log.read() },
      followed: await readLost(url, experiment, recruits, traffic),
      late: Math.round(traffic.latest()),
      isWhole,
    }
  } finally {
    clearInterval(clock)
    await traffic.stop('now')
    await locks.stop()
  }
}

/** Reads the table once, so that neither way begins with what lies on the disk alone. */
async function warmUp(url: string): Promise<void> {
  const client = await connectToLab(url, 'lab')
  try {
    await client.query('SELECT sum(points) FROM recruits')
    await client.query('SELECT count(*) FROM recruits WHERE email > $1', [''])
  } finally {
    await client.end()
  }
}

/** Before anything is changed: a computer that is too slow for the traffic alone would blame the change for it. */
function assertKeepsUp(traffic: Traffic, figures: FiguresOf, { rate, pace, connections }: RunOptions): void {
  const { count, oldest } = traffic.waiting()
  const oldestWaits = oldest === undefined ? 0 : performance.now() - oldest
  const { operations } = figures.soFar()
  // Soon after the beginning nobody can have waited for long, however many wait.
  const doMostWait = count > 100 && count > operations
  if (oldestWaits <= behind && traffic.latest() <= 4 * behind && !doMostWait) return
  const able = Math.max(1, Math.floor(operations / pace / 2 / 10) * 10)
  throw new Problem(`The traffic does not keep up: nothing was changed yet, and ${grouped(count)} operations wait.`, {
    why: `${grouped(rate)} operations a second over ${connections} connections were planned; this computer answered ${grouped(Math.round(operations / pace))} a second.`,
    next: `Take fewer:  npm run lab WORD -- --rate ${able}`,
  })
}

/** Milliseconds: nobody waits for that long where the computer keeps up. */
const behind = 500

async function readLost(url: string, experiment: Experiment, recruits: number, traffic: Traffic): Promise<Followed> {
  const client = await connectToLab(url, 'lab')
  const { made, column } = experiment.followed
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'recruits'::regclass AND attname = ANY ($1::text[]) AND NOT attisdropped",
      [[column, made]],
    )
    // A change that did not get to its end has not made the new one.
    const there = rows.some(({ name }) => name === column) ? column : made
    return await readFollowed(client, there, made, recruits, traffic.writes)
  } finally {
    await client.end()
  }
}
