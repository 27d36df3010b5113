import { readFileSync } from 'node:fs'
import type { Section } from './document.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { envs, readTarget } from '../../kit/database/target.ts'
import { checkWhereYouAre } from '../course/check-step.ts'
import { readStatus } from '../course/status.ts'
import { stepStates } from '../course/step-databases.ts'
import { findStep, readSteps } from '../course/read-steps.ts'
import { documentPath, readSections } from './run-walkthrough.ts'

/**
 * The walkthrough's section of the step that is named; without a name, of the step that the learner is at. The first one
 * comes with how to read it; whoever has only just begun reads on from there. Each block says where it is typed.
 */
export async function readSection(word: string | undefined): Promise<Pick<Section, 'number' | 'text'>> {
  const number = word === undefined ? await whereYouAre() : findStep(word).number
  const sections = readSections(documentPath, readSteps())
  const [first] = sections
  const section = sections.find((one) => one.number === number)!
  const isBeginning = section === first || (word === undefined && section === sections[1])
  const shown = isBeginning ? [preface(), ...new Set([first!.text, section.text])] : [section.text]
  return { number, text: withPlaces(shown.join('\n')) }
}

/** What stands before the first section: how to read it. */
function preface(): string {
  return readFileSync(documentPath, 'utf8').split(/^## /m)[0]!
}

/** Each block with a line that says where its lines go. */
function withPlaces(text: string): string {
  return text.replaceAll(/^```(sh|sql|js|diff)\b(.*)$/gm, (fence, kind: string, more: string) => {
    const on = /env=prod/.test(more) ? ' -- --env prod' : ''
    return `${places[kind]!(on)}:\n\n${fence}`
  })
}

const places: Record<string, (on: string) => string> = {
  sh: () => '▸ in your terminal',
  sql: (on) => `▸ in \`npm run psql${on}\``,
  js: (on) => `▸ in \`npm run shell${on}\``,
  diff: () => '▸ in the file, take away the lines with - and add those with +',
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
