import type { Link } from './drift-report.ts'

/** One thing about two neighbours. `because` says what speaks for it, a phrase each. */
export interface LinkLine {
  /** `·` nothing to worry about, `✗` wrong in the history, `→` renamed, `+` extra, `−` missing, `≠` different, `!` rows in the way. */
  sign: '·' | '✗' | '→' | '+' | '−' | '≠' | '!'
  words: string
  because: string[]
}

const signs = { missing: '−', extra: '+', different: '≠' } as const

/** All that is to be said about two neighbours, in the order in which a learner needs it. */
export function linkLines({ to, differences, renames, history, obstacles, isInSync }: Link): LinkLine[] {
  const line = (sign: LinkLine['sign'], words: string, because: string[] = []): LinkLine => ({ sign, words, because })
  const isOlder = !isInSync && to === 'client' && differences.length + renames.length === 0
  return [
    ...history.map(({ words, kind }) => line(kind === 'pending' || kind === 'rolled back' ? '·' : '✗', words)),
    ...renames.map(({ table, isTable, evidence, ...names }) => {
      // The models go first: what the next one lacks is the new name.
      const [before, now] = to === 'migrations' || to === 'client' ? [names.to, names.from] : [names.from, names.to]
      const words = isTable
        ? `table ${before} looks renamed to ${now}, or it is a drop and another table`
        : `${table}.${before} looks renamed to ${now}, or it is a drop and an add`
      return line('→', `${words}. For a rename speaks:`, evidence)
    }),
    ...differences.map(({ what, words }) => line(signs[what], words)),
    ...(isOlder ? [line('·', 'it was generated from an older schema.prisma with the same columns')] : []),
    ...obstacles.map(({ words }) => line('!', words)),
  ]
}

/** As in `1 difference by hand, 2 pending`. */
export function describeCount({ to, differences, renames, history }: Link): string {
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

/** Where DEV and PROD differ. Both follow from the migrations, so what closes this gap stands there. */
export function describeBetween({ differences, renames, isInSync }: Link): string {
  if (isInSync) return 'the same'
  const names = [
    ...renames.map(({ table, isTable, from, to }) => `${isTable ? 'table ' : `${table}.`}${to} (on DEV it is ${from})`),
    ...differences.map(({ kind, table, name }) =>
      kind === 'column' ? `${table}.${name}` : `${kind} ${name || table}`,
    ),
  ]
  const more = names.length > 4 ? ` and ${names.length - 4} more` : ''
  return `differ in ${names.slice(0, 4).join(', ')}${more}`
}
