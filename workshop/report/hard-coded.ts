import type { HardCoded } from './report-data.ts'

/** A URL of a database, or a connection that is spelled out: both belong into an env file. */
const shapes = [
  /\b(?:postgres(?:ql)?|prisma\+postgres):\/\/[^\s"'`<>]+/i,
  /\b(?:password|host)\s*:\s*(['"`])(?!\1)[^'"`]+\1/i,
]

/** Where the learner's files name a database themselves, by path. Passwords are not shown. */
export function hardCodedIn(files: ReadonlyMap<string, string>): HardCoded[] {
  return [...files]
    .filter(([path]) => !/\.(md|txt|lock)$/.test(path))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([file, text]) =>
      text.split(/\r?\n/).flatMap((line, i) => {
        const found = shapes.map((shape) => shape.exec(line)?.[0]).find((one) => one !== undefined)
        return found === undefined ? [] : [{ file, line: i + 1, words: withoutPassword(found) }]
      }),
    )
}

/** A text in which no address tells its password. */
export function withoutPassword(text: string): string {
  return text
    .replace(/(\w:\/\/[^:@\s/"'`]*):[^@\s"'`]+@/g, '$1:****@')
    .replace(/(\bpassword\s*:\s*)(['"`])[^'"`]+\2/gi, '$1$2****$2')
}
