import type { Version } from './applications.ts'
import type { SecondOfLocks } from './lock-samples.ts'
import { Latencies, Standstill, type Latency } from './latencies.ts'

/** One second of a run, as it is shown while it runs. */
export interface Second extends Latency {
  /** Seconds since the traffic began. */
  at: number
  /** What the change was doing. */
  step: string
  failed: Record<Version, number>
  /** Operations without an answer at the end of this second. */
  waiting: number
  /** The strongest lock that was held then. */
  lock?: string
  /** Runs that were kept long ago have none. */
  locks?: SecondOfLocks
}

export interface Failures {
  count: number
  /** What PostgreSQL said, each text once. */
  said: string[]
}

/** What is measured of the traffic, before the change and from its beginning on. */
export interface Figures {
  before: Latency
  during: Latency
  /** Seconds in which somebody waited for longer than a quarter of a second. */
  standstill: number
  failed: Record<Version, Failures>
}

interface Answered {
  version: Version
  /** Both in milliseconds of one clock. */
  planned: number
  answered: number
  failure?: string
}

/** Collects what the traffic tells, and gives it back by the second and at the end. */
export class FiguresOf {
  readonly #began: number
  #changeBegan = Number.POSITIVE_INFINITY
  readonly #before = new Latencies()
  readonly #during = new Latencies()
  readonly #second = new Latencies()
  readonly #standstill = new Standstill()
  readonly #failed: Record<Version, Failures> = { old: { count: 0, said: [] }, new: { count: 0, said: [] } }
  #failedInSecond: Record<Version, number> = { old: 0, new: 0 }

  constructor(began: number) {
    this.#began = began
  }

  /** What is planned from this moment on counts as during the change. */
  beginChange(at: number): void {
    this.#changeBegan = at
  }

  add({ version, planned, answered, failure }: Answered): void {
    const isDuring = planned >= this.#changeBegan
    const times = isDuring ? this.#during : this.#before
    times.add(answered - planned)
    this.#second.add(answered - planned)
    if (isDuring) this.#standstill.add(planned, answered)
    if (failure === undefined) return
    const failed = this.#failed[version]
    failed.count++
    if (!failed.said.includes(failure) && failed.said.length < 5) failed.said.push(failure)
    this.#failedInSecond[version]++
  }

  /** What came since the last call; who still waits counts with the time so far. */
  endSecond(now: number, step: string, waiting: { count: number; oldest: number | undefined }, lock?: string): Second {
    const latency = this.#second.read()
    const failed = this.#failedInSecond
    this.#second.reset()
    this.#failedInSecond = { old: 0, new: 0 }
    const worst = Math.max(latency.worst, waiting.oldest === undefined ? 0 : Math.round(now - waiting.oldest))
    const at = Math.round((now - this.#began) / 1000)
    return { ...latency, worst, at, step, failed, waiting: waiting.count, ...(lock !== undefined && { lock }) }
  }

  soFar(): Latency {
    return this.#before.read()
  }

  read(): Figures {
    return {
      before: this.#before.read(),
      during: this.#during.read(),
      standstill: Math.round(this.#standstill.seconds() * 100) / 100,
      failed: this.#failed,
    }
  }
}
