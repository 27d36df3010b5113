import { grouped } from '../../kit/terminal/numbers.ts'
import type { Second } from '../lab/figures.ts'
import { duration } from '../lab/lab-lines.ts'
import { patience } from '../lab/latencies.ts'

/** A picture of what happened over time, 1000 wide and 100 high: the page stretches it to the room that it has. */
export interface Chart {
  title: string
  /** What it says, for whoever does not see it. */
  words: string
  curves: Curve[]
  /** Lines across, in percent from the top. */
  rules: { y: number; label: string; isLimit: boolean }[]
}

export interface Curve {
  /** How the page draws it. */
  look: 'half' | 'most' | 'worst' | 'old' | 'new' | 'amount'
  name: string
  /** The path, as SVG has it. */
  d: string
}

/** Below the charts of one run: percent from the left. */
export interface Axis {
  ticks: { x: number; label: string }[]
  /** Where the steps of the change begin, by their numbers. */
  marks: { x: number; label: string }[]
}

/** A second, or several of which the worst is shown. */
interface Point {
  from: number
  at: number
  /** Undefined where nobody got an answer. */
  p50: number | undefined
  p99: number | undefined
  worst: number
  old: number
  new: number
  waiting: number
  /** Percent of the time. */
  held: number
  waited: number
}

/** A longer run is drawn by as many points. */
export const mostPoints = 240

/** All of one run, one below the other on the same axis. */
export function chartsOf(seconds: readonly Second[], begun: readonly number[]): { charts: Chart[]; axis: Axis } {
  const [points, until] = [pointsOf(seconds), endOf(seconds)]
  const amount = (title: string, top: number, of: (point: Point) => number, unit?: string) =>
    amounts({ title, top, unit, of: [{ look: 'amount', name: title, of }] }, points, until)
  const versions: Amount[] = [
    { look: 'old', name: 'old version', of: (point) => point.old },
    { look: 'new', name: 'new version', of: (point) => point.new },
  ]
  return {
    charts: [
      latencies(points, until, secondsOfPoint(seconds)),
      amounts({ title: 'failed a second', top: 4, of: versions }, points, until),
      amount('operations without an answer', 20, (point) => point.waiting),
      amount('a strong lock is held', 100, (point) => point.held, ' % of the time'),
      amount('sessions that wait for a lock', 4, (point) => point.waited),
    ],
    axis: axisOf(until, begun),
  }
}

/** The slowest answers of two runs, on one axis. */
export function bothWays(runs: readonly { title: string; look: Curve['look']; seconds: readonly Second[] }[]): {
  chart: Chart
  axis: Axis
} {
  const until = Math.max(...runs.map(({ seconds }) => endOf(seconds)))
  const all = runs.map(({ title, look, seconds }) => ({ title, look, points: pointsOf(seconds) }))
  const { top, y, rules } = scaleOf(all.flatMap(({ points }) => points))
  const curves = all.map(({ title, look, points }) => ({
    look,
    name: title,
    d: line(points, until, y, ({ worst }) => worst),
  }))
  const words = all.map(
    ({ title, points }) => `${title}: at most ${duration(Math.max(0, ...points.map(({ worst }) => worst)))}`,
  )
  return {
    chart: { title: 'the slowest answer', words: `${words.join('; ')}. Up to ${round(top)}.`, curves, rules },
    axis: axisOf(until, []),
  }
}

function latencies(points: readonly Point[], until: number, each: number): Chart {
  const { y, rules } = scaleOf(points)
  const last = points.at(-1)
  const of = (value: number | undefined) => (value === undefined ? 'none' : duration(value))
  return {
    title: each === 1 ? 'time to an answer' : `time to an answer, the worst of each ${each} s`,
    words: last
      ? `Now: half ${of(last.p50)}, 99 of 100 ${of(last.p99)}, the slowest ${duration(last.worst)}.`
      : 'Nothing yet.',
    curves: [
      { look: 'worst', name: 'the slowest', d: line(points, until, y, ({ worst }) => worst) },
      { look: 'most', name: '99 of 100', d: line(points, until, y, ({ p99 }) => p99) },
      { look: 'half', name: 'half', d: line(points, until, y, ({ p50 }) => p50) },
    ],
    rules,
  }
}

