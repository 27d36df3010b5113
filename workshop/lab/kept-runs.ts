import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateDir } from '../../kit/project/project.ts'
import type { WayRun } from './run-way.ts'

/** One way, as it was run once. */
export interface KeptRun {
  version: 1
  /** ISO time. */
  at: string
  experiment: string
  scale: number
  rate: number
  connections: number
  machine: string
  server: string
  predicted?: string
  run: WayRun
}

/** Where they are. */
export const runsFolder = () => join(stateDir, 'lab', 'runs')

/** Returns the file's path. */
export function keepRun(kept: KeptRun): string {
  mkdirSync(runsFolder(), { recursive: true })
  const file = join(runsFolder(), `${kept.at.slice(0, 19).replaceAll(':', '')}-${kept.run.way}.json`)
  writeFileSync(`${file}.new`, JSON.stringify(kept, null, 1))
  renameSync(`${file}.new`, file)
  return file
}

/** All that are kept, oldest first, and the names of files that are none. */
export function readRuns(): { runs: KeptRun[]; damaged: string[] } {
  const [runs, damaged]: [KeptRun[], string[]] = [[], []]
  const names = existsSync(runsFolder()) ? readdirSync(runsFolder()).filter((name) => name.endsWith('.json')) : []
  for (const name of names.toSorted()) {
    const run = readRun(join(runsFolder(), name))
    if (run) runs.push(run)
    else damaged.push(name)
  }
  return { runs, damaged }
}

/** The newest run of a way under the same conditions: other ones cannot be compared. */
export function newestRun(way: string, like: Pick<KeptRun, 'scale' | 'rate' | 'connections'>): KeptRun | undefined {
  return readRuns().runs.findLast(
    (one) =>
      one.run.way === way && one.scale === like.scale && one.rate === like.rate && one.connections === like.connections,
  )
}

function readRun(file: string): KeptRun | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptRun
    return kept.version === 1 && isWhole(kept.run) ? kept : undefined
  } catch {
    return undefined
  }
}

/** Whether all is there that is shown side by side. */
function isWhole({ way, during, waits, seconds, steps }: WayRun): boolean {
  return typeof way === 'string' && Boolean(during && waits.logged) && Array.isArray(seconds) && Array.isArray(steps)
}
