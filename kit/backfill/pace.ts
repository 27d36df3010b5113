/** A batch takes about so long: others wait no longer than that for a row. In milliseconds. */
export const wantedTime = 100

const largest = 50_000

/**
 * How many rows the next batch looks at, after one of `size` rows that took `ms`: at most twice as many, and at least half.
 * It goes half of the way: one that was quick by luck would make the next one long.
 */
export function nextSize(size: number, ms: number): number {
  const factor = Math.min(2, Math.max(0.5, Math.sqrt(wantedTime / Math.max(1, ms))))
  return Math.min(largest, Math.max(1, Math.round(size * factor)))
}

/** What a batch has met. */
export interface Met {
  /** How long the batch took, in milliseconds. */
  ms: number
  /** Whether it has written: one that only looks is in nobody's way. */
  hasWritten: boolean
  /** Sessions that waited for one of its locks. */
  waiting: number
}

/** How long it stays away after a batch, in milliseconds, when it is to work `share` percent of the time. */
export function pauseAfter({ ms, hasWritten, waiting }: Met, share: number): number {
  if (!hasWritten) return 0
  const pause = (ms * (100 - share)) / share
  return waiting > 0 ? Math.max(2 * pause, wantedTime) : pause
}

/** A replica that is further behind than this is waited for, in seconds. */
export const mostLag = 5

/** How long a batch waits for a lock of somebody else, in milliseconds: whoever comes after it waits as long. */
export const lockPatience = 2_000

/** How long it stays away before it asks again for such a lock, in milliseconds; undefined when it gives up. */
export function waitAfter(failures: number, patience: number): number | undefined {
  return failures < 6 ? (patience / 8) * 2 ** failures : undefined
}
