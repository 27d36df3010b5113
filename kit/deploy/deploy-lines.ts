import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'
import { wrap } from '../terminal/wrap.ts'

/** What one stage of a deploy, or of a release, has found out. */
export interface Stage {
  name:
    | 'turn'
    | 'branch'
    | 'guard'
    | 'drift'
    | 'history'
    | 'compare'
    | 'migration'
    | 'snapshot'
    | 'rehearsal'
    | 'proof'
    | 'hazards'
    | 'deploy'
    | 'ledger'
    | 'commit'
  /** `note` is good to know, and in the way of nothing unless `asks` says so; `begin` is followed by others' output. */
  mark: 'ok' | 'note' | 'bad' | 'begin'
  words: string
  /** Lines below it. */
  more?: string[]
  /** What somebody has to say yes to before PROD is changed: a sentence without its end. */
  asks?: string
  /** Of one that is `bad`: why PROD was not changed. */
  why?: string
  /** What to type about it. */
  next?: string[]
}

const marks = { ok: pc.green('✓'), note: pc.yellow('!'), bad: pc.red('✗'), begin: pc.dim('→') }

/** A stage as the deploy shows it. `columns` is undefined where there is no terminal; then lines stay whole. */
export function renderStage({ name, mark, words, more = [] }: Stage, columns?: number): string[] {
  return [
    // Prisma's own output stands before it.
    ...(name === 'ledger' ? [''] : []),
    ...broken(`  ${marks[mark]} ${name.padEnd(textColumn - 4)}${words}`, columns),
    ...more.flatMap((line) => broken(`${' '.repeat(textColumn)}${line}`, columns)),
    ...(mark === 'begin' ? [''] : []),
  ]
}

/** What to type next, below everything. */
export function renderNext([first, ...others]: readonly string[], columns?: number): string[] {
  if (first === undefined) return []
  return ['', wrap(`next  ${first}`, columns), ...others.map((line) => wrap(`      ${line}`, columns))]
}

const textColumn = 16

/** Broken between words; what follows stands below the text. */
function broken(line: string, columns = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = []
  let rest = line
  while (stripVTControlCharacters(rest).length > columns) {
    // Colours stand before the text, and are as wide as nothing.
    const extra = rest.length - stripVTControlCharacters(rest).length
    const at = rest.lastIndexOf(' ', columns + extra)
    if (at <= textColumn + extra) break
    lines.push(rest.slice(0, at))
    rest = `${' '.repeat(textColumn)}${rest.slice(at + 1)}`
  }
  return [...lines, rest]
}
