import type { Section } from '../plain/document.ts'
import { Problem } from '../plain/problem.ts'
import { projectRoot } from '../world/project.ts'
import { envs, readTarget } from '../world/target.ts'
import { checkWhereYouAre } from './check.ts'
import { readStatus } from './status.ts'
import { stepStates } from './step-databases.ts'
import { findStep, readSteps } from './steps.ts'
import { documentPath, readSections } from './walkthrough.ts'

/** The walkthrough's section of the step that is named; without a name, of the step that the learner is at. */
export async function readSection(word: string | undefined): Promise<Section> {
  const number = word === undefined ? await whereYouAre() : findStep(word).number
  return readSections(documentPath, readSteps()).find((section) => section.number === number)!
}

async function whereYouAre(): Promise<number> {
  for (const env of envs) {
    const { problem } = await readStatus(readTarget(env))
    if (!problem) continue
    throw new Problem(`Which section? ${problem.message}`, {
      why: 'Your files and both databases tell which step you are at.',
      next: ['npm run db up', 'Or name the step:  npm run read 05'],
    })
  }
  const { state } = await checkWhereYouAre(stepStates(readSteps()), { root: projectRoot, target: readTarget })
  return state.step.number
}
