import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { groundIn, makeGround, type Ground } from '../../../workshop/walkthrough/ground.ts'
import { goToEndOf } from '../../../workshop/walkthrough/section-start.ts'
import type { LoadedStep } from '../../../workshop/course/read-steps.ts'
import { layClients } from '../../support/git-workshop.ts'
import { must } from '../../support/measure.ts'
import { endServer } from '../../support/server.ts'
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
        const before = kept
        kept = undefined
        kept = { step, home: await makeHome(step, before) }
      }
      const ground = groundIn(copyOf(kept.home))
      if (step) await workshop(ground, 'db', 'up')
      return { ...ground, remove: () => removeAtOnce(ground) }
    },
    remove,
  }
}

/** A learner's home with a ground that has come so far: `before` itself goes on, where that is on the way. Its servers are stopped. */
async function makeHome(step: LoadedStep | undefined, before: Kept | undefined): Promise<string> {
  const isOnTheWay = step && before?.step && before.step.number < step.number
  if (before && !isOnTheWay) rmSync(before.home, { recursive: true, force: true })
  const ground = isOnTheWay ? groundIn(before.home) : await makeGround()
  try {
    if (step) {
      if (!isOnTheWay) await layServers(join(ground.folder, '.workshop'))
      await goToEndOf(step, ground, isOnTheWay ? before.step : undefined)
      await workshop(ground, 'db', 'down')
    }
    return dirname(ground.folder)
  } catch (error) {
    await ground.remove()
    throw error
  }
}

function workshop(ground: Ground, ...words: string[]): Promise<void> {
  return must(ground.run(process.execPath, join('workshop', 'run.mjs'), ...words))
}

/** Made once a run: two servers with empty databases, and the clients of all steps. */
async function layServers(folder: string): Promise<void> {
  const made = await template('made-workshop', makeWorkshop)
  for (const name of readdirSync(made)) {
    if (!existsSync(join(folder, name))) copyTree(join(made, name), join(folder, name))
  }
  await layClients(folder)
}

/** Without a command of its own to take the servers down. */
async function removeAtOnce(ground: Ground): Promise<void> {
  const state = join(ground.folder, '.workshop')
  const home = existsSync(join(state, 'home')) ? realpathSync(join(state, 'home')) : state
  const ended = [await endServer(join(home, 'dev')), await endServer(join(home, 'prod'))]
  if (ended.includes(false)) return ground.remove()
  rmSync(home, { recursive: true, force: true })
  rmSync(dirname(ground.folder), { recursive: true, force: true, maxRetries: 3 })
}

function copyOf(home: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'workshop-walkthrough-')))
  rmSync(folder, { recursive: true })
  copyTree(home, folder)
  return folder
}
