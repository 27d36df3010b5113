import { git } from '../../kit/git/git.ts'
import { readTrailers } from './tags-text.ts'

/** A tag named `step-…` that stands in this clone. */
export interface FoundTag {
  name: string
  /** The commit it leads to; the tagged object itself, if that is no commit. */
  commit: string
  /** What our tags tell of themselves; undefined for a tag that someone else made. */
  ours: { source: string; steps: number } | undefined
}

export interface FoundRefs {
  tags: FoundTag[]
  /** What `origin` calls its main branch, as of the last fetch. */
  upstream: { name: string; commit: string } | undefined
}

const upstreams = ['refs/remotes/origin/main', 'refs/remotes/origin/HEAD']
// Two patterns, because a * stops at a slash; a tag step-05-x/mine keeps step-05-x from being made.
const patterns = [...upstreams, 'refs/tags/step-*', 'refs/tags/step-*/**']
const fields = ['refname', 'objecttype', 'objectname', '*objectname', 'contents']

/** All that decides whether the tags are stale, in one call of git. */
export async function findRefs(root: string): Promise<FoundRefs> {
  const format = fields.map((field) => `%(${field})%00`).join('')
  const output = await git(['for-each-ref', `--format=${format}`, ...patterns], { root })
  const words = output.split('\0').slice(0, -1)
  const refs: { ref: string; type: string; object: string; peeled: string; message: string }[] = []
  for (let i = 0; i < words.length; i += fields.length) {
    const [ref, type, object, peeled, message] = words.slice(i, i + fields.length) as [
      string,
      string,
      string,
      string,
      string,
    ]
    refs.push({ ref: ref.trimStart(), type, object, peeled, message })
  }
  const upstream = upstreams.map((name) => refs.find(({ ref }) => ref === name)).find(Boolean)
  return {
    upstream: upstream && { name: upstream.ref.replace('refs/remotes/', ''), commit: upstream.object },
    tags: refs
      .filter(({ ref }) => ref.startsWith('refs/tags/'))
      .map(({ ref, type, object, peeled, message }) => ({
        name: ref.replace('refs/tags/', ''),
        commit: peeled || object,
        ours: type === 'tag' ? readTrailers(message) : undefined,
      })),
  }
}
