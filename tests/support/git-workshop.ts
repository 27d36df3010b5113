import { courseIn } from './toy-course.ts'
import { scratchWorkshop, type Ran, type Workshop } from './workshop.ts'

/** A workshop that is a clone too. */
export interface GitWorkshop extends Workshop {
  git(...argv: string[]): string
  goto(...words: string[]): Promise<Ran>
  /** Names of the branches `saved/…`, oldest first. */
  saved(): string[]
}

export function gitWorkshop(): GitWorkshop {
  const workshop = scratchWorkshop()
  const { git, commit } = courseIn(workshop.folder)
  git('init', '--quiet', '--initial-branch=main')
  // The last step's own rule ignores migrations, those that came with it included.
  git('add', '--force', 'prisma/migrations')
  commit('The workshop')
  return {
    ...workshop,
    git,
    goto: (...words) => workshop.run('goto', ...words),
    saved: () => git('for-each-ref', '--sort=creatordate', '--format=%(refname:short)', 'refs/heads/saved').split('\n'),
  }
}
