import type { Finding } from './finding.ts'
import { commentsOf, parseScript, SqlUnreadable } from '../sql/tree.ts'

/** `-- review-allow H10: reason` (once `guard-allow`: what has landed never changes): somebody has looked at this risk and takes it, in the statement that follows. */
export interface Allowed {
  id: string
  /** Empty where none is given: then it does not count. */
  reason: string
  line: number
  /** The last line of the first statement that ends on its line or after it. */
  statementEnd: number | undefined
}

export function allowedIn(sql: string): Allowed[] {
  // To find the comments of a big file costs as much as to parse it.
  if (!/(review|guard)-allow/i.test(sql)) return []
  try {
    const ends = parseScript(sql).map(({ endLine }) => endLine)
    return commentsOf(sql).flatMap(({ text, line: first }) =>
      text.split('\n').flatMap((one, i) => {
        const [, id, reason = ''] =
          /(?:review|guard)-allow\s+(H\d+)\s*:?\s*(.*)$/i.exec(one.replace(/\*\/\s*$/, '').trimEnd()) ?? []
        const line = first + i
        const statementEnd = ends.find((end) => end >= line)
        return id ? [{ id: id.toUpperCase(), reason: reason.trim(), line, statementEnd }] : []
      }),
    )
  } catch (error) {
    if (error instanceof SqlUnreadable) return []
    throw error
  }
}

/** Marks what is allowed in a file. What concerns the whole file is allowed anywhere in it. */
export function withAllowed(findings: readonly Finding[], file: string, allowed: readonly Allowed[]): Finding[] {
  const used = new Set<Allowed>()
  const marked = findings.map((finding): Finding => {
    const fits = allowed.filter(
      ({ id, reason, statementEnd }) =>
        id === finding.id && reason !== '' && (finding.endLine === undefined || statementEnd === finding.endLine),
    )
    for (const one of fits) used.add(one)
    return fits[0] ? { ...finding, level: 'allowed', reason: fits[0].reason } : finding
  })
  const idle = allowed.filter((one) => !used.has(one))
  return [...marked, ...idle.map((one) => idleFinding(one, file))]
}

function idleFinding({ id, reason, line }: Allowed, file: string): Finding {
  const said =
    reason === ''
      ? {
          words: `review-allow ${id} gives no reason, and does not count`,
          why: 'Whoever reads it later has to know why.',
          next: [`-- review-allow ${id}: why this is safe here`],
        }
      : {
          words: `review-allow ${id} allows nothing`,
          why: 'The statement after it has no such hazard.',
          next: ['Take the comment out.'],
        }
  return { id: id as Finding['id'], level: 'note', file, line, ...said }
}