/** Each tenth of a millisecond to ten of them is as high as each second to ten: from 1 ms to what is needed, at least 1 s. */
function scaleOf(points: readonly Point[]): { top: number; y: (ms: number) => number; rules: Chart['rules'] } {
  const most = Math.max(1_000, ...points.map(({ worst }) => worst))
  const decades = Math.ceil(Math.log10(most) - 1e-9)
  const y = (ms: number) => rounded(100 - (100 * Math.log10(Math.max(1, ms))) / decades)
  const tenfold = Array.from({ length: decades - 1 }, (_, i) => 10 ** (i + 1))
  const rules = tenfold.map((ms) => ({ y: y(ms), label: round(ms), isLimit: false }))
  return { top: 10 ** decades, y, rules: [...rules, { y: y(patience), label: `${patience} ms`, isLimit: true }] }
}

interface Amount {
  look: Curve['look']
  name: string
  of: (point: Point) => number
}

/** As high as the most of them, and at least as `top`: what is little looks little. */
function amounts(
  { title, top, unit = '', of }: { title: string; top: number; unit?: string | undefined; of: readonly Amount[] },
  points: readonly Point[],
  until: number,
): Chart {
  const most = Math.max(0, ...points.flatMap((point) => of.map((one) => one.of(point))))
  const y = (value: number) => rounded(100 - (100 * value) / Math.max(top, most))
  const curves = of.map(({ look, name, of: value }) => ({ look, name, d: area(points, until, y, value) }))
  return { title, words: most === 0 ? 'none' : `at most ${grouped(Math.ceil(most))}${unit}`, curves, rules: [] }
}

/** Broken where there is no value. */
function line(
  points: readonly Point[],
  until: number,
  y: (value: number) => number,
  of: (point: Point) => number | undefined,
): string {
  let isDrawn = false
  const parts = points.flatMap((point) => {
    const value = of(point)
    const isFirst = !isDrawn
    isDrawn = value !== undefined
    if (value === undefined) return []
    const place = `${across(point.at, until)} ${y(value)}`
    // One that stands alone is a dot.
    return [isFirst ? `M${place}h0` : `L${place}`]
  })
  return parts.join('')
}

/** A block for each point that is more than nothing. */
function area(
  points: readonly Point[],
  until: number,
  y: (value: number) => number,
  of: (point: Point) => number,
): string {
  const blocks = points.filter((point) => of(point) > 0)
  return blocks
    .map((point) => `M${across(point.from, until)} 100V${y(of(point))}H${across(point.at, until)}V100Z`)
    .join('')
}

function pointsOf(seconds: readonly Second[]): Point[] {
  const each = secondsOfPoint(seconds)
  const groups = Array.from({ length: Math.ceil(seconds.length / each) }, (_, i) =>
    seconds.slice(i * each, (i + 1) * each),
  )
  return groups.map(pointOf)
}

function secondsOfPoint({ length }: readonly Second[]): number {
  return Math.max(1, Math.ceil(length / mostPoints))
}

function pointOf(group: readonly Second[]): Point {
  const most = (of: (second: Second) => number) => Math.max(...group.map(of))
  const answered = group.filter(({ operations }) => operations > 0)
  const ofAnswered = (of: (second: Second) => number) =>
    answered.length > 0 ? Math.max(...answered.map(of)) : undefined
  const held = group.reduce((sum, { locks }) => sum + (locks?.held ?? 0), 0)
  return {
    from: Math.max(0, group[0]!.at - 1),
    at: group.at(-1)!.at,
    p50: ofAnswered(({ p50 }) => p50),
    p99: ofAnswered(({ p99 }) => p99),
    worst: most(({ worst }) => worst),
    old: most(({ failed }) => failed.old),
    new: most(({ failed }) => failed.new),
    waiting: most(({ waiting }) => waiting),
    held: Math.min(100, held / 10 / group.length),
    waited: most(({ locks }) => locks?.waited ?? 0),
  }
}

function axisOf(until: number, begun: readonly number[]): Axis {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 3_600].find((one) => until / one <= 6) ?? 7_200
  const ticks = Array.from({ length: Math.floor(until / step) }, (_, i) => (i + 1) * step)
  const percent = (second: number) => rounded((100 * second) / until)
  return {
    // The last one would stand beyond the edge.
    ticks: ticks
      .filter((second) => percent(second) <= 94)
      .map((second) => ({ x: percent(second), label: step < 60 ? `${second} s` : `${second / 60} min` })),
    marks: begun.map((second, i) => ({ x: percent(second), label: `${i + 1}` })),
  }
}

function endOf(seconds: readonly Second[]): number {
  return Math.max(20, seconds.at(-1)?.at ?? 0)
}

function across(second: number, until: number): number {
  return rounded((1000 * second) / until)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

/** `10 ms`, `1 s`. */
function round(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`
}
