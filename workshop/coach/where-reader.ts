import { openSchemas } from '../../kit/catalog/schemas.ts'
import type { Place } from '../../kit/database/target.ts'
import { tryGit } from '../../kit/git/git.ts'
import { checkWhereYouAre, type StepResult } from '../course/check-step.ts'
import { readSteps } from '../course/read-steps.ts'
import { stepStates, storyOf, type StepState } from '../course/step-databases.ts'

/** Where a learner is, as files and databases have just been found. */
export interface Where {
  result: StepResult
  /** The course; at a bonus step, all. */
  states: readonly StepState[]
}

/** Gives the step that the learner is at, again and again. Between two answers no connection is held. */
export function whereReader(place: Place): () => Promise<Where> {
  const known = new Map<string, Promise<string>>()
  return async () => {
    const states = stepStates(readSteps())
    const schemas = openSchemas(undefined, known)
    const result = await checkWhereYouAre(states, place, schemas).finally(() => schemas.close())
    return { result, states: storyOf(result.state, states) }
  }
}

/** A look takes no lock that a learner's own git would wait for. */
const quietly = ['--no-optional-locks']

/** The branch, and how many files are not committed; undefined where there is no git. */
export async function readGit(root: string): Promise<{ branch: string; changed: number } | undefined> {
  const status = await tryGit([...quietly, 'status', '--porcelain=v2', '--branch', '-z'], { root }).catch(
    () => undefined,
  )
  if (status?.code !== 0) return undefined
  const lines = status.stdout.toString().split('\0').filter(Boolean)
  const [, branch = ''] =
    /^# branch\.head (.*)$/.exec(lines.find((line) => line.startsWith('# branch.head ')) ?? '') ?? []
  // A renamed file has a line of its own for its old name, without a mark.
  return { branch, changed: lines.filter((line) => /^[12u?] /.test(line)).length }
}
