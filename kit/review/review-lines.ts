import pc from 'picocolors'
import type { ReviewReport } from './review-report.ts'
import type { Finding } from '../hazards/finding.ts'

const marks = { refuse: pc.red('✗'), note: pc.yellow('!'), allowed: pc.cyan('○') }

/** The report for people. */
export function renderBranch(report: ReviewReport): string[] {
  const { mode, base, added, findings, notChecked, passed, remark, isRejected } = report
  const n = added.length
  return [
    `Against ${base}, mode ${mode}: ${n === 0 ? 'no new migration' : n === 1 ? '1 new migration' : `${n} new migrations`}`,
    ...(remark === undefined ? [] : ['', pc.bold(remark)]),
    ...findings.flatMap((finding) => ['', ...renderFinding(finding)]),
    ...(findings.length > 0 ? [''] : []),
    ...passed.map((words) => `${pc.green('✓')} ${words}`),
    ...notChecked.flatMap(({ what, why, next }) => [
      `${pc.dim('·')} not checked: ${what}`,
      ...labelled('why', why),
      ...labelled('next', next),
    ]),
    '',
    `${isRejected ? pc.red('✗') : pc.green('✓')} ${summary(report)}`,
  ]
}

function renderFinding({
  id,
  level,
  file,
  line,
  words,
  statement,
  lock,
  rewrite,
  squawk,
  reason,
  why,
  next,
}: Finding): string[] {
  const place = line === undefined ? file : `${file}:${line}`
  const [first = '', ...others] = (statement ?? '').split(/\r?\n/)
  const cost = [lock ?? '', rewrite ? 'the table is written anew' : '', squawkWords(squawk)].filter(Boolean)
  const [now, ...later] = next
  return [
    `${marks[level]} ${pc.bold(id)} ${words}`,
    `  ${pc.dim(place)}`,
    ...(first ? [`  ${first}${others.length > 0 ? ' …' : ''}`] : []),
    ...(cost.length > 0 ? labelled('lock', cost.join(', ')) : []),
    ...(reason === undefined ? labelled('why', why) : labelled('ok', `allowed here: ${reason}`)),
    ...(reason === undefined && now ? labelled('next', now) : []),
    ...(reason === undefined ? later.map((step) => `        ${step}`) : []),
  ]
}

function squawkWords(rules: readonly string[] = []): string {
  return rules.length > 0 ? `squawk: ${rules.join(', ')}` : ''
}

function labelled(label: string, text: string): string[] {
  return [`  ${pc.dim(label.padEnd(4))}  ${text}`]
}

function summary({ findings, isRejected }: ReviewReport): string {
  const n = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  const [refused, allowed, notes] = [n('refuse'), n('allowed'), n('note')]
  const counted = [
    refused > 0 ? `${refused} to mend` : '',
    allowed > 0 ? `${allowed} allowed` : '',
    notes > 0 ? `${notes} to know` : '',
  ].filter(Boolean)
  return `${isRejected ? 'rejected' : 'accepted'}${counted.length > 0 ? `: ${counted.join(', ')}` : ''}`
}

const kinds = { refuse: 'error', note: 'warning', allowed: 'notice' }

/** The report as GitHub's workflow commands: each finding stands beside its line in the request. */
export function annotations({ findings, notChecked, remark }: ReviewReport): string[] {
  return [
    ...(remark === undefined ? [] : [`::error title=no-migrations::${data(remark)}`]),
    ...findings.map(({ id, level, file, line, endLine, words, why, next, reason }) => {
      const at = line === undefined ? '' : `,line=${line}${endLine === undefined ? '' : `,endLine=${endLine}`}`
      const text = reason === undefined ? [`${words}.`, why, ...next] : [`${words}.`, `Allowed: ${reason}`]
      return `::${kinds[level]} file=${property(file)}${at},title=${property(id)}::${data(text.join('\n'))}`
    }),
    ...notChecked.map(({ what, why, next }) => `::notice title=not checked::${data(`${what}\n${why}\n${next}`)}`),
  ]
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
