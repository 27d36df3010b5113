import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { groundIn, makeGround, type Ground } from '../../workshop/course/walkthrough-ground.ts'
import { goToEndOf } from '../../workshop/course/walkthrough-start.ts'
import type { LoadedStep } from '../../workshop/course/steps.ts'
import { must } from './measure.ts'
import { copyTree, template } from './template.ts'
import { makeWorkshop } from './workshop.ts'

/** Copies of the walkthrough's ground as a step leaves it. One step's is kept at a time: there are many, and each is large. */
export interface Grounds {
  /** A ground of one's own at the end of this step; without a step, at the very beginning. */
  atEndOf(step: LoadedStep | undefined): Promise<Ground>
  remove(): void
}

export function openGrounds(): Grounds {
  let kept: { number: number | undefined; home: string } | undefined
  const remove = () => kept && rmSync(kept.home, { recursive: true, force: true })
  return {
    async atEndOf(step) {
      if (!kept || kept.number !== step?.number) {
        remove()
        kept = { number: step?.number, home: await makeHome(step) }
      }
      const ground = groundIn(copyOf(kept.home))
      if (step) await workshop(ground, 'db', 'up')
      return ground
    },
    remove,
  }
}

/** A learner's home with a ground that has come so far. Its servers are stopped. */
async function makeHome(step: LoadedStep | undefined): Promise<string> {
  const ground = await makeGround()
  try {
    if (step) {
      await layServers(join(ground.folder, '.workshop'))
      await goToEndOf(step, ground)
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
