import type { DriftPeriod, Told } from './report-data.ts'

const width = 720

/**
 * Draws when DEV or PROD left its migrations, when it came back, and the deploys between, as SVG; undefined where nothing
 * of it is told. Where a clock went back, what comes later in the file stands further right.
 */
export async function drawDrift({ drifts, deploys, events, clockWentBack }: Told): Promise<string | undefined> {
  if (drifts.length === 0) return undefined
  // Both take long to load, and most commands never want them.
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')])
  const { document } = parseHTML('<html><body></body></html>')
  const place = (at: string, end: string) =>
    clockWentBack ? events.findIndex((one) => one.at === at) : new Date(Date.parse((at || end).replace(' ', 'T')))
  const last = events.at(-1)!.at
  const bars = drifts.map((one) => ({
    from: place(one.left, last),
    to: place(one.back ?? last, last),
    database: databaseOf(one),
  }))
  const ticks = deploys.map((one) => ({ at: place(one.at, last), database: 'deploys', applied: one.applied }))
  const rows = ['DEV', 'PROD', 'deploys'].filter((name) =>
    [...bars, ...ticks].some(({ database }) => database === name),
  )
  const svg = Plot.plot({
    document,
    width,
    height: 60 + rows.length * 34,
    marginLeft: 64,
    x: clockWentBack ? { label: 'lines of progress.txt, in their order' } : { type: 'utc', label: 'UTC' },
    y: { domain: rows, label: null },
    marks: [
      Plot.barX(bars, {
        x1: 'from',
        x2: 'to',
        y: 'database',
        fill: 'var(--told, #7a5200)',
        fillOpacity: 0.55,
        inset: 6,
        stroke: 'var(--told, #7a5200)',
      }),
      Plot.tickX(ticks, {
        x: 'at',
        y: 'database',
        strokeWidth: 3,
        stroke: (one: { applied: boolean }) => (one.applied ? 'var(--good, #1c6b3a)' : 'var(--bad, #a61b1b)'),
      }),
      Plot.ruleX([place(events[0]!.at, last), place(last, last)], { strokeOpacity: 0.3 }),
    ],
  } as Parameters<typeof Plot.plot>[0])
  // A name on a group without a role is nothing that a reader of screens may be given; the picture has one of its own.
  for (const group of svg.querySelectorAll('g')) group.removeAttribute('aria-label')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', 'When a database left its migrations, and when it came back. The words are below.')
  return svg.outerHTML
}

/** The picture in words. */
export function driftWords(drifts: readonly DriftPeriod[]): string {
  if (drifts.length === 0) return 'progress.txt tells of no drift.'
  const told = drifts.map((one) => {
    const end = one.back === undefined ? 'and never came back' : `and was back at ${minute(one.back)}`
    const why = one.words.replace(/^(DEV|PROD): ?/, '')
    return `${databaseOf(one)} left its migrations at ${minute(one.left)}${why ? ` (${why})` : ''} ${end}`
  })
  return `${told.join('. ')}.`
}

function databaseOf({ words }: DriftPeriod): string {
  return words.startsWith('PROD') ? 'PROD' : 'DEV'
}

function minute(at: string): string {
  return at.replace(/:\d\dZ$/, ' UTC')
}
