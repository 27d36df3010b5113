import { collect } from '../world/processes.ts'
import { describeTarget } from '../world/target.ts'
import type { DatabaseStatus } from './status.ts'

/** The screen at the end of `npm start`: both databases, where you are, and what to type next. */
export async function renderStart(statuses: readonly DatabaseStatus[]): Promise<string> {
  const branch = await currentBranch()
  const finished = branch === undefined || branch === 'main'
  return [
    '',
    ...statuses.map((status) => `  ✓ ${describeTarget(status.target)}   ${contents(status)}`),
    '  ✓ Prisma Client is generated from prisma/schema.prisma',
    '',
    ...(finished ? firstStep : [`You are on the branch ${branch}.`, '', 'next  npm run migrate status']),
  ].join('\n')
}

const firstStep = [
  'This is the finished state of the exercise: a look at where you will arrive.',
  'The first step is steps/00-two-databases: two databases, and a blank start.',
  '',
  'next  git switch -c my-work    (a branch of your own; README, "Begin", says what comes then)',
]

function contents({ migrations, recruits, problem }: DatabaseStatus): string {
  if (problem) return problem.message
  return migrations === 0 && recruits === 0 ? 'empty' : `${migrations} migrations · ${recruits} recruits`
}

async function currentBranch(): Promise<string | undefined> {
  const { code, output } = await collect(['git', 'branch', '--show-current']).catch(() => ({ code: 1, output: '' }))
  return code === 0 ? output.trim() || '(detached head)' : undefined
}
