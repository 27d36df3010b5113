import type { ClassRow } from './class-report.ts'
import { bad, good, judged, told, type Cell, type Page } from './page-blocks.ts'
import { isUnread, type HardPlace, type Report } from './report-data.ts'
import { stepCounts } from './report-page.ts'

/** One table of a class, a row an export. `hrefs` are the pages of the reports, beside this one. */
export function classPage(rows: readonly ClassRow[], at: string, hrefs: ReadonlyMap<string, string>): Page {
  const read = rows.filter(({ report }) => report)
  return {
    title: `Database migrations: a class of ${rows.length}`,
    lead: [
      `Made ${at} from ${rows.length} exported files${read.length < rows.length ? `, of which ${rows.length - read.length} could not be read` : ''}.`,
      'Everything but the last column, names and times was checked anew from the files: PROD, DEV and the commits of each.',
    ],
    blocks: [
      {
        kind: 'table',
        caption: 'Each export',
        heads: [
          'who',
          'steps proven',
          'values lost',
          'renames kept',
          'wrong first',
          'stopped at',
          'hardest (only told)',
        ],
        rows: rows.map((row) => classRow(row, hrefs.get(row.name))),
      },
      { kind: 'heading', text: 'Where they stopped', proof: 'verified' },
      {
        kind: 'table',
        caption: 'How many are at each step, and what is missing there most often',
        heads: ['step', 'how many', 'missing most often'],
        rows: stops(read.flatMap(({ report }) => report ?? [])),
      },
      { kind: 'heading', text: 'Where it took longest', proof: 'told' },
      {
        kind: 'table',
        caption: 'The places that are among the three hardest of the most learners, as their progress.txt tells',
        heads: ['step', 'of how many', 'minutes together', 'failures together'],
        rows: hardest(read.flatMap(({ report }) => report?.told.hardest ?? [])),
      },
    ],
  }
}

function classRow({ name, report, problem }: ClassRow, href: string | undefined): (string | Cell)[] {
  if (!report) return [name, bad('cannot be read'), '', '', bad(`${problem!.message} ${problem!.why}`), '', '']
  const { values, renames, wrong, stopped, told: tale } = report
  const [proven, leaving] = stepCounts(report.steps)
  const lost = isUnread(values) ? bad('?') : judged(values.kept === values.of, String(values.of - values.kept))
  const all = isUnread(renames) ? [] : renames.filter(({ isDue }) => isDue)
  const kept = all.filter(({ onRows, inProd }) => onRows.isGood && inProd.isGood).length
  const [first] = tale.hardest
  return [
    href ? { text: report.who, href } : report.who,
    judged(proven === leaving, `${proven} of ${leaving}`),
    lost,
    judged(kept === all.length, isUnread(renames) ? '?' : `${kept} of ${all.length}`),
    wrong.length === 0
      ? good('nothing')
      : bad(`${wrong[0]}${wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : ''}`),
    `${stopped.step}${stopped.missing ? `: ${stopped.missing}` : ''}`,
    first ? told(`${first.step}: ${first.minutes} minutes, failed ${first.failures} times`) : '',
  ]
}

function stops(reports: readonly Report[]): string[][] {
  const steps = [...new Set(reports.map(({ stopped }) => stopped.step))].toSorted()
  return steps.map((step) => {
    const there = reports.filter(({ stopped }) => stopped.step === step)
    return [step, String(there.length), mostOften(there.map(({ stopped }) => stopped.missing ?? 'nothing'))]
  })
}

function hardest(places: readonly HardPlace[]): string[][] {
  const steps = [...new Set(places.map(({ step }) => step))]
  const sum = (of: readonly HardPlace[], what: 'minutes' | 'failures') => of.reduce((all, one) => all + one[what], 0)
  return steps
    .map((step) => places.filter((place) => place.step === step))
    .toSorted(
      (a, b) => b.length - a.length || sum(b, 'minutes') - sum(a, 'minutes') || (a[0]!.step < b[0]!.step ? -1 : 1),
    )
    .map((own) => [own[0]!.step, String(own.length), String(sum(own, 'minutes')), String(sum(own, 'failures'))])
}

function mostOften(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}
