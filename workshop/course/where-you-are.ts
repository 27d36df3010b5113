import { nextOf } from './next-step.ts'
import type { StepResult } from './check-step.ts'
import { nameOf } from './read-steps.ts'
import type { StepState } from './step-databases.ts'
import { collect } from '../../kit/project/processes.ts'
import { describeTarget } from '../../kit/database/target.ts'
import { describeContents, type DatabaseStatus } from './status.ts'

/** The screen at the end of `npm start`: both databases, where you are, and what to type next. */
export async function renderStart(statuses: readonly DatabaseStatus[], look: () => Promise<Where>): Promise<string> {
  const branch = await currentBranch()
  return [
    '',
    ...statuses.map(
      (status) =>
        `  ${status.problem || status.failed ? '✗' : '✓'} ${describeTarget(status.target)}   ${contents(status)}`,
    ),
    '  ✓ Prisma Client is generated from prisma/schema.prisma',
    '',
    ...(branch === undefined || branch === 'main' ? firstStep : whereYouAre(branch, await look())),
  ].join('\n')
}

/** A step of the course, as the checks have found it, and all steps. */
interface Where {
  result: StepResult
  states: readonly StepState[]
}

function whereYouAre(branch: string, { result, states }: Where): string[] {
  const { apart, state, results } = result
  const passed = results.filter(({ found }) => found === undefined).length
  const at = `You are on the branch ${branch}, at step ${nameOf(state.step)}: ${passed} of ${results.length} checks pass.`
  return [...(apart ? apart.lines : [at]), '', board, '', `next  ${nextOf(result, states)}`]
}

const board = 'The whole picture in a browser, live while you type:  npm run board'

const firstStep = [
  'This is the finished state of the exercise: where you will arrive.',
  'The first step is a git tag, step-00-two-databases.',
  '',
  board,
  '',
  'next  git switch -c my-work step-00-two-databases',
]

function contents(status: DatabaseStatus): string {
  if (status.problem) return status.problem.message
  return status.migrations === 0 && status.recruits === 0 && !status.failed ? 'empty' : describeContents(status)
}

async function currentBranch(): Promise<string | undefined> {
  const { code, output } = await collect(['git', 'branch', '--show-current']).catch(() => ({ code: 1, output: '' }))
  return code === 0 ? output.trim() || '(detached head)' : undefined
}
