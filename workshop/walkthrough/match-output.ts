import { stableForm, trimBlank } from './stable-form.ts'

/** What stands for anything inside a line; alone on a line, for any number of lines. */
const wildcard = '…'

/** The workshop says it once for each schema, so it depends on what was run before. */
const maybe = 'Generating Prisma Client from prisma/schema.prisma …'

/** Whether the output is the expected one, line by line. */
export function matchesOutput(expected: readonly string[], got: readonly string[]): boolean {
  const [lines, found] = [expected, got].map((all) => trimBlank(all.filter((line) => line.trim() !== maybe))) as [
    string[],
    string[],
  ]
  let [at, from] = [0, 0]
  /** Behind the last wildcard line: where to go back to, and how much it has taken by then. */
  let back: { at: number; from: number } | undefined
  while (from < found.length) {
    if (at < lines.length && isWildcard(lines[at]!)) {
      back = { at: ++at, from }
    } else if (at < lines.length && matchesLine(lines[at]!, found[from]!)) {
      at++
      from++
    } else if (back) {
      back.from++
      ;({ at, from } = back)
    } else {
      return false
    }
  }
  return lines.slice(at).every(isWildcard)
}

/** One line against one, as they stand or both in their stable form. */
export function matchesLine(expected: string, got: string): boolean {
  if (expected.trimEnd() === got.trimEnd()) return true
  if (!expected.includes(wildcard)) return stableForm(expected) === stableForm(got)
  return pattern(expected.trimEnd()).test(got.trimEnd()) || pattern(stableForm(expected)).test(stableForm(got))
}

/** Both outputs as one list: `  ` what is equal, `- ` what was expected, `+ ` what came instead. */
export function diffOutput(expected: readonly string[], got: readonly string[]): string[] {
  const [a, b] = [trimBlank(expected), trimBlank(got)]
  const lines: string[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of commonLines(a, b)) {
    while (i < x) lines.push(`- ${a[i++]}`)
    while (j < y) lines.push(`+ ${b[j++]}`)
    lines.push(`  ${b[j]}`)
    i++
    j++
  }
  return [...lines, ...a.slice(i).map((line) => `- ${line}`), ...b.slice(j).map((line) => `+ ${line}`)]
}

/** Pairs of positions of lines that match: the longest common sequence. */
export function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  const long = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const skip = Math.max(long[i + 1]![j]!, long[i]![j + 1]!)
      long[i]![j] = isSame(a[i]!, b[j]!) ? long[i + 1]![j + 1]! + 1 : skip
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (isSame(a[i]!, b[j]!)) pairs.push([i++, j++])
    else if (long[i + 1]![j]! >= long[i]![j + 1]!) i++
    else j++
  }
  return pairs
}

/** A wildcard line stands for many lines, so it is no line's equal. */
function isSame(expected: string, got: string): boolean {
  return !isWildcard(expected) && matchesLine(expected, got)
}

function isWildcard(line: string): boolean {
  return line.trim() === wildcard
}

function pattern(line: string): RegExp {
  const parts = line.split(wildcard).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'u')
}
