import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { layAnswers } from './known-answers.ts'
import { must } from './measure.ts'
import { copyTree, template } from './template.ts'
import { madeWorkshop, scratchWorkshop, type Workshop } from './workshop.ts'

/** What a learner's commands change: files, the repository, servers and what is kept beside them. */
const changing = ['prisma', 'seeds', '.git', '.workshop']

/** A workshop as `make` leaves it, which is done once a run of the tests. Its servers are up, in `make` too. */
export async function keptWorkshop(name: string, make: (workshop: Workshop) => Promise<void>): Promise<Workshop> {
  const kept = await template(`kept-${name}`, async (folder) => {
    const workshop = await madeWorkshop()
    try {
      await must(workshop.door('db', 'up'))
      await make(workshop)
      await must(workshop.run('db', 'down'))
      for (const each of changing.filter((one) => existsSync(workshop.file(one)))) {
        copyTree(workshop.file(each), join(folder, each))
      }
    } finally {
      await workshop.remove()
    }
  })
  const workshop = scratchWorkshop()
  for (const each of readdirSync(kept)) {
    rmSync(workshop.file(each), { recursive: true, force: true })
    copyTree(join(kept, each), workshop.file(each))
  }
  layAnswers(workshop.file('.workshop'))
  await must(workshop.door('db', 'up'))
  return workshop
}
