import pc from 'picocolors'
import type { Check } from './step.ts'

/** What one check of a step found out. It passes when nothing is wrong: then `found` is not there. */
export interface CheckResult {
  kind: Check['kind']
  /** True at other steps too. */
  always?: true
  where: 'FILES' | 'DEV' | 'PROD'
  /** What has to be true. */
  what: string
  /** What is there instead. */
  found?: string
  /** What to type or to do about it. */
  next?: string
}

/** A check as a learner sees it: one line, and for one that fails what was found and what to do. */
export function renderCheck({ where, what, found, next }: CheckResult): string[] {
  const ok = found === undefined
  const line = `  ${ok ? pc.green('✓') : pc.red('✗')} ${where.padEnd(5)}  ${what}`
  return ok ? [line] : [line, `           ${pc.dim('found')}  ${found}`, `           ${pc.dim('do')}     ${next ?? ''}`]
}

/**
 * Prisma's summary of a difference, from what is wanted to what is there, as one line of plain words. `wanted`, the text
 * of a schema.prisma, tells which type a column should have.
 */
export function describeDifference(summary: string, wanted = ''): string {
  let about = ''
  const items: string[] = []
  for (const line of summary.split('\n')) {
    const [, indent, sign, text] = /^( *)(?:\[([-+*])\]|-) (.*)$/.exec(line) ?? []
    if (text === undefined) continue
    const [, table] = /^Changed the `(.+)` (?:table|enum)$/.exec(text) ?? []
    if (table) about = `${table}: `
    else if (indent === '' && text.endsWith('s')) about = `${wordsOf[sign!]} ${singular(text)} `
    else items.push(sign ? `${about}${wordsOf[sign]} ${plain(text, wanted)}` : `${about}${bare(text)}`)
  }
  const more = items.length > 4 ? `; and ${items.length - 4} more` : ''
  return `${items.slice(0, 4).join('; ')}${more}`
}

/** Whether Prisma's summary of a difference names nothing but what has come besides. */
export function onlyAdds(summary: string): boolean {
  const signs = [...summary.matchAll(/^ *\[([-+*])\] (?!Changed the `[^`]+` table$)/gm)].map(([, sign]) => sign)
  return signs.length > 0 && signs.every((sign) => sign === '+')
}

const wordsOf: Record<string, string> = { '+': 'not of this step:', '-': 'missing:', '*': 'different:' }

/** `Added column `x`` → `column x` */
function bare(text: string): string {
  return text.replace(/^(Added|Removed|Altered|Changed|Redefined|Renamed) /, '').replaceAll('`', '')
}

/** What Prisma calls a change is what is there beside what should be: nothing has been changed by looking. */
function plain(text: string, wanted: string): string {
  const [, column = ''] = /column `([^`]+)`/.exec(text) ?? []
  return bare(text)
    .replace(/ \(changed from Required to Nullable\)/, ' is optional, and should be required')
    .replace(/ \(changed from Nullable to Required\)/, ' is required, and should be optional')
    .replace(/ \(changed from (.+) to (.+)\)/, ' is $2, and should be $1')
    .replace(
      / would be dropped and recreated \(type changed\)| \(type changed\)/,
      ` has another type${typeOf(column, wanted)}`,
    )
}

function typeOf(column: string, wanted: string): string {
  const line = wanted
    .split('\n')
    .find((one) => one.includes(`@map("${column}")`) || one.trim().startsWith(`${column} `))
  const [, type] = /^\s*\w+\s+(\w+(?:\[\])?)/.exec(line ?? '') ?? []
  return type === undefined ? '' : `, and should be ${type}`
}

/** `Added tables` → `table` */
function singular(text: string): string {
  return bare(text).replace(/s$/, '')
}
