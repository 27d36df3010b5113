import type { Second } from './figures.ts'

/** What a lab says while it runs, a line of JSON each, in the order in which it happens. */
export type LiveLine =
  | ({ kind: 'begin' } & LiveBegin)
  /** The portal is filled. */
  | { kind: 'rows'; done: number; all: number }
  /** A way begins; its steps in a few words each. */
  | { kind: 'way'; way: string; title: string; steps: readonly string[] }
  /** The next step of that way begins. */
  | { kind: 'step' }
  /** `share` is how much of a backfill is done, from 0 to 1, while there is one. */
  | { kind: 'second'; second: Second; share?: number }
  | ({ kind: 'end' } & LiveEnd)

export interface LiveBegin {
  /** ISO time. */
  at: string
  experiment: string
  scale: number
  rate: number
  connections: number
  predicted?: string
}

export interface LiveEnd {
  /** ISO time. */
  at: string
  how: 'done' | 'stopped' | 'failed'
  /** What went wrong. */
  words?: string
}

/** A lab as far as it is. */
export interface LiveLab {
  begin: LiveBegin
  rows?: { done: number; all: number }
  ways: LiveWay[]
  /** A lab that was killed has none. */
  end?: LiveEnd
}

export interface LiveWay {
  way: string
  title: string
  steps: readonly string[]
  /** The second of the run in which each step began that has begun. */
  begun: number[]
  seconds: Second[]
  share?: number
}

/** Adds a line to the lab, and returns it. A line that nobody can read, as one of another version, is left out. */
export function withLine(lab: LiveLab | undefined, text: string): LiveLab | undefined {
  const line = lineOf(text)
  if (line?.kind === 'begin') {
    const { kind: _, ...begin } = line
    return { begin, ways: [] }
  }
  if (!lab || !line) return lab
  const way = lab.ways.at(-1)
  if (line.kind === 'rows') lab.rows = { done: line.done, all: line.all }
  else if (line.kind === 'way')
    lab.ways.push({ way: line.way, title: line.title, steps: line.steps, begun: [], seconds: [] })
  else if (line.kind === 'end') lab.end = { at: line.at, how: line.how, ...(line.words && { words: line.words }) }
  else if (way && line.kind === 'step') {
    way.begun.push(way.seconds.at(-1)?.at ?? 0)
    delete way.share
  } else if (way && line.kind === 'second') {
    way.seconds.push(line.second)
    if (line.share !== undefined) way.share = line.share
  }
  return lab
}

function lineOf(text: string): LiveLine | undefined {
  try {
    const line = JSON.parse(text) as LiveLine
    return holds[line.kind]?.(line as never) ? line : undefined
  } catch {
    return undefined
  }
}

/** Whether all is there that is drawn. */
const holds: { [Kind in LiveLine['kind']]: (line: Extract<LiveLine, { kind: Kind }>) => boolean } = {
  begin: ({ at, experiment, scale, rate }) => areTexts(at, experiment) && areNumbers(scale, rate),
  rows: ({ done, all }) => areNumbers(done, all),
  way: ({ way, title, steps }) => areTexts(way, title, ...steps),
  step: () => true,
  second: ({ second: { at, p50, p99, worst, waiting, failed } }) =>
    areNumbers(at, p50, p99, worst, waiting, failed.old, failed.new),
  end: ({ at, how }) => areTexts(at) && ['done', 'stopped', 'failed'].includes(how),
}

function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}

function areNumbers(...values: unknown[]): boolean {
  return values.every((value) => Number.isFinite(value))
}
