import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Nobody types more than this by hand. */
const longest = 1_000_000

/** What the learner writes, by path: `prisma/`, `seeds/`, and the scripts and settings beside them. */
export function learnerFiles(root: string): Map<string, string> {
  const top = readdirSync(root).filter((name) => /\.[cm]?[jt]s$/.test(name) && name !== 'jest.config.ts')
  const paths = [...below(root, 'prisma'), ...below(root, 'seeds'), ...top]
  const files = paths
    .filter((path) => !path.startsWith('prisma/generated/'))
    .filter((path) => statSync(join(root, path)).isFile() && statSync(join(root, path)).size <= longest)
  return new Map(files.toSorted().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

function below(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (path === 'prisma/generated' || entry.name === 'node_modules') return []
    return entry.isDirectory() ? below(root, path) : entry.isFile() ? [path] : []
  })
}
