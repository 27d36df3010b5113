import { grouped } from '../../kit/terminal/numbers.ts'
import { experiments, labWords, type Experiment, type ExperimentName } from '../lab/experiments.ts'
import type { Second } from '../lab/figures.ts'
import type { KeptRun } from '../lab/kept-runs.ts'
import { compared, duration } from '../lab/lab-lines.ts'
import { labQuestions, type LabWord } from '../lab/lab-questions.ts'
import type { LiveLab, LiveWay } from '../lab/live-lab.ts'
import { bothWays, chartsOf, type Axis, type Chart } from './lab-chart.ts'

/** The lab on the board, in words and paths. */
export interface LabView {
  /** `lost`: it was killed, and has said nothing of its end. `kept`: none has run for a while. */
  state: 'running' | 'done' | 'stopped' | 'failed' | 'lost' | 'kept'
  /** Whether it stands above the five layers: it runs, or has just ended. */
  isNews: boolean
  title: string
  /** How it stands, in a sentence. */
  status: string
  /** As in `scale 0.1, 200 operations a second`. */
  about: string
  /** What somebody thought, and what it was, once it is known. */
  guess?: { words: string; was?: string }
  /** The way that is drawn. */
  way?: string
  /** Of the portal's rows, while they are made: from 0 to 1. */
  filled?: number
  /** `cut`: it began, and the lab came to no end. */
  steps: { words: string; state: 'done' | 'now' | 'cut' | 'later'; share?: number }[]
  /** The newest second, or what the run was like in all. */
  figures: { name: string; value: string }[]
  charts: Chart[]
  axis: Axis
  compared?: {
    heads: { title: string; look: 'old' | 'new' }[]
    rows: { what: string; cells: string[] }[]
    chart: Chart
    axis: Axis
  }
  /** The newest first. */
  kept: { at: string; title: string; way: string; about: string; cells: string[] }[]
  next?: string
}

export interface LabFacts {
  live: LiveLab | undefined
  /** Whether a lab is at work, as its lock says. */
  isRunning: boolean
  /** Oldest first. */
  runs: readonly KeptRun[]
  now: Date
}

/** How long a lab that has ended stays above, in minutes. */
const fresh = 10

const mostKept = 6

/** Undefined where no lab has ever run. */
export function labView({ live, isRunning, runs, now }: LabFacts): LabView | undefined {
  const newest = runs.at(-1)
  const begin = live?.begin ?? newest
  if (!begin) return undefined
  const state = live ? (live.end?.how ?? (isRunning ? 'running' : 'lost')) : 'kept'
  const way = live ? live.ways.at(-1) : newest && keptWay(newest)
  const isAtWork = state === 'running'
  const pair = pairOf(begin.experiment, runs, begin, isAtWork ? way?.way : undefined)
  const next = nextOf(state, begin.experiment, way?.way, pair)
  const filled = live?.rows && live.ways.length === 0 ? live.rows.done / Math.max(1, live.rows.all) : undefined
  return {
    state,
    isNews: live !== undefined && (isAtWork || now.getTime() - endOf(live) < fresh * 60_000),
    title: titleOf(begin.experiment),
    status: statusOf(state, live, filled),
    about: about(begin),
    ...(begin.predicted !== undefined && {
      guess: guessOf(begin.predicted, live?.ways[0]?.way ?? newest?.run.way, runs, live),
    }),
    ...(way && { way: way.title }),
    ...(isAtWork && filled !== undefined && { filled }),
    steps: way ? stepsOf(way, state) : [],
    figures: figuresOf(way?.seconds ?? []),
    ...chartsOf(way?.seconds ?? [], way?.begun ?? []),
    ...(pair.length > 0 && { compared: sideBySide(pair) }),
    kept: runs.slice(-mostKept).toReversed().map(keptRow),
    ...(next !== undefined && { next }),
  }
}

/** What changed from one look to the next, in a sentence, where it is worth one. */
export function labNews(before: LabView | undefined, after: LabView | undefined): string[] {
  if (!after || after.state === before?.state) return []
  if (after.state === 'running') return [`The lab runs: ${after.title}.`]
  return before?.state === 'running' ? [`The lab: ${after.status}`] : []
}

/** The command line of one that is not known here, as a run that was kept long ago, stays unsaid. */
function nextOf(state: LabView['state'], experiment: string, way: string | undefined, pair: readonly KeptRun[]) {
  if (state === 'running') return undefined
  const words = Object.entries(labWords).filter(([, one]) => one.experiment === experiment)
  const has = (ways: readonly string[], name: string | undefined) => name !== undefined && ways.includes(name)
  const missing = words.find(([, { ways }]) => !pair.some(({ run }) => has(ways, run.way)))
  const own = words.find(([, { ways }]) => has(ways, way)) ?? words[0]
  const word = state === 'done' || state === 'kept' ? missing?.[0] : own?.[0]
  return word === undefined ? undefined : `npm run lab ${word}`
}

