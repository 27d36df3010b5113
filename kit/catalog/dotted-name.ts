/**
 * A table, or a column or a value of it, as questions and flags write it: `recruits`, `recruits.chatname`, `Role.'MENTOR'`.
 * A part with a dot, an = or a quote in it stands in quotes, as in SQL: `"v1.recruits".chatname`.
 */
export function dotted(...parts: readonly string[]): string {
  return parts.map(dottedPart).join('.')
}

export function dottedPart(name: string): string {
  return isLabel(name) || !/[.="]/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** `recruits.chatname` is the column `chatname` of `recruits`; `recruits` is the table. Without the quotes around a part. */
export function splitName(name: string): [table: string, column?: string] {
  const [table = '', ...column] = partsOf(name, '.').map(bare)
  return column.length > 0 ? [table, column.join('.')] : [table]
}

/** Both sides of the first = that stands in no quotes. */
export function splitHalves(words: string): [string, string] | undefined {
  const [first = '', ...more] = partsOf(words, '=')
  const second = more.join('=')
  return first !== '' && second !== '' ? [first, second] : undefined
}

/** A value of an enum is written with its quotes: `Role.'MENTOR'`. */
export function isLabel(name: string): boolean {
  return /^'.*'$/s.test(name)
}

/** `"a ""b"""` is `a "b"`. */
export function bare(part: string): string {
  return /^".*"$/s.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part
}

function partsOf(words: string, sign: '.' | '='): string[] {
  const parts = ['']
  // Quotes are quotes where a part begins: in  it's  there are none.
  for (const [piece] of words.matchAll(/(?<![^.=])(?:"(?:[^"]|"")*"|'(?:[^']|'')*')(?![^.=])|[^]/g)) {
    if (piece === sign) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}
