import { statSync } from 'node:fs'
import { readRuns, runsFolder, type KeptRun } from '../lab/kept-runs.ts'
import { isLabRunning } from '../lab/lab-lock.ts'
import { followLive } from '../lab/live-file.ts'
import { labView, type LabView } from './lab-view.ts'

/** Reads the lab again and again: the same view while nothing has happened, undefined where none has ever run. */
export function labReader(): () => Promise<LabView | undefined> {
  const follow = followLive()
  let view: LabView | undefined
  let runs: readonly KeptRun[] = []
  let print = ''
  let written: number | undefined
  return async () => {
    const { lab: live, isNews } = follow()
    const time = statSync(runsFolder(), { throwIfNoEntry: false })?.mtimeMs
    if (time !== written) runs = readRuns().runs
    const isRunning = live !== undefined && !live.end && (await isLabRunning())
    const next = `${time} ${isRunning}`
    if (isNews || next !== print) view = labView({ live, isRunning, runs, now: new Date() })
    ;[print, written] = [next, time]
    return view
  }
}
