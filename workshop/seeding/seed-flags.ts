import { parseArgs } from 'node:util'
import { Problem } from '../../kit/terminal/problem.ts'

export interface SeedFlags {
  count: number
  random: boolean
}

const mostRecruits = 1_000_000

export function readSeedFlags(argv: string[], command: string): SeedFlags {
  const { count, random } = parse(argv, command)
  if (!/^\d{1,8}$/.test(count) || Number(count) < 1 || Number(count) > mostRecruits) {
    throw new Problem(`--count ${count} is not a number of recruits.`, {
      why: 'The count is a whole number from 1 to 1,000,000.',
      next: `${command} --count 20`,
    })
  }
  return { count: Number(count), random }
}

function parse(argv: string[], command: string): { count: string; random: boolean } {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { count: { type: 'string', default: '5' }, random: { type: 'boolean', default: false } },
    })
    return values
  } catch (cause) {
    throw new Problem('The seed does not know what to do with these words.', {
      why: `${(cause as Error).message.split('. ')[0]}. A seed knows --count N and --random.`,
      next: [`${command} --count 20`, `${command} --random`],
      cause,
    })
  }
}
