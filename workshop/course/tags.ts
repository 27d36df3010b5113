import { Problem } from '../../kit/terminal/problem.ts'
import { assertRepository, git } from '../../kit/git/git.ts'
import { alone } from '../../kit/project/lock.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { findRefs, type FoundRefs, type FoundTag } from './tags-found.ts'
import { findSource, namedSource, treeOf, type Source } from './tags-source.ts'
import { readStory } from './tags-story.ts'
import { importStream } from './tags-text.ts'

type Say = (line: string) => void

/** What became of one tag: without `was` it is new, without `is` it is gone. Both are ids of commits. */
export interface TagChange {
  name: string
  was?: string
  is?: string
}

export interface Built {
  source: Source
  /** All tags of the steps, in order. */
  tags: string[]
  changes: TagChange[]
}

export type Ensured = { did: 'nothing' } | ({ did: 'built' } & Built) | { did: 'skipped'; problem: Problem }

/** Builds the tags if one is missing or stale. Never throws a Problem: where there can be no tags, it returns why. */
export async function ensureTags(say: Say, root = projectRoot): Promise<Ensured> {
  try {
    if (!(await areTagsStale(root))) return { did: 'nothing' }
    return { did: 'built', ...(await buildTags(say, { root })) }
  } catch (error) {
    if (error instanceof Problem) return { did: 'skipped', problem: error }
    throw error
  }
}

/** Whether a tag is missing, or built from another commit than the tags should be built from now. */
export async function areTagsStale(root = projectRoot): Promise<boolean> {
  await assertRepository(root)
  const refs = await findRefs(root)
  const { commit } = await findSource(root, refs)
  const ours = refs.tags.filter((tag) => tag.ours)
  return ours.length === 0 || ours.some(({ ours: told }) => told!.source !== commit || told!.steps !== ours.length)
}

/**
 * Builds one commit and one annotated tag a step, from the steps of origin's main (or of the commit `from`), and says
 * what moved. The same sources give the same ids of commits everywhere. Throws a Problem, before anything is written,
 * when one of the names is a tag of the learner's own.
 */
export function buildTags(
  say: Say,
  { root = projectRoot, from }: { root?: string; from?: string } = {},
): Promise<Built> {
  return alone('tags', say, async () => {
    await assertRepository(root)
    const before = await findRefs(root)
    const source = from === undefined ? await findSource(root, before) : await namedSource(root, from)
    const story = await readStory(root, source.commit)
    const tags = story.map(({ tag }) => tag)
    await assertFree(root, tags, before)
    const gone = before.tags.filter(({ name, ours }) => ours && !tags.includes(name)).map(({ name }) => name)
    const input = importStream(story, { commit: source.commit, tree: await treeOf(root, source) }, gone)
    // Without this, a file system that ignores case would give other ids than one that does not.
    await git(['-c', 'core.ignoreCase=false', 'fast-import', '--quiet', '--done'], { root, input })
    const built = { source, tags, changes: changesOf(before.tags, (await findRefs(root)).tags) }
    sayBuilt(built, say)
    return built
  })
}

/** A tag `step-05-x/mine` is in the way of `step-05-x` too: in git, a name cannot be a folder of names as well. */
async function assertFree(root: string, tags: string[], { tags: found }: FoundRefs): Promise<void> {
  const theirs = found.filter(({ ours }) => !ours)
  const wanted = new Set(tags)
  const taken = theirs.filter(({ name }) => wanted.has(name.split('/')[0]!)).map(({ name }) => name)
  if (taken.length === 0) return
  const names = taken.map((name) => `"${name}"`).join(', ')
  const kept = new Set((await git(['tag', '--list', 'my-*'], { root })).split('\n'))
  throw new Problem(
    `${names}: you made ${taken.length > 1 ? 'these tags' : 'this tag'}, so no tag of a step was built.`,
    {
      why: 'A step’s tag has that name, and what you made is not overwritten. Keep it under another name:',
      next: [
        ...taken.flatMap((name) => [`git tag ${freeName(`my-${name}`, kept)} ${name}`, `git tag --delete ${name}`]),
        'npm run steps build',
      ],
    },
  )
}

function freeName(name: string, taken: Set<string>): string {
  return taken.has(name) ? freeName(`${name}-again`, taken) : name
}

/** Ours only: whatever else is named `step-…` was there before and stays. */
function changesOf(before: FoundTag[], after: FoundTag[]): TagChange[] {
  const was = new Map(before.filter(({ ours }) => ours).map(({ name, commit }) => [name, commit]))
  const is = new Map(after.filter(({ ours }) => ours).map(({ name, commit }) => [name, commit]))
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => ({
      name,
      ...(was.has(name) && { was: was.get(name)! }),
      ...(is.has(name) && { is: is.get(name)! }),
    }))
}

function sayBuilt({ source, tags, changes }: Built, say: Say): void {
  const isAll = tags.every((tag) => changes.some(({ name, was, is }) => name === tag && was && is))
  if (isAll) say('The steps are newer than their tags: all are built anew.')
  for (const { name, was, is } of changes) {
    if (was && is && !isAll) say(`${name} moved: ${short(was)} → ${short(is)}`)
    else if (was && !is) say(`${name} is gone: no step has that name any more (it was ${short(was)})`)
  }
  if (changes.some(({ was }) => was)) say('Your own branches stay as they are.')
  const what = changes.length === 0 ? 'stand as they were' : 'are built'
  say(
    `The tags of ${tags.length} steps ${what}: ${tags[0]} … ${tags.at(-1)}, from ${source.name} (${short(source.commit)}).`,
  )
}

/** As many digits as git shows in a middle-sized repository. */
export function short(id: string): string {
  return id.slice(0, 10)
}
