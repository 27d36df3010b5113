import type { ProgressEvent } from '../coach/progress-line.ts'
import type { DriftPeriod, HardPlace, Told } from './report-data.ts'

/** A break of so many minutes is none of work. */
const longest = 30

/** What progress.txt tells. Nothing of it is proven; lines count in their order, whatever their times say. */
export function tell(events: readonly ProgressEvent[], unread: number): Told {
  return {
    events,
    unread,
    predictions: predictionsIn(events),
    hints: hintsIn(events),
    drifts: driftsIn(events),
    deploys: events
      .filter(({ kind }) => kind === 'deploy')
      .map(({ at, what, words }) => ({ at, applied: what === 'applied', words })),
    hardest: hardestIn(events),
    clockWentBack: events.some((event, i) => i > 0 && event.at < events[i - 1]!.at),
  }
}

function predictionsIn(events: readonly ProgressEvent[]): Told['predictions'] {
  return events
    .filter(({ kind }) => kind === 'predict')
    .filter((event, i, all) => i === all.findLastIndex(({ what }) => what === event.what))
    .map(({ step, what, words }) => {
      const outcome = events.findLast((one) => one.kind === 'outcome' && one.what === what)
      return { step, question: what, guess: firstWord(words), outcome: outcome && firstWord(outcome.words) }
    })
}

function hintsIn(events: readonly ProgressEvent[]): Told['hints'] {
  const hints = events.filter(({ kind }) => kind === 'hint')
  const steps = [...new Set(hints.map(({ step }) => step))].toSorted()
  return steps.map((step) => {
    const own = hints.filter((one) => one.step === step)
    return {
      step,
      count: own.length,
      deepest: own
        .map(({ what }) => what)
        .toSorted()
        .at(-1)!,
    }
  })
}

function driftsIn(events: readonly ProgressEvent[]): DriftPeriod[] {
  const periods: DriftPeriod[] = []
  for (const { kind, what, at, step, words } of events) {
    if (kind !== 'drift') continue
    const last = periods.at(-1)
    const isOpen = last !== undefined && last.back === undefined
    if (what === 'left' && !isOpen) periods.push({ left: at, back: undefined, step, words })
    else if (what === 'back' && isOpen) last.back = at
  }
  return periods
}

/** The three places with the most time and failures; of two with as much time, the one that failed more often. */
function hardestIn(events: readonly ProgressEvent[]): HardPlace[] {
  const places = new Map<string, { seconds: number; missing: string[] }>()
  for (const [i, { step, kind, what, words, at }] of events.entries()) {
    if (step === '--') continue
    const place = places.get(step) ?? { seconds: 0, missing: [] }
    places.set(step, place)
    const next = events[i + 1]
    const seconds = next ? (timeOf(next.at) - timeOf(at)) / 1000 : 0
    if (seconds > 0 && seconds <= longest * 60) place.seconds += seconds
    if ((kind === 'check' && what === 'missing') || (kind === 'deploy' && what === 'refused')) place.missing.push(words)
  }
  return [...places]
    .filter(([, { seconds, missing }]) => seconds >= 60 || missing.length > 0)
    .map(([step, { seconds, missing }]) => ({
      step,
      minutes: Math.round(seconds / 60),
      failures: missing.length,
      missing: mostOften(missing),
    }))
    .toSorted((a, b) => weight(b) - weight(a) || (a.step < b.step ? -1 : 1))
    .slice(0, 3)
}

/** A failure weighs as much as two minutes. */
function weight({ minutes, failures }: HardPlace): number {
  return minutes + 2 * failures
}

function mostOften(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

function timeOf(at: string): number {
  return Date.parse(at.replace(' ', 'T'))
}

function firstWord(words: string): string {
  return words.split(/\s/)[0] ?? ''
}
