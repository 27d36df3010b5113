import { relative, sep } from 'node:path'
import { git, tryGit } from '../../kit/git/git.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { ownFiles, readSteps, type LoadedStep } from './read-steps.ts'
import { ensureTags } from './tags.ts'

/** The tags against `steps/`: what differs, or why they were not compared. */
export interface TagsComparison {
  defects: string[]
  notCompared?: string
}

/** Builds the tags if they are missing or stale, and compares `prisma/` and `seeds/` of each with what the steps lay down. */
export async function compareTags(root = projectRoot): Promise<TagsComparison> {
  const ensured = await ensureTags(() => {}, root)
  if (ensured.did === 'skipped') return { defects: [], notCompared: ensured.problem.message }
  const steps = readSteps(root)
  if (!(await areSourcesOf(steps.at(-1)!.tag, root))) {
    return { defects: [], notCompared: 'what stands in steps/ is not committed, or not on origin.' }
  }
  const own = await idsOf(steps, root)
  const laid = new Map<string, string>()
  const defects: string[] = []
  for (const [i, { tag, step }] of steps.entries()) {
    for (const [path, id] of own[i]!) laid.set(path, id)
    for (const path of step.removes ?? []) laid.delete(path)
    const found = await filesOf(tag, root)
    const unlike = [...new Set([...laid.keys(), ...found.keys()])].filter((path) => laid.get(path) !== found.get(path))
    if (unlike.length > 0) defects.push(`${tag} is not what its steps lay down: ${unlike.join(', ')}.`)
  }
  return { defects }
}

/** Whether steps/ in the working tree is the one that the tag was built from. */
async function areSourcesOf(tag: string, root: string): Promise<boolean> {
  const changes = await git(['status', '--porcelain', '--', 'steps'], { root })
  const tree = async (commit: string) =>
    String((await tryGit(['rev-parse', '--verify', '--quiet', `${commit}:steps`], { root })).stdout).trim()
  // A last step that is new, or has a new name, has no tag before origin knows it.
  return changes === '' && (await tree(`${tag}^{commit}`)) === (await tree('HEAD'))
}

/** For each step, the ids that git gives to the files that it brings, by path. */
async function idsOf(steps: readonly LoadedStep[], root: string): Promise<Map<string, string>[]> {
  const paths = steps.map((step) => [...ownFiles(step).keys()])
  const folders = steps.map(({ folder }) => `${relative(root, folder).split(sep).join('/')}/files`)
  const input = paths.map((some, i) => some.map((path) => `${folders[i]}/${path}\n`).join('')).join('')
  const ids = (await git(['hash-object', '--stdin-paths'], { root, input })).split('\n').values()
  return paths.map((some) => new Map(some.map((path) => [path, ids.next().value!])))
}

/** Ids by path: each line of `ls-tree` is `<mode> blob <id>`, a tab, and the path. */
async function filesOf(tag: string, root: string): Promise<Map<string, string>> {
  const output = await git(['ls-tree', '-r', '-z', '--full-tree', tag, 'prisma', 'seeds'], { root })
  const lines = output.split('\0').filter(Boolean)
  return new Map(lines.map((line) => [line.slice(line.indexOf('\t') + 1), line.split(/[ \t]/)[2]!]))
}
