import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The models of a folder with `prisma/`: of schema.prisma or, where there is none, of all files in `prisma/schema/`, which
 * mean to Prisma what one text of them all means. Undefined where there is neither.
 */
export function readSchemaFiles(root: string): string | undefined {
  const file = join(root, 'prisma', 'schema.prisma')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const folder = join(root, 'prisma', 'schema')
  if (!existsSync(folder)) return undefined
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.prisma'))
  return paths.length === 0
    ? undefined
    : joined(paths.toSorted().map((path) => readFileSync(join(folder, path), 'utf8')))
}

/** Of the files of a branch, those that hold its models: the one of that path, or all in a folder of that name. */
export function schemaPaths(files: Iterable<string>, path: string): string[] {
  const all = [...files]
  if (all.includes(path)) return [path]
  const folder = `${path.replace(/\.prisma$|\/+$/, '')}/`
  return all.filter((one) => one.startsWith(folder) && one.endsWith('.prisma')).toSorted()
}

export function joined(texts: readonly string[]): string {
  return texts.join('\n')
}

/** Whether two texts hold the same lines: Prisma writes those of several files in an order and with spaces of its own. */
export function haveSameLines(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return a === b
  const lines = (text: string) =>
    text
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' ').trim())
      .filter(Boolean)
      .toSorted()
      .join('\n')
  return lines(a) === lines(b)
}
