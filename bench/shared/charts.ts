import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { promises, shareOf, type Promised, type PromiseName } from './promises.ts'
import type { Result } from './results.ts'

/** How much of its border each figure takes, as SVG. */
export function drawShares(figures: Result['figures']): string {
  const rows = Object.entries(figures).map(([name, value]) => {
    const promised: Promised = promises[name as PromiseName]
    return { what: promised.what, share: Math.min(2, shareOf(promised, value)) * 100 }
  })
  return svgOf({
    width: 820,
    height: 60 + 26 * rows.length,
    marginLeft: 400,
    x: { label: '% of what is promised', domain: [0, Math.max(100, ...rows.map(({ share }) => share))] },
    y: { label: null, domain: rows.map(({ what }) => what) },
    marks: [
      Plot.barX(rows, { x: 'share', y: 'what', fill: (row: (typeof rows)[number]) => colourOf(row.share) }),
      Plot.ruleX([100], { stroke: '#1a1a1a', strokeDasharray: '4 3' }),
    ],
  })
}

/** The slowest answer of each second, a line a way, on a scale that grows tenfold. */
export function drawOverTime(
  ways: readonly { title: string; seconds: readonly { at: number; worst: number }[] }[],
): string {
  const points = ways.flatMap(({ title, seconds }) =>
    seconds.map(({ at, worst }) => ({ title, at, worst: Math.max(1, worst) })),
  )
  return svgOf({
    width: 820,
    height: 300,
    marginLeft: 70,
    marginRight: 160,
    x: { label: 'seconds' },
    y: {
      type: 'log',
      label: 'slowest answer, ms',
      grid: true,
      ticks: [1, 10, 100, 1_000, 10_000, 100_000],
      tickFormat: (n: number) => String(n),
    },
    marks: [
      Plot.ruleY([250], { stroke: '#a61b1b', strokeDasharray: '4 3' }),
      Plot.lineY(points, { x: 'at', y: 'worst', stroke: (one: (typeof points)[number]) => strokeOf(ways, one.title) }),
      Plot.text(
        points,
        Plot.selectLast({ x: 'at', y: 'worst', z: 'title', text: 'title', textAnchor: 'start', dx: 6 }),
      ),
    ],
  })
}

const colours = ['#c2410c', '#1d4ed8', '#15803d', '#7e22ce']

function strokeOf(ways: readonly { title: string }[], title: string): string {
  return colours[ways.findIndex((one) => one.title === title) % colours.length]!
}

function colourOf(share: number): string {
  return share <= 100 ? '#15803d' : '#a61b1b'
}

function svgOf(options: object): string {
  const { document } = parseHTML('<html><body></body></html>')
  const svg = Plot.plot({ document, style: { background: 'white', color: '#1a1a1a' }, ...options } as Plot.PlotOptions)
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return svg.outerHTML
}
