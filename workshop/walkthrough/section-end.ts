import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Section } from './document.ts'
import { WalkthroughFailure } from './failure.ts'
import { git } from '../../kit/git/git.ts'
import { migrationNames } from '../course/step-databases.ts'
import { layFiles, type LoadedStep, type StepFiles } from '../course/read-steps.ts'
import { commandsOf } from './run-action.ts'
import type { Ground } from './ground.ts'

/** A section ends where its step ends: the files, nothing left to commit, and the step's own check. */
export async function assertEnd(section: Section, step: LoadedStep, ground: Ground): Promise<void> {
  const at = { line: section.line, command: `the end of ${step.tag}` }
  const shown = differences(layFiles(step.number), readRooms(ground.folder))
  if (shown.length > 0) throw new WalkthroughFailure(`The files are not those of ${step.tag}.`, { ...at, shown })
  const status = await git(['status', '--porcelain'], { root: ground.folder, env: ground.env })
  if (status !== '') throw new WalkthroughFailure('Not everything is committed.', { ...at, shown: status.split('\n') })
  const number = String(step.number).padStart(2, '0')
  // Where the section types it, it has passed.
  if (typed(section).includes(`npm run check ${number}`)) return
  const { code, output } = await ground.run(process.execPath, join('workshop', 'run.mjs'), 'check', number)
  if (code !== 0) throw new WalkthroughFailure('The step’s check fails.', { ...at, shown: output.trim().split('\n') })
}

function typed({ actions }: Section): string[] {
  return actions.flatMap((action) => (action.kind === 'sh' ? commandsOf(action).map(({ text }) => text) : []))
}

/** What differs between two states of `prisma/` and `seeds/`. Migrations are compared without time, comments and gaps. */
export function differences(wanted: StepFiles, found: StepFiles): string[] {
  const files = (all: StepFiles) => new Map([...all].filter(([path]) => !path.endsWith('/migration.sql')))
  const [own, theirs] = [files(wanted), files(found)]
  const paths = [...new Set([...own.keys(), ...theirs.keys()])].sort()
  return [
    ...paths.flatMap((path) => describe(path, own.get(path), theirs.get(path))),
    ...differentMigrations(wanted, found),
  ]
}

function describe(path: string, wanted: Buffer | undefined, found: Buffer | undefined): string[] {
  if (!found) return [`- ${path} is missing`]
  if (!wanted) return [`+ ${path} is no file of this step`]
  if (wanted.equals(found)) return []
  const [a, b] = [String(wanted).split('\n'), String(found).split('\n')]
  const i = a.findIndex((line, at) => line !== b[at])
  const at = i === -1 ? a.length : i
  return [`  ${path}, line ${at + 1}:`, `- ${a[at] ?? '(end)'}`, `+ ${b[at] ?? '(end)'}`]
}

function differentMigrations(wanted: StepFiles, found: StepFiles): string[] {
  const [own, theirs] = [migrationNames(wanted), migrationNames(found)]
  const [ownNames, theirNames] = [own.map(withoutTime), theirs.map(withoutTime)]
  if (ownNames.join() !== theirNames.join()) {
    return [`- migrations: ${ownNames.join(', ')}`, `+ migrations: ${theirNames.join(', ')}`]
  }
  return own.flatMap((name, i) => {
    const [a, b] = [statements(wanted, name), statements(found, theirs[i]!)]
    return a === b ? [] : [`  ${withoutTime(name)}:`, `- ${a}`, `+ ${b}`]
  })
}

function withoutTime(name: string): string {
  return name.replace(/^\d+_/, '')
}

/** Without BEGIN and COMMIT around all: the steps have them, and Prisma writes none. */
function statements(files: StepFiles, name: string): string {
  const sql = String(files.get(`prisma/migrations/${name}/migration.sql`))
  return sql
    .replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^BEGIN; (.*) COMMIT;$/, '$1')
}

/** `prisma/` and `seeds/` as they stand in a folder, without what Prisma generates. */
export function readRooms(folder: string): StepFiles {
  const files: StepFiles = new Map()
  for (const room of ['prisma', 'seeds']) {
    if (!existsSync(join(folder, room))) continue
    for (const entry of readdirSync(join(folder, room), { recursive: true, withFileTypes: true })) {
      const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
      if (entry.isFile() && !path.startsWith('prisma/generated/')) files.set(path, readFileSync(join(folder, path)))
    }
  }
  return files
}
