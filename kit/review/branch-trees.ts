import type { BranchMigrations } from './branch-checks.ts'
import { filesAt, textsOf, type Branch } from '../git/branch.ts'
import { readReviewSettings, type ReviewSettings } from './review-settings.ts'

/** All files of the three trees, by path from the repository's top, with the ids of their texts. */
export interface Trees {
  fork: Map<string, string>
  base: Map<string, string>
  head: Map<string, string>
}

export async function readTrees(root: string, { forkTree, baseTree, headTree }: Branch): Promise<Trees> {
  const base = filesAt(root, baseTree)
  // A branch that begins at the newest commit of its base, as most do, has two trees to read, not three.
  const fork = forkTree === baseTree ? base : filesAt(root, forkTree)
  const [all, begun, head] = await Promise.all([base, fork, filesAt(root, headTree)])
  return { fork: begun, base: all, head }
}

/** The base's word counts: a branch cannot relax the rule that judges it. Where the base says nothing, the branch may. */
export async function settingsAt(root: string, { prefix }: Branch, { base, head }: Trees): Promise<ReviewSettings> {
  const ids = [head, base].flatMap((tree) => tree.get(`${prefix}package.json`) ?? [])
  const [first, last] = (await textsOf(root, ids)).map(readReviewSettings)
  return { ...first, ...last }
}

export function migrationsOf(
  { prefix, base }: Branch,
  trees: Trees,
  settings: ReviewSettings,
  now: Date,
): BranchMigrations {
  const wanted = prefix + (settings.migrations ?? 'prisma/migrations').replaceAll('\\', '/').replace(/^\.\/|\/+$/g, '')
  const folder = folderIn(trees.head, wanted, trees.head)
  return {
    folder,
    baseName: base,
    fork: below(trees.fork, folderIn(trees.fork, folder, trees.head)),
    base: below(trees.base, folderIn(trees.base, folder, trees.head)),
    head: below(trees.head, folder),
    now,
  }
}

/**
 * Where the migrations stand in a tree. Under another name than is wanted they are known by Prisma's lock file, where the
 * branch has moved that away.
 */
function folderIn(files: ReadonlyMap<string, string>, wanted: string, head: ReadonlyMap<string, string>): string {
  if ([...files.keys()].some((path) => path.startsWith(`${wanted}/`))) return wanted
  const locks = [...files.keys()].filter((path) => path.endsWith(lockFile) && (files === head || !head.has(path)))
  return locks.length === 1 ? locks[0]!.slice(0, -lockFile.length) : wanted
}

const lockFile = '/migration_lock.toml'

function below(files: ReadonlyMap<string, string>, folder: string): Map<string, string> {
  const inside = [...files].filter(([path]) => path.startsWith(`${folder}/`))
  return new Map(inside.map(([path, id]) => [path.slice(folder.length + 1), id]))
}
