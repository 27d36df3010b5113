import type { Finding } from '../hazards/finding.ts'
import { shellWord } from '../terminal/shell-word.ts'

/** The migrations of three trees: by path below the migrations' folder, as in `NAME/migration.sql`, the id of its text. */
export interface BranchMigrations {
  /** Where they stand in the branch, from the repository's top. */
  folder: string
  /** The base's name, to type. */
  baseName: string
  fork: ReadonlyMap<string, string>
  base: ReadonlyMap<string, string>
  head: ReadonlyMap<string, string>
  now: Date
}

export interface BranchCheck {
  name: string
  finds(branch: BranchMigrations): Finding[]
}

const order =
  'DEV has run the old text and PROD may have too; Prisma compares checksums in "migrate dev" and never in "deploy".'

/** What a branch may not do with migrations that have landed, and where its own have to stand. */
export const branchChecks: readonly BranchCheck[] = [
  {
    name: 'a landed migration is edited',
    finds: (branch) =>
      landedPaths(branch).flatMap((path) => {
        const id = branch.head.get(path)
        if (id === undefined || id === branch.fork.get(path) || id === branch.base.get(path)) return []
        const isNew = !branch.fork.has(path)
        return [
          refused(branch, path, {
            words: isNew
              ? `${nameOf(path)} has landed on the base meanwhile, with another text`
              : `${nameOf(path)} has landed, and the branch edits it`,
            why: order,
            next: [
              `git restore --source ${branch.baseName} -- ${shellWord(`${branch.folder}/${path}`)}`,
              'Put the change into a new migration.',
            ],
          }),
        ]
      }),
  },
  {
    name: 'a landed migration is deleted',
    finds: (branch) =>
      goneNames(branch)
        .filter((name) => renamedTo(branch, name) === undefined)
        .map((name) =>
          refused(branch, `${name}/migration.sql`, {
            words: `${name} has landed, and the branch deletes it`,
            why: 'Databases that have run it keep a row without a folder: "migrate dev" then wants a reset.',
            next: [`git restore --source ${branch.baseName} -- ${shellWord(`${branch.folder}/${name}`)}`],
          }),
        ),
  },
  {
    name: 'a landed migration is renamed',
    finds: (branch) =>
      goneNames(branch).flatMap((name) => {
        const to = renamedTo(branch, name)
        if (to === undefined) return []
        return [
          refused(branch, `${to}/migration.sql`, {
            words: `${name} has landed, and the branch renames it to ${to}`,
            why: 'A migration is known by its name: databases that have run it would run it again.',
            next: [`git mv ${shellWord(`${branch.folder}/${to}`)} ${shellWord(`${branch.folder}/${name}`)}`],
          }),
        ]
      }),
  },
  {
    name: 'a migration is dated before the newest on the base',
    finds(branch) {
      const newest = namesOf(branch.base).at(-1) ?? ''
      const added = addedNames(branch)
      const first = added.findIndex((name) => name < newest)
      const late = added.filter((name) => name < newest)
      // Those after it keep their place behind it.
      const moved = first === -1 ? [] : added.slice(first)
      return late.map((name) =>
        refused(branch, `${name}/migration.sql`, {
          words: `${name} is dated before ${newest}, which has landed`,
          why: 'A new database runs them in the order of their names, the others in another one.',
          next: [
            ...moved.map((old, i) => {
              const to = redated(old, newest, branch.now, i)
              return `git mv ${shellWord(`${branch.folder}/${old}`)} ${shellWord(`${branch.folder}/${to}`)}`
            }),
            'Then let your dev database run them again, in the new order.',
          ],
        }),
      )
    },
  },
  {
    name: 'a migration has no migration.sql',
    finds: (branch) =>
      addedNames(branch)
        .filter((name) => !branch.head.has(`${name}/migration.sql`))
        .map((name) => ({
          ...refused(
            branch,
            [...branch.head.keys()].find((path) => nameOf(path) === name)!,
            {
              words: `${name} holds no migration.sql`,
              why: 'Prisma takes every folder for a migration, and stops at this one (P3015).',
              next: [`git rm -r ${shellWord(`${branch.folder}/${name}`)}`],
            },
          ),
          id: 'unreadable' as const,
        })),
  },
]

/** The migrations that the branch adds, oldest first. */
export function addedNames({ fork, base, head }: BranchMigrations): string[] {
  const landed = new Set([...namesOf(fork), ...namesOf(base)])
  const renamed = new Set(goneNames({ fork, base, head }).map((name) => renamedTo({ fork, head }, name)))
  return namesOf(head).filter((name) => !landed.has(name) && !renamed.has(name))
}

/** In Prisma's order: by name. */
export function namesOf(paths: ReadonlyMap<string, string>): string[] {
  const inFolders = [...paths.keys()].filter((path) => path.includes('/'))
  return [...new Set(inFolders.map(nameOf))].toSorted()
}

function landedPaths({ fork, base }: BranchMigrations): string[] {
  return [...new Set([...fork.keys(), ...base.keys()])].filter((path) => path.endsWith('/migration.sql'))
}

/** What the base has deleted itself is not the branch's doing. */
function goneNames({ fork, base, head }: Pick<BranchMigrations, 'fork' | 'base' | 'head'>): string[] {
  const isThere = (name: string) => head.has(`${name}/migration.sql`)
  return namesOf(fork).filter((name) => !isThere(name) && base.has(`${name}/migration.sql`))
}

function renamedTo({ fork, head }: Pick<BranchMigrations, 'fork' | 'head'>, name: string): string | undefined {
  const id = fork.get(`${name}/migration.sql`)
  const same = [...head].find(([path, other]) => other === id && !fork.has(path) && path.endsWith('/migration.sql'))
  return same && nameOf(same[0])
}

/** The name with a date after the newest, `i` seconds later, so that several keep their order. */
function redated(name: string, newest: string, now: Date, i: number): string {
  const [, digits] = /^(\d{14})/.exec(newest) ?? []
  const after = digits ? parseStamp(digits) + 1_000 : 0
  return `${stamp(new Date(Math.max(now.getTime(), after) + i * 1_000))}_${name.replace(/^\d+_?/, '') || 'migration'}`
}

function stamp(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14)
}

function parseStamp(digits: string): number {
  const [year, month, day, hour, minute, second] = digits.match(/^\d{4}|\d\d/g)!.map(Number)
  return Date.UTC(year!, month! - 1, day, hour, minute, second)
}

function nameOf(path: string): string {
  return path.split('/')[0]!
}

function refused({ folder }: BranchMigrations, path: string, said: Pick<Finding, 'words' | 'why' | 'next'>): Finding {
  return { id: 'H20', level: 'refuse', file: `${folder}/${path}`, ...said }
}