function statusOf(state: LabView['state'], live: LiveLab | undefined, filled: number | undefined): string {
  if (state === 'running' && live!.ways.length === 0)
    return filled === undefined ? 'It begins.' : `It fills the portal: ${Math.floor(filled * 100)} % of the rows.`
  return {
    running: 'It runs.',
    done: 'It has ended.',
    stopped: 'It was stopped, and what it measured is not kept.',
    failed: live?.end?.words ?? 'It failed.',
    lost: 'It ended without a result: somebody killed it, or the computer went down.',
    kept: 'The newest run that is kept.',
  }[state]
}

function stepsOf({ steps, begun, share }: LiveWay, state: LabView['state']): LabView['steps'] {
  const isWhole = state === 'done' || state === 'kept'
  return steps.map((words, i) => {
    const isLast = i === begun.length - 1
    if (i >= begun.length) return { words, state: 'later' }
    if (!isLast || isWhole) return { words, state: 'done' }
    return { words, state: state === 'running' ? 'now' : 'cut', ...(share !== undefined && { share }) }
  })
}

function figuresOf(seconds: readonly Second[]): LabView['figures'] {
  const last = seconds.at(-1)
  if (!last) return []
  const failed = (version: 'old' | 'new') => seconds.reduce((sum, second) => sum + second.failed[version], 0)
  const ofAnswers = (ms: number) => (last.operations === 0 ? 'none' : duration(ms))
  return [
    { name: 'second', value: `${last.at}` },
    { name: 'half', value: ofAnswers(last.p50) },
    { name: '99 of 100', value: ofAnswers(last.p99) },
    { name: 'the slowest', value: duration(last.worst) },
    { name: 'without an answer', value: grouped(last.waiting) },
    { name: 'failed, old version', value: `${failed('old')}` },
    { name: 'failed, new version', value: `${failed('new')}` },
    { name: 'lock', value: last.lock?.replace(/Lock /, ' on ') ?? 'none' },
  ]
}

/** The question is about the first way of a word; a run of that lab has to be kept. */
function guessOf(
  words: string,
  way: string | undefined,
  runs: readonly KeptRun[],
  live: LiveLab | undefined,
): NonNullable<LabView['guess']> {
  const all = Object.entries(labWords) as [LabWord, { ways: readonly string[] }][]
  const [word, asked] = all.find(([, { ways }]) => way !== undefined && ways.includes(way)) ?? []
  const found = runs.findLast(({ run, predicted }) => run.way === asked?.ways[0] && predicted === words)
  if (!word || !found || (live && found.at < live.begin.at)) return { words }
  const { outcome, measured } = labQuestions[word]
  return { words, was: `${outcome(found.run)}: ${measured(found.run)}` }
}

/** The newest runs of both ways under the same conditions, without the way that is at work. */
function pairOf(
  experiment: string,
  runs: readonly KeptRun[],
  like: Pick<KeptRun, 'scale' | 'rate' | 'connections'>,
  atWork: string | undefined,
): KeptRun[] {
  const names: readonly string[] = known(experiment)?.ways ?? []
  return names.flatMap((name) => {
    const isLike = (one: KeptRun) =>
      one.scale === like.scale && one.rate === like.rate && one.connections === like.connections
    const found = runs.findLast((one) => one.run.way === name && isLike(one))
    return found && name !== atWork ? [found] : []
  })
}

function sideBySide(pair: readonly KeptRun[]): NonNullable<LabView['compared']> {
  const looked = pair.map(({ experiment, run }) => ({
    title: run.title,
    seconds: run.seconds,
    // The way that hurts has its colour, whether or not the other one was run.
    look: known(experiment)?.ways[0] === run.way ? ('old' as const) : ('new' as const),
  }))
  return { heads: looked.map(({ title, look }) => ({ title, look })), rows: compared(pair), ...bothWays(looked) }
}

function keptRow(kept: KeptRun): LabView['kept'][number] {
  const { at, experiment, run } = kept
  const { standstill, during, failed } = run
  return {
    at,
    title: titleOf(experiment),
    way: run.title,
    about: about(kept),
    cells: [`${standstill.toFixed(1)} s`, duration(during.worst), `${failed.old.count + failed.new.count}`],
  }
}

/** A step begins where the seconds begin to name it. */
function keptWay({ run }: KeptRun): LiveWay {
  const { way, title, seconds } = run
  let from = 0
  const begun = run.steps.map(({ step }) => {
    const at = seconds.findIndex((second, i) => i >= from && second.step === step)
    if (at !== -1) from = at
    return Math.max(0, (seconds[from]?.at ?? 0) - 1)
  })
  return { way, title, seconds, begun, steps: run.steps.map(({ step }) => step) }
}

function titleOf(experiment: string): string {
  return known(experiment)?.title ?? experiment
}

function known(experiment: string): Experiment | undefined {
  return Object.hasOwn(experiments, experiment) ? experiments[experiment as ExperimentName] : undefined
}

function about({ scale, rate }: Pick<KeptRun, 'scale' | 'rate'>): string {
  return `scale ${scale}, ${rate} operations a second`
}

/** In milliseconds; of one that was killed, when it was last heard of. */
function endOf({ begin, end, ways }: LiveLab): number {
  const heard = ways.reduce((sum, { seconds }) => sum + (seconds.at(-1)?.at ?? 0), 0)
  return Date.parse(end?.at ?? begin.at) + (end ? 0 : heard * 1000)
}
