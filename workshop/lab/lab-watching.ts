import type { WayName } from './experiments.ts'
import type { LiveEnd } from './live-lab.ts'
import type { Filling } from './portal.ts'
import type { Watching } from './run-way.ts'

/** Whoever is told what a lab does. */
export interface LabWatching extends Watching, Lasting {
  /** A way begins, on a fresh portal. */
  onWay(way: WayName): void
}

export interface Lasting extends Filling {
  /** No other lab is running: it begins. */
  onAlone?(): void
  /** Told once or more often: the first time counts. `words` say what went wrong. */
  onEnd?(how: LiveEnd['how'], words?: string): void
}
