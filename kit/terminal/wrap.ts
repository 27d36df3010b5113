import { stripVTControlCharacters } from 'node:util'

/**
 * Breaks a line between words where a terminal of `columns` would break it in the middle of one. What follows stands
 * below the line's text, behind its mark (✓, ·, next, PROD, a date). Without a terminal (`columns` undefined) the line stays whole.
 */
export function wrap(line: string, columns: number | undefined): string {
  if (columns === undefined) return line
  const plain = stripVTControlCharacters(line)
  if (plain.length <= columns) return line
  const [mark = ''] =
    /^ *(?:[✓✗·] (?:(?:FILES|DEV|PROD) +)?|(?:why|next|found|do) +|(?:DEV|PROD) +|[\d-]{10} [\d:]{5} +)?/.exec(plain) ??
    []
  const lines = ['']
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    const indent = lines.length > 1 ? mark.length : 0
    if (lines.at(-1) === '' || indent + stripVTControlCharacters(longer).length <= columns)
      lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.join(`\n${' '.repeat(mark.length)}`)
}
