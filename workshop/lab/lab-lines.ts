import { grouped } from '../../kit/terminal/numbers.ts'
import type { Second } from './figures.ts'
import type { KeptRun } from './kept-runs.ts'
import type { WayRun } from './run-way.ts'

/** Above the lines of the seconds. */
export const secondsHead = '  time        p50       p99     worst   wait  failed'

/** One second of a run: what came back in it, and who still waits. */
export function secondLine({ at, operations, p50, p99, worst, waiting, failed, lock }: Second, columns = 80): string {
  const ofAnswers = (milliseconds: number) => (operations === 0 ? '·' : duration(milliseconds))
  const cells = [
    `${at} s`.padStart(6),
    ofAnswers(p50).padStart(11),
    ofAnswers(p99).padStart(10),
    duration(worst).padStart(10),
    `${waiting}`.padStart(7),
    `${failed.old + failed.new}`.padStart(8),
  ]
  const line = cells.join('')
  const held = lock === undefined ? '' : `  ${lock.replace(/Lock /, ' on ')}`
  return line.length + held.length <= columns ? line + held : line
}

/** What the ways of an experiment did to those who worked meanwhile, side by side. */
export function comparison(runs: readonly KeptRun[], columns = 80): string[] {
  const label = columns < 72 ? 22 : 26
  const width = Math.min(26, Math.floor((columns - 1 - label) / Math.max(2, runs.length)))
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(label)}${cells.map((cell) => cell.padEnd(width)).join('')}`.trimEnd()
  const titles = runs.map(({ run: { title } }) => (title.length < width ? title : `${title.slice(0, width - 2)}…`))
  const rows = compared(runs, width >= 20).map(({ what, cells }) => line(what, cells))
  return [line('', titles), ...rows]
}

/** What is compared, a row each, with a cell for each run. */
export function compared(runs: readonly KeptRun[], namesLock = true): { what: string; cells: string[] }[] {
  const row = (what: string, cell: (run: WayRun) => string) => ({ what, cells: runs.map(({ run }) => cell(run)) })
  const lock = ({ locks: [first] }: WayRun) =>
    first ? `${duration(first.held)} ${namesLock ? first.mode.replace(/Lock$/, '') : ''}`.trimEnd() : 'none'
  return [
    row('the change took', ({ change }) => `${change.toFixed(1)} s`),
    row('standstill', ({ standstill }) => `${standstill.toFixed(1)} s`),
    row('half are answered in', ({ during }) => duration(during.p50)),
    row('99 of 100 in', ({ during }) => duration(during.p99)),
    row('the slowest', ({ during }) => duration(during.worst)),
    row('failed, old version', ({ failed }) => `${failed.old.count}`),
    row('failed, new version', ({ failed }) => `${failed.new.count}`),
    row('longest strong lock', lock),
    row('longest wait for one', ({ waits }) => duration(Math.max(waits.longest, waits.logged.longest))),
    row('waits over 50 ms', ({ waits }) => `${waits.logged.count}`),
    row('values lost', ({ followed }) => `${followed.lost} of ${followed.values}`),
  ]
}

/** Worst answer of each second, from left to right; each sign is ten times what two signs before it are. */
export function overTime({ seconds }: Pick<WayRun, 'seconds'>, columns = 80): string {
  const room = Math.max(10, Math.min(60, columns - 20))
  const each = Math.ceil(seconds.length / room)
  const groups = Array.from({ length: Math.ceil(seconds.length / each) }, (_, i) =>
    seconds.slice(i * each, (i + 1) * each),
  )
  return groups.map((group) => bar(Math.max(...group.map(({ worst }) => worst)))).join('')
}

/** What failed, in PostgreSQL's own words, and what Prisma refused. */
export function troubleLines({ run, connections }: Pick<KeptRun, 'run' | 'connections'>): string[] {
  const { failed, steps, late, seconds } = run
  const said = (['old', 'new'] as const).flatMap((version) =>
    failed[version].said.slice(0, 2).map((text) => `✗ ${version} version: ${text}`),
  )
  const refused = steps.flatMap(({ step, refused: words }) =>
    words === undefined ? [] : [`✗ ${step} was refused:`, ...lastLines(words).map((line) => `    ${line}`)],
  )
  const lateness =
    late > 100
      ? [
          `! The traffic itself began up to ${duration(late)} late: this computer was busy, and the figures hold that too.`,
        ]
      : []
  const most = Math.max(0, ...seconds.map(({ waiting }) => waiting))
  const queue =
    most > 2 * connections
      ? [
          `! Up to ${grouped(most)} operations waited at once, for ${connections} connections: those on other tables waited too.`,
        ]
      : []
  return [...refused, ...said, ...queue, ...lateness]
}

/** `12 ms`, `1.4 s`: short, and never more exact than it can be. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}

function bar(worst: number): string {
  const signs = '▁▂▃▄▅▆▇█'
  const step = Math.floor(2 * Math.log10(Math.max(1, worst)))
  return signs[Math.max(0, Math.min(signs.length - 1, step - 1))]!
}

function lastLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim())
  const from = lines.findIndex((line) => line.startsWith('Error') || /P30\d\d/.test(line))
  return lines.slice(Math.max(0, from), Math.max(0, from) + 12)
}
