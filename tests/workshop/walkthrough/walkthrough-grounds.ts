import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { groundIn, makeGround, type Ground } from '../../../workshop/walkthrough/ground.ts'
import { goToEndOf } from '../../../workshop/walkthrough/section-start.ts'
import type { LoadedStep } from '../../../workshop/course/read-steps.ts'
import { must } from '../../support/measure.ts'
import { copyTree, template } from '../../support/template.ts'
import { makeWorkshop } from '../../support/workshop.ts'

/** Copies of the walkthrough's ground as a step leaves it. One step's is kept at a time: there are many, and each is large. */
export interface Grounds {
  /** A ground of one's own at the end of this step; without a step, at the very beginning. */
  atEndOf(step: LoadedStep | undefined): Promise<Ground>
  remove(): void
}

interface Kept {
  step: LoadedStep | undefined
  home: string
}

export function openGrounds(): Grounds {
  let kept: Kept | undefined
  const remove = () => kept && rmSync(kept.home, { recursive: true, force: true })
  return {
    async atEndOf(step) {
      if (!kept || kept.step?.number !== step?.number) {
        const home = await makeHome(step, kept)
        remove()
        kept = { step, home }
      }
      const ground = groundIn(copyOf(kept.home))
      if (step) await workshop(ground, 'db', 'up')
      return ground
    },
    remove,
  }
}

/** A learner's home with a ground that has come so far, from `before` on where that is on the way. Its servers are stopped. */
async function makeHome(step: LoadedStep | undefined, before: Kept | undefined): Promise<string> {
  const from = step && before?.step && before.step.number < step.number ? before : undefined
  const ground = from ? groundIn(copyOf(from.home)) : await makeGround()
  try {
    if (step) {
      if (!from) await layServers(join(ground.folder, '.workshop'))
      await goToEndOf(step, ground, from?.step)
      await workshop(ground, 'db', 'down')
    }
    return copyOf(dirname(ground.folder))
  } finally {
    await ground.remove()
  }
}

function workshop(ground: Ground, ...words: string[]): Promise<void> {
  return must(ground.run(process.execPath, join('workshop', 'run.mjs'), ...words))
}

/** Made once a run: two servers with empty databases. */
async function layServers(folder: string): Promise<void> {
  const made = await template('made-workshop', makeWorkshop)
  for (const name of readdirSync(made)) {
    if (!existsSync(join(folder, name))) copyTree(join(made, name), join(folder, name))
  }
}

function copyOf(home: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'workshop-walkthrough-')))
  rmSync(folder, { recursive: true })
  copyTree(home, folder)
  return folder
}
