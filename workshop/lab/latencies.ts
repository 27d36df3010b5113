import { build, type Histogram } from 'hdr-histogram-js'

/** In milliseconds, from the moment for which an operation was planned to its answer. */
export interface Latency {
  operations: number
  p50: number
  p99: number
  worst: number
}

/** Who waits for longer than this many milliseconds, thinks that nothing works. */
export const patience = 250

/** Collects latencies; microseconds inside, three digits exact. */
export class Latencies {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    autoResize: false,
    useWebAssembly: false,
  })

  add(milliseconds: number): void {
    this.#histogram.recordValue(Math.max(1, Math.round(milliseconds * 1000)))
  }

  read(): Latency {
    const of = (microseconds: number) => Math.round(microseconds / 10) / 100
    const { totalCount, maxValue } = this.#histogram
    if (totalCount === 0) return { operations: 0, p50: 0, p99: 0, worst: 0 }
    const [p50, p99] = [50, 99].map((percent) => of(this.#histogram.getValueAtPercentile(percent)))
    return { operations: totalCount, p50: p50!, p99: p99!, worst: of(maxValue) }
  }

  reset(): void {
    this.#histogram.reset()
  }
}

/**
 * The time in which somebody waited for longer than `patience`: the stretches from planned moment to answer of all such
 * operations, laid over each other. So two who wait at the same time count once.
 */
export class Standstill {
  #stretches: { from: number; to: number }[] = []

  add(from: number, to: number): void {
    if (to - from <= patience) return
    let merged = { from, to }
    const apart = this.#stretches.filter((one) => {
      if (one.to < merged.from || one.from > merged.to) return true
      merged = { from: Math.min(one.from, merged.from), to: Math.max(one.to, merged.to) }
      return false
    })
    this.#stretches = [...apart, merged]
  }

  /** Together. */
  seconds(): number {
    return this.#stretches.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0)
  }
}
