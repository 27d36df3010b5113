import pc from 'picocolors'
import { checkSteps } from '../course/steps-check.ts'
import { compareTags } from '../course/tags-compare.ts'
import { pushTags } from '../course/tags-push.ts'
import { buildTags } from '../course/tags.ts'
import { Problem } from '../../kit/terminal/problem.ts'

type Verb = (args: readonly string[]) => Promise<number>

const verbs: Record<string, Verb> = {
  build: async ([from]) => {
    const { tags } = await buildTags(say, from === undefined ? {} : { from })
    return next(`git log --oneline ${tags.at(-1)}`)
  },
  push: async () => {
    await pushTags(say)
    return next('git ls-remote --tags origin')
  },
  check: async () => {
    const since = performance.now()
    say('Walking all steps, on a DEV and a PROD made for this …')
    const reports = await checkSteps(({ name, defects, seconds }) => {
      say(`${defects.length === 0 ? pc.green('✓') : pc.red('✗')} ${name.padEnd(26)} ${seconds.toFixed(1)} s`)
      for (const defect of defects) say(`    ${defect.split('\n').join('\n      ')}`)
    })
    const tags = await compareTags()
    if (tags.notCompared) say(`· tags, not compared: ${tags.notCompared}`)
    else say(`${tags.defects.length === 0 ? pc.green('✓') : pc.red('✗')} tags hold what steps/ holds`)
    for (const defect of tags.defects) say(`    ${defect}`)
    const broken = reports.filter(({ defects }) => defects.length > 0).length + (tags.defects.length > 0 ? 1 : 0)
    const seconds = ((performance.now() - since) / 1000).toFixed(0)
    say(`\n${reports.length} steps in ${seconds} s: ${broken === 0 ? 'all are whole' : `${broken} have a defect`}.`)
    return next(broken === 0 ? 'npm test' : 'Mend steps/, then:  npm run steps check', broken === 0 ? 0 : 1)
  },
}

/** `npm run steps check`: for those who maintain the workshop. */
export async function steps([name = '', ...args]: readonly string[]): Promise<number> {
  const verb = verbs[name]
  if (!verb) {
    throw new Problem(`"steps ${name}" is not a command.`, {
      why: `steps takes one of these words: ${Object.keys(verbs).join(', ')}.`,
      next: 'npm run steps check',
    })
  }
  return verb(args)
}

function say(line: string): void {
  console.log(line)
}

function next(command: string, exitCode = 0): number {
  say(`\nnext  ${command}`)
  return exitCode
}
