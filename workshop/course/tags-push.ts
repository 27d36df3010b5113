import { Problem } from '../../kit/terminal/problem.ts'
import { git, tryGit } from '../../kit/git/git.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { buildTags, short, type TagChange } from './tags.ts'

/** A tag as `origin` has it: the object that its name leads to, and the commit behind that. */
interface RemoteTag {
  object: string
  commit: string
  isAnnotated: boolean
}

/**
 * Builds the tags and pushes those that `origin` does not have, or has elsewhere: the latter by force, and says so.
 * All or none: a tag that moved on origin in the meantime stops the push. Returns what changed on origin.
 */
export async function pushTags(say: (line: string) => void, root = projectRoot): Promise<TagChange[]> {
  const { tags } = await buildTags(say, { root })
  await assertRemote(root)
  const there = await remoteTags(root)
  const here = await localTags(root, tags)
  const foreign = tags.find((name) => there.get(name)?.isAnnotated === false)
  if (foreign) throw notOurs(foreign)

  const pushed = tags.filter((name) => there.get(name)?.object !== here.get(name)!.object)
  const strangers = [...there.keys()].filter((name) => /^step-\d+-/.test(name) && !here.has(name))
  for (const name of strangers) {
    say(`origin has ${name}, which is no step now. To remove it:  git push origin --delete refs/tags/${name}`)
  }
  if (pushed.length > 0) await push(root, pushed, there)
  const changes = pushed.map((name) => changeOf(name, there.get(name)?.commit, here.get(name)!.commit))
  for (const { name, was, is } of changes) {
    if (was && was !== is) say(`${name} moved on origin, by force: ${short(was)} → ${short(is!)}`)
  }
  const moved = changes.filter(({ was }) => was !== undefined).length
  const standing = tags.length - pushed.length
  say(`origin: ${pushed.length - moved} tags are new, ${moved} were replaced, ${standing} stand as they were.`)
  return changes
}

async function push(root: string, names: string[], there: Map<string, RemoteTag>): Promise<void> {
  // A lease names what the tag was when we looked; without one, a tag that is there is never replaced.
  const leases = names
    .filter((name) => there.has(name))
    .map((name) => `--force-with-lease=refs/tags/${name}:${there.get(name)!.object}`)
  const refspecs = names.map((name) => `refs/tags/${name}:refs/tags/${name}`)
  await git(['push', '--quiet', '--atomic', ...leases, 'origin', ...refspecs], { root })
}

async function remoteTags(root: string): Promise<Map<string, RemoteTag>> {
  const output = await git(['ls-remote', '--quiet', 'origin', 'refs/tags/step-*'], { root })
  const tags = new Map<string, RemoteTag>()
  for (const line of output.split('\n').filter(Boolean)) {
    const [id, ref] = line.split('\t') as [string, string]
    const name = ref.replace('refs/tags/', '')
    // The commit behind an annotated tag follows it, as `refs/tags/name^{}`.
    const annotated = tags.get(name.replace('^{}', ''))
    if (name.endsWith('^{}') && annotated) Object.assign(annotated, { commit: id, isAnnotated: true })
    else tags.set(name, { object: id, commit: id, isAnnotated: false })
  }
  return tags
}

async function localTags(root: string, names: string[]): Promise<Map<string, { object: string; commit: string }>> {
  const format = '--format=%(refname)%00%(objectname)%00%(*objectname)'
  const lines = (await git(['for-each-ref', format, 'refs/tags/step-*'], { root })).split('\n')
  const all = lines.map((line) => line.replace('refs/tags/', '').split('\0') as [string, string, string])
  const ours = all.filter(([name]) => names.includes(name))
  return new Map(ours.map(([name, object, commit]) => [name, { object, commit }]))
}

async function assertRemote(root: string): Promise<void> {
  const { code } = await tryGit(['remote', 'get-url', 'origin'], { root })
  if (code === 0) return
  throw new Problem('There is no remote "origin" to push the tags to.', {
    why: 'This repository stands alone. Its tags are built all the same.',
    next: 'git remote add origin <url>',
  })
}

function changeOf(name: string, was: string | undefined, is: string): TagChange {
  return { name, is, ...(was !== undefined && { was }) }
}

function notOurs(name: string): Problem {
  return new Problem(`origin has a tag "${name}" that was not built here: nothing was pushed.`, {
    why: 'The tags of steps are annotated, and that one is not. Someone made it by hand.',
    next: [`git push origin --delete refs/tags/${name}`, 'npm run steps push'],
  })
}
