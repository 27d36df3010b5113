/** What differs from run to run, and what stands in its place when two outputs are compared. */
const forms: readonly [what: RegExp, form: string][] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>'],
  // The time in a migration's name.
  [/(?<!\d)20\d{12}(?!\d)/g, '<time>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?))?(?!\d)/g, '<time>'],
  [/\b\d{4}-\d\d-\d\d\b/g, '<date>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4} [+-]\d{4}/g, '<time>'],
  // Where git writes an id, it may look like a number or a word.
  [/^(?:[0-9a-f]{7,12}|[0-9a-f]{40})(?= )/g, '<id>'],
  [/(?<=^\[[^\]]* )[0-9a-f]{7,40}(?=\])/g, '<id>'],
  [/\b[0-9a-f]{7,40}\.\.\.?[0-9a-f]{7,40}\b/g, '<id>..<id>'],
  [/(?<=\b(?:commit|at|HEAD) )[0-9a-f]{7,40}\b/g, '<id>'],
  // Elsewhere it has to hold a letter and a digit.
  [/\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,40}\b/g, '<id>'],
  [/(?<![\w.])\d+(?:\.\d+)? ?(?:ms|s|min)\b/g, '<duration>'],
]

const spinner = /^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] ?/

/** A line as it is compared: times, ids and durations are not what the document promises. */
export function stableForm(line: string): string {
  return forms.reduce((text, [what, form]) => text.replaceAll(what, form), line.trimEnd())
}

/** What npm says of itself. Learners see it, and it teaches nothing. */
export function withoutChatter(lines: readonly string[]): string[] {
  const isChatter = (line: string, i: number) =>
    /^npm (warn|notice)\b/.test(line) || isBanner(line) || (isBanner(lines[i - 1] ?? '') && line.startsWith('> '))
  return trimBlank(lines.filter((line, i) => !isChatter(line, i) && !spinner.test(line)))
}

function isBanner(line: string): boolean {
  return /^> [\w-]+@\d+\.\d+\.\d+( \S+)?$/.test(line)
}

/** Without blank lines at both ends, and without blanks at the ends of lines. */
export function trimBlank(lines: readonly string[]): string[] {
  const trimmed = lines.map((line) => line.trimEnd())
  const first = trimmed.findIndex((line) => line !== '')
  return first === -1 ? [] : trimmed.slice(first, trimmed.findLastIndex((line) => line !== '') + 1)
}

/** What is this run's own (its folder, its two ports), in the document's words. */
export function canonical(line: string, names: readonly (readonly [here: string, inDocument: string])[]): string {
  return names.reduce((text, [here, inDocument]) => text.replaceAll(here, inDocument), line)
}
