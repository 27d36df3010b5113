import type { Env } from '../../kit/database/target.ts'
import { layEach, type LoadedStep, type StepFiles } from './read-steps.ts'

/** What has been run in one database, in order, since it was made. Each is a whole script. */
export type Scripts = readonly string[]

/** Both databases and the files at the end of one step. */
export interface StepState {
  step: LoadedStep
  files: StepFiles
  dev: Scripts
  prod: Scripts
}

/** What the steps leave behind, each one in turn. */
export function stepStates(steps: readonly LoadedStep[]): StepState[] {
  const all = layEach(steps)
  const [dev, prod] = [replayer('dev'), replayer('prod')]
  return steps.map((step, i) => ({ step, files: all[i]!, dev: dev(step, all[i]!), prod: prod(step, all[i]!) }))
}

/** The steps without the bonus ones: the course, which is done without them. */
export function courseOf(states: readonly StepState[]): readonly StepState[] {
  return states.filter(({ step }) => !step.step.bonus)
}

/** The steps by which this one is judged, and told: all for a bonus step, the course for any other. */
export function storyOf({ step }: StepState, states: readonly StepState[]): readonly StepState[] {
  return step.step.bonus ? states : courseOf(states)
}

/** Names of the migrations, in the order in which Prisma applies them. */
export function migrationNames(files: StepFiles): string[] {
  const names = [...files.keys()].map((path) => /^prisma\/migrations\/([^/]+)\/migration\.sql$/.exec(path)?.[1])
  return names.filter((name) => name !== undefined).sort()
}

export function migrationScripts(files: StepFiles): Scripts {
  return migrationNames(files).map((name) => String(files.get(`prisma/migrations/${name}/migration.sql`)))
}

function replayer(env: Env): (step: LoadedStep, files: StepFiles) => Scripts {
  let scripts: string[] = []
  let applied = new Set<string>()
  return ({ step }, files) => {
    const change = step[env]
    const newOnes = () => {
      const names = migrationNames(files).filter((name) => !applied.has(name))
      applied = new Set([...applied, ...names])
      return names.map((name) => String(files.get(`prisma/migrations/${name}/migration.sql`)))
    }
    if (change?.reset) {
      applied = new Set()
      scripts = newOnes()
    }
    scripts = [...scripts, ...(change?.typed ?? [])]
    if (change?.deploy) scripts = [...scripts, ...newOnes()]
    if (change?.resolve) newOnes()
    return scripts
  }
}
