import pc from 'picocolors'
import type { DriftReport, LayerProblem, Link } from './drift-report.ts'
import { describeBetween, describeCount, linkLines, type LinkLine } from './link-lines.ts'
import { layerNames, renderTable } from './drift-table.ts'
import { inOrder } from './next-command.ts'

/** The whole report as a learner reads it: the table, each pair of neighbours, and what to type. */
export function renderDrift(report: DriftReport, width = 80): string[] {
  const { layers, links } = report
  const commands = nextOf(report)
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

/** What the whole report asks for, first things first. */
export function nextOf({ layers, links }: DriftReport): string[] {
  return inOrder([...layers.flatMap(({ problem }) => problem?.next ?? []), ...links.flatMap(({ next }) => next)])
}

function renderLink(link: Link, problem: LayerProblem | undefined): string[] {
  const { from, to, sql, prisma } = link
  const title = `${layerNames[from]} → ${layerNames[to]}`.padEnd(22)
  if (problem) return [`${pc.red('✗')} ${title}${problem.message}`, `    ${problem.why}`]
  if (from === 'dev' && to === 'prod') {
    return [`${link.isInSync ? pc.green('✓') : pc.yellow('≠')} ${title}${describeBetween(link)}`]
  }
  const lines = linkLines(link)
  if (link.isInSync) return [`${pc.green('✓')} ${title}in sync`, ...lines.map(({ words }) => `    ${words}`)]
  return [
    `${pc.yellow('≠')} ${title}${describeCount(link)}`,
    ...cutShort(
      lines.flatMap(({ sign, words, because }) => [
        `    ${signs[sign](sign)} ${words}`,
        ...because.map((why) => `          ${why}`),
      ]),
    ),
    ...(sql.length > 0
      ? [
          pc.dim(
            `    SQL that makes ${to === 'migrations' ? 'the next migration' : `${layerNames[to]} what it should be`}:`,
          ),
        ]
      : []),
    ...cutShort(sql.flatMap((statement) => statement.split('\n')).map((line) => `      ${line}`)),
    ...(prisma ? [pc.dim('    the same, as Prisma sees it:'), `      ${prisma}`] : []),
  ]
}

/** Of the lines about two neighbours, and of their SQL: more would push what to type off every screen. */
const mostLines = 60

function cutShort(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines
  const left = lines.length - mostLines
  return [...lines.slice(0, mostLines), pc.dim(`      … and ${left} more lines:  npm run drift -- --json`)]
}

const signs: Record<LinkLine['sign'], (sign: string) => string> = {
  '·': pc.dim,
  '✗': pc.red,
  '→': pc.yellow,
  '+': pc.yellow,
  '−': pc.red,
  '≠': pc.magenta,
  '!': pc.red,
}
