import pc from 'picocolors'
import type { DriftReport, LayerProblem, Link } from './drift-report.ts'
import { layerNames, renderTable } from './drift-table.ts'

/** The whole report as a learner reads it: the table, each pair of neighbours, and what to type. */
export function renderDrift(report: DriftReport, width = 80): string[] {
  const { layers, links } = report
  const commands = [
    ...new Set([...links.flatMap(({ next }) => next), ...layers.flatMap(({ problem }) => problem?.next ?? [])]),
  ]
  return [
    '',
    ...renderTable(report, width),
    '',
    ...links.flatMap((link) =>
      renderLink(
        link,
        layers.find(({ name }) => name === link.to)?.problem ?? layers.find(({ name }) => name === link.from)?.problem,
      ),
    ),
    '',
    ...(commands.length === 0
      ? ['next  npm run check']
      : commands.map((command, i) => `${i === 0 ? 'next' : '    '}  ${command}`)),
  ]
}

function renderLink(link: Link, problem: LayerProblem | undefined): string[] {
  const { from, to, differences, renames, history, obstacles, sql, prisma } = link
  const title = `${layerNames[from]} → ${layerNames[to]}`.padEnd(22)
  if (problem) return [`${pc.red('✗')} ${title}${problem.message}`, `    ${problem.why}`]
  if (from === 'dev' && to === 'prod') return renderBetween(link, title)
  if (link.isInSync)
    return [
      `${pc.green('✓')} ${title}in sync`,
      ...history.map(({ words }) => `    ${words}`),
      ...obstacles.map(({ words }) => `    ${words}`),
    ]
  const renamed = renames.flatMap(({ table, from: should, to: is, evidence }) => [
    `${pc.yellow('→')} ${table}.${should} looks renamed to ${is}, or it is a drop and an add. For a rename speaks:`,
    ...evidence.map((why) => `      ${why}`),
  ])
  const lines = [
    ...history.map(
      ({ words, kind }) => `${kind === 'pending' || kind === 'rolled back' ? pc.dim('·') : pc.red('✗')} ${words}`,
    ),
    ...renamed,
    ...differences.map(({ what, words }) => `${signs[what]} ${words}`),
    ...(differences.length + renames.length === 0 && to === 'client'
      ? [`${pc.dim('·')} it was generated from an older schema.prisma with the same columns`]
      : []),
    ...obstacles.map(({ words }) => `${pc.red('!')} ${words}`),
  ]
  return [
    `${pc.yellow('≠')} ${title}${describeCount(link)}`,
    ...lines.map((line) => `    ${line}`),
    ...(sql.length > 0
      ? [
          pc.dim(
            `    SQL that makes ${to === 'migrations' ? 'the next migration' : `${layerNames[to]} what it should be`}:`,
          ),
        ]
      : []),
    ...sql.flatMap((statement) => statement.split('\n')).map((line) => `      ${line}`),
    ...(prisma ? [pc.dim('    the same, as Prisma sees it:'), `      ${prisma}`] : []),
  ]
}

const signs = { missing: pc.red('−'), extra: pc.yellow('+'), different: pc.magenta('≠') }

/** Both follow from the migrations, so what closes this gap stands there. */
function renderBetween({ differences, renames, isInSync }: Link, title: string): string[] {
  if (isInSync) return [`${pc.green('✓')} ${title}the same`]
  const names = [
    ...renames.map(({ table, from, to }) => `${table}.${to} (on DEV it is ${from})`),
    ...differences.map(({ kind, table, name }) =>
      kind === 'column' ? `${table}.${name}` : `${kind} ${name || table}`,
    ),
  ]
  const more = names.length > 4 ? ` and ${names.length - 4} more` : ''
  return [`${pc.yellow('≠')} ${title}differ in ${names.slice(0, 4).join(', ')}${more}`]
}

function describeCount({ to, differences, renames, history }: Link): string {
  const pending = history.filter(({ kind }) => kind === 'pending').length
  const trouble = history.filter(({ kind }) => !['pending', 'rolled back'].includes(kind)).length
  const n = differences.length + renames.length
  const parts = [
    n > 0 ? `${n} ${n === 1 ? 'difference' : 'differences'}${to === 'dev' || to === 'prod' ? ' by hand' : ''}` : '',
    pending > 0 ? `${pending} pending` : '',
    trouble > 0 ? `${trouble} wrong in its history` : '',
  ].filter(Boolean)
  return parts.join(', ') || 'older'
}
