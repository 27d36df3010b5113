import type { ChildProcess } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { collect, prisma } from '../../kit/project/processes.ts'
import { projectRoot, stateDir } from '../../kit/project/project.ts'
import { backfill } from '../../kit/backfill/backfill.ts'
import type { Step } from './experiments.ts'
import { connectToLab } from './lab-server.ts'
import { layMigrations } from './portal.ts'
import type { Traffic } from './traffic.ts'

/** Where a step is taken. */
export interface Ground {
  /** Of the portal; password included. */
  url: string
  /** The folder in `changes/` with the migrations of this way. */
  changes: string
  /** Seconds for each stage of a rollout. */
  pace: number
  signal: AbortSignal
  traffic: Pick<Traffic, 'serve'>
  onProgress(done: number, all: number): void
  /** Names of the way's migrations that have been laid into the folder so far. */
  laid: string[]
  /** What goes on beside the steps that follow. */
  beside: Promise<void>[]
}

/** What Prisma said where it refused. */
export type Refusal = string

/** Takes one step of a change. Returns what Prisma said where a deploy failed; throws for anything else. */
export async function takeStep(step: Step, ground: Ground): Promise<Refusal | undefined> {
  const { url, signal } = ground
  switch (step.does) {
    case 'deploy':
      ground.laid.push(...step.migrations.filter((name) => !ground.laid.includes(name)))
      return migrate(['deploy'], ground, step.lockTimeout)
    case 'resolve':
      return migrate(['resolve', '--rolled-back', step.migration], ground)
    case 'backfill':
      await fill(step, ground)
      return undefined
    case 'sql':
      await onceOn(url, step.sql)
      return undefined
    case 'serve':
      ground.traffic.serve(step.versions)
      await sleep(ground.pace * 1000, undefined, { signal })
      return undefined
    case 'report':
      ground.beside.push((await beginReport(url, step.seconds * Math.min(1, ground.pace / 3), signal)).end)
      return undefined
  }
}

/** The step in a few words. */
export function describeStep(step: Step): string {
  switch (step.does) {
    case 'deploy':
      return `deploy ${step.migrations.map((name) => name.replace(/^\d+_/, '')).join(', ')}`
    case 'resolve':
      return `resolve ${step.migration.replace(/^\d+_/, '')}`
    case 'backfill':
      return `backfill ${step.column}`
    case 'sql':
      return step.title
    case 'serve':
      return `${step.versions.join(' and ')} ${step.versions.length > 1 ? 'versions run' : 'version runs'}`
    case 'report':
      return 'a long report begins'
  }
}

/** The real `prisma migrate`, as a process of its own. */
async function migrate(
  words: string[],
  { url, changes, laid }: Ground,
  lockTimeout?: string,
): Promise<Refusal | undefined> {
  const lab = join(projectRoot, 'workshop', 'lab')
  const folder = join(stateDir, 'lab', 'migrations')
  layMigrations(
    folder,
    'all',
    laid.map((name) => join(lab, 'changes', changes, name)),
  )
  const { WORKSHOP_LOCK_TIMEOUT: _, ...around } = process.env
  const env = {
    ...around,
    DATABASE_URL: url,
    LAB_MIGRATIONS: folder,
    NO_COLOR: '1',
    ...(lockTimeout !== undefined && { WORKSHOP_LOCK_TIMEOUT: lockTimeout }),
  }
  const argv = [...prisma, 'migrate', ...words, '--config', join(lab, 'prisma.config.ts')]
  const { code, output } = await collect(argv, { env, windowsHide: true }, giveWay)
  return code === 0 ? undefined : output.trim()
}

/** A deploy is started on a computer of its own, mostly: here it must not take the processor from those who are measured. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, or the system does not allow it.
  }
}

/** As `npm run backfill` does it. The portal is neither DEV nor PROD, and says so of itself by having no marker. */
async function fill({ column, value }: { column: string; value: string }, ground: Ground): Promise<void> {
  const { url, signal, onProgress } = ground
  const connect = () => connectToLab(url, 'lab backfill')
  const plan = { table: 'recruits', column, expression: value, share: shareOfTime }
  await backfill({ env: 'dev', url, files: [] }, plan, {
    signal,
    connect,
    onProgress: ({ lookedAt, rows }) => onProgress(Math.min(lookedAt, rows), rows),
  })
}

/** Of a hundred, for batches; the rest is left to the others. */
const shareOfTime = 80

/**
 * Reads the recruits in a transaction that stays open until somebody has waited for it for so many seconds. When a deploy
 * gets to its first statement depends on the computer; how long it then waits should not.
 */
async function beginReport(url: string, seconds: number, signal: AbortSignal): Promise<{ end: Promise<void> }> {
  const client = await connectToLab(url, 'long report')
  await client.query('BEGIN')
  await client.query('SELECT count(*) FROM recruits WHERE id < 100')
  const stay = async () => {
    const since = performance.now()
    let waitedSince: number | undefined
    while (!signal.aborted && performance.now() - (waitedSince ?? since + mostForADeploy) < seconds * 1000) {
      const { rows } = await client.query<{ waits: boolean }>(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'recruits'::regclass) AS waits",
      )
      if (rows[0]!.waits) waitedSince ??= performance.now()
      await sleep(50)
    }
    await client.query('COMMIT')
    await client.end()
  }
  // A server that goes away is told by the traffic.
  return { end: stay().catch(() => {}) }
}

/** Milliseconds: whatever happens, a report ends after so long. */
const mostForADeploy = 60_000

async function onceOn(url: string, sql: string): Promise<void> {
  const client = await connectToLab(url, 'lab')
  try {
    await client.query(sql)
  } finally {
    await client.end().catch(() => {})
  }
}
