import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Names, sizes and times of all files at and below these paths of `root`: the same text while none was written. */
export function lookAtFiles(root: string, paths: readonly string[]): string {
  return paths
    .flatMap((path) => filesAt(join(root, path)))
    .map((file) => {
      const { size = 0, mtimeMs = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {}
      return `${file} ${size} ${mtimeMs}`
    })
    .join('\n')
}

function filesAt(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
}
