import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { projectRoot } from '../../workshop/world/project.ts'

/** Contents by path, with `/`, as they stand at one step. */
export type Files = Record<string, string>

const steps = readdirSync(join(projectRoot, 'steps'))
  .filter((name) => /^\d\d-/.test(name))
  .sort()
export const stepNumbers = steps.map((name) => Number.parseInt(name))

export function migrationScripts(): [name: string, sql: string][] {
  const files = laid(99)
  return migrationsOf(files).map((name) => [name, files[`prisma/migrations/${name}/migration.sql`]!])
}

export function migrationsOf(files: Files): string[] {
  return Object.keys(files)
    .filter(isMigration)
    .map((path) => path.split('/')[2]!)
    .sort()
}

/** `prisma/` and `seeds/` at the end of a step: the files of all steps up to it, one laid over the other. */
export function laid(until: number): Files {
  const files: Files = {}
  for (const step of steps.filter((name) => Number.parseInt(name) <= until)) {
    Object.assign(files, readFolder(join('steps', step, 'files'), join('steps', step, 'files')))
    for (const path of removedBy(step)) delete files[path]
  }
  return files
}

function removedBy(step: string): string[] {
  const list = join(projectRoot, 'steps', step, 'removed.txt')
  return existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : []
}

export function hasFiles(number: number): boolean {
  const step = steps.find((name) => Number.parseInt(name) === number)!
  return existsSync(join(projectRoot, 'steps', step, 'files'))
}

export function readFolder(folder: string, base = ''): Files {
  if (!existsSync(join(projectRoot, folder))) return {}
  const entries = readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const named = paths.map((path) => [relative(join(projectRoot, base), path).split(sep).join('/'), path] as const)
  const ours = named.filter(([name]) => !name.startsWith('prisma/generated/'))
  return Object.fromEntries(ours.map(([name, path]) => [name, readFileSync(path, 'utf8')]))
}

export function differences(a: Files, b: Files): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path])
}

export function isMigration(path: string): boolean {
  return path.endsWith('/migration.sql')
}
