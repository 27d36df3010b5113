import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { layEach, readSteps, type StepFiles } from '../../workshop/course/read-steps.ts'
import { projectRoot } from '../../kit/project/project.ts'

/** Contents by path, with `/`, as they stand at one step. */
export type Files = Record<string, string>

const steps = readSteps()
const allLaid = layEach(steps).map(asTexts)
export const stepNumbers = steps.map(({ number }) => number)
/** The last step of the course, without the bonus ones. */
export const courseEnd = steps.findLast(({ step }) => !step.bonus)!.number

export function migrationScripts(): [name: string, sql: string][] {
  const files = laid(courseEnd)
  const scripts = scriptsOf(files)
  return migrationsOf(files).map((name, i) => [name, scripts[i]!])
}

export function scriptsOf(files: Files): string[] {
  return migrationsOf(files).map((name) => files[`prisma/migrations/${name}/migration.sql`]!)
}

export function migrationsOf(files: Files): string[] {
  return Object.keys(files)
    .filter(isMigration)
    .map((path) => path.split('/')[2]!)
    .sort()
}

/** `prisma/` and `seeds/` at the end of a step. */
export function laid(until: number): Files {
  return allLaid[steps.findLastIndex(({ number }) => number <= until)] ?? {}
}

export function hasFiles(number: number): boolean {
  return existsSync(join(steps.find((one) => one.number === number)!.folder, 'files'))
}

export function readFolder(folder: string): Files {
  if (!existsSync(join(projectRoot, folder))) return {}
  const entries = readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const named = paths.map((path) => [relative(projectRoot, path).split(sep).join('/'), path] as const)
  const ours = named.filter(([name]) => !name.startsWith('prisma/generated/'))
  return Object.fromEntries(ours.map(([name, path]) => [name, readFileSync(path, 'utf8')]))
}

export function differences(a: Files, b: Files): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path])
}

function asTexts(files: StepFiles): Files {
  return Object.fromEntries([...files].map(([path, content]) => [path, String(content)]))
}

export function isMigration(path: string): boolean {
  return path.endsWith('/migration.sql')
}
