import { Problem } from '../../kit/terminal/problem.ts'
import { git, tryGit } from '../../kit/git/git.ts'
import type { FoundRefs } from './tags-found.ts'
import { author } from './tags-text.ts'

/** The commit that the tags are built from. */
export interface Source {
  commit: string
  /** How to call it: `origin/main`, or `the last commit on kit/, workshop/ or steps/`. */
  name: string
}

const ours = ['kit', 'workshop', 'steps']

/**
 * The tip of origin's main, so that a learner's own commits change nothing. Without a remote: the last commit that
 * changed what is ours. On a branch that was begun at one of our tags that commit would be a built one, so there the
 * local main is asked.
 */
export async function findSource(root: string, { upstream }: FoundRefs): Promise<Source> {
  if (upstream) return upstream
  const name = 'the last commit on kit/, workshop/ or steps/'
  const here = await lastChange(root, 'HEAD')
  if (here && !here.isBuilt) return { commit: here.commit, name }
  const onMain = (await lastChange(root, 'refs/heads/main')) ?? (await lastChange(root, 'refs/heads/master'))
  const found = onMain ?? here
  if (found) return { commit: found.commit, name: `${name} of main` }
  const { code } = await tryGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { root })
  throw new Problem('There is no commit to build the tags of the steps from.', {
    why: code === 0 ? 'No commit here has a folder kit/, workshop/ or steps/.' : 'This repository has no commit yet.',
    next: ['git add --all', 'git add --force prisma/migrations', 'git commit -m "Start"', 'npm run steps build'],
  })
}

/** The commit that a maintainer names, to look at tags that are not on main yet. */
export async function namedSource(root: string, word: string): Promise<Source> {
  const argv = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${word}^{commit}`]
  const { code, stdout } = await tryGit(argv, { root })
  if (code === 0) return { commit: stdout.toString().trim(), name: word }
  throw new Problem(`There is no commit "${word}" here.`, {
    why: 'After "steps build" a commit, a branch or a tag can stand, or nothing: then the tags are built from main.',
    next: 'npm run steps build',
  })
}

async function lastChange(root: string, ref: string): Promise<{ commit: string; isBuilt: boolean } | undefined> {
  const { code, stdout } = await tryGit(['rev-list', '-1', '--format=%ce', ref, '--', ...ours], { root })
  const [commit, email] = stdout.toString().trim().split('\n')
  return code === 0 && commit ? { commit: commit.replace('commit ', ''), isBuilt: email === author.email } : undefined
}

/** The id of the source's tree, for a commit or a tag. */
export function treeOf(root: string, { commit }: Source): Promise<string> {
  return git(['rev-parse', '--verify', `${commit}^{tree}`], { root })
}
