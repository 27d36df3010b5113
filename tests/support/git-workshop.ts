import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readSteps } from '../../workshop/course/read-steps.ts'
import { must } from './measure.ts'
import { copyTree, template } from './template.ts'
import { courseIn, type ToyCourse } from './toy-course.ts'
import type { Ran } from './program.ts'
import { madeWorkshop, scratchWorkshop, type Workshop } from './workshop.ts'

/** A workshop that is a clone too. */
export interface GitWorkshop extends Workshop {
  git(...argv: string[]): string
  goto(...words: string[]): Promise<Ran>
  /** Names of the branches `saved/…`, oldest first. */
  saved(): string[]
}

/** Nothing is started, and there are neither servers nor tags. */
export function gitWorkshop(): GitWorkshop {
  const workshop = scratchWorkshop()
  commitAll(workshop)
  return asClone(workshop, (...words) => workshop.run('goto', ...words))
}

export interface MadeGitWorkshop extends GitWorkshop {
  /** Throws away all commits, branches and work: the files and the repository are as they were cloned. */
  cloneAnew(): Promise<void>
}

/**
 * As after a clone and its first `npm start`, with both servers stopped: the tags are built, and the clients of all steps
 * are made. Its `goto` is a door.
 */
export async function madeGitWorkshop(): Promise<MadeGitWorkshop> {
  const workshop = await madeWorkshop()
  const clone = asClone(workshop, (...words) => workshop.door('goto', ...words))
  const made = await template('git-workshop', makeRepository)
  await layClients(workshop.file('.workshop'))
  const cloneAnew = async () => {
    rmSync(workshop.file('.git'), { recursive: true, force: true })
    copyTree(join(made, '.git'), workshop.file('.git'))
    clone.git('reset', '--quiet', '--hard')
    clone.git('clean', '--quiet', '-ffd')
  }
  await cloneAnew()
  return { ...clone, cloneAnew }
}

/** Puts the clients of all steps into a clone's `.workshop/`, in place of those that are there. */
export async function layClients(state: string): Promise<void> {
  const made = await template('git-workshop', makeRepository)
  rmSync(join(state, 'clients'), { recursive: true, force: true })
  copyTree(join(made, 'clients'), join(state, 'clients'))
}

/** Seven schemas in nineteen steps: Prisma is started for each of them once in a run of the tests. */
async function makeRepository(folder: string): Promise<void> {
  const workshop = await madeWorkshop()
  const { git, build } = commitAll(workshop)
  await build()
  git('gc', '--quiet')
  copyTree(workshop.file('.git'), join(folder, '.git'))
  for (const { number, folder: step, step: data } of readSteps()) {
    if (data.bonus || !existsSync(join(step, 'files', 'prisma', 'schema.prisma'))) continue
    workshop.layStep(number)
    await must(workshop.door('start'))
  }
  copyTree(workshop.file('.workshop/clients'), join(folder, 'clients'))
  await workshop.remove()
}

function asClone(workshop: Workshop, goto: GitWorkshop['goto']): GitWorkshop {
  const { git } = courseIn(workshop.folder)
  return {
    ...workshop,
    git,
    goto,
    saved: () => git('for-each-ref', '--sort=creatordate', '--format=%(refname:short)', 'refs/heads/saved').split('\n'),
  }
}

function commitAll({ folder }: Workshop): ToyCourse {
  const course = courseIn(folder)
  course.git('init', '--quiet', '--initial-branch=main')
  // The last step's own rule ignores migrations, those that came with it included.
  course.git('add', '--force', 'prisma/migrations')
  course.commit('The workshop')
  return course
}
