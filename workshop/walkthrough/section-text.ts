import type { Section } from './document.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { envs, readTarget } from '../../kit/database/target.ts'
import { checkWhereYouAre } from '../course/check-step.ts'
import { readStatus } from '../course/status.ts'
import { stepStates } from '../course/step-databases.ts'
import { findStep, readSteps } from '../course/read-steps.ts'
import { documentPath, readSections } from './run-walkthrough.ts'

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
