import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Step } from './step.ts'
import { projectRoot } from '../../kit/project/project.ts'

export interface LoadedStep {
  number: number
  /** As in `two-databases`. */
  slug: string
  /** As in `step-00-two-databases`. */
  tag: string
  /** Absolute path of `steps/00-two-databases`. */
  folder: string
  step: Step
}

/** Contents by path (with `/`, from the project's root). */
export type StepFiles = Map<string, Buffer>

/** All steps, in order. Throws a Problem for a folder that is no whole step, and for two with one number. */
export function readSteps(root = projectRoot): LoadedStep[] {
  const folders = readdirSync(join(root, 'steps'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const steps = folders.map((entry) => readStep(join(root, 'steps', entry.name), entry.name))
  steps.sort((a, b) => a.number - b.number)
  const twin = steps.find(({ number }, i) => steps[i + 1]?.number === number)
  if (twin) {
    const names = steps.filter(({ number }) => number === twin.number).map(nameOf)
    throw new Problem(`Two steps have the number ${twin.number}: ${names.join(' and ')}.`, {
      why: 'The number says in which order the steps are laid over each other.',
      next: 'Give one of the two folders in steps/ another number.',
    })
  }
  return steps
}

/** The step that a learner means: its number, its tag, its slug or a part of the slug. Throws a Problem. */
export function findStep(word: string, root = projectRoot): LoadedStep {
  const steps = readSteps(root)
  const name = word.replace(/^step-/, '')
  const exact = steps.filter((one) => [nameOf(one), one.slug].includes(name) || isNumber(name, one.number))
  const found = exact.length > 0 || /^\d*$/.test(name) ? exact : steps.filter((one) => nameOf(one).includes(name))
  if (found.length === 1) return found[0]!
  const list = (found.length > 0 ? found : steps).map(nameOf).join(', ')
  throw new Problem(
    found.length > 0 ? `"${word}" may be any of ${found.length} steps.` : `There is no step "${word}".`,
    {
      why: `${found.length > 0 ? 'They' : 'The steps'} are: ${list}.`,
      next: `Type its number, for example ${nameOf(found[0] ?? steps[0]!).split('-')[0]}, and nothing else.`,
    },
  )
}

/** `prisma/` and `seeds/` at the end of a step: the files of all steps up to it, laid over each other. */
export function layFiles(number: number, root = projectRoot): StepFiles {
  return layEach(readSteps(root).filter((one) => one.number <= number)).at(-1) ?? new Map()
}

/** As `layFiles`, for each of these steps, which follow one another from the first on. */
export function layEach(steps: readonly LoadedStep[]): StepFiles[] {
  let files: StepFiles = new Map()
  return steps.map((one) => {
    files = new Map([...files, ...ownFiles(one)])
    for (const path of one.step.removes ?? []) {
      if (!files.delete(path)) throw nothingToRemove(one, path)
    }
    return files
  })
}

/** What the step itself brings: the contents of its folder `files/`. */
export function ownFiles({ folder }: LoadedStep): StepFiles {
  const base = join(folder, 'files')
  if (!existsSync(base)) return new Map()
  const entries = readdirSync(base, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  return new Map(paths.map((path) => [relative(base, path).split(sep).join('/'), readFileSync(path)]))
}

/** As in `00-two-databases`. */
export function nameOf({ tag }: LoadedStep): string {
  return tag.slice('step-'.length)
}

function readStep(folder: string, name: string): LoadedStep {
  const [, number, slug] = /^(\d+)-(.+)$/.exec(name) ?? []
  if (!number || !slug) {
    throw new Problem(`steps/${name} is no step: its name has no number.`, {
      why: 'A step’s folder is named like 05-email-backfill.',
      next: 'Rename the folder, or take it out of steps/.',
    })
  }
  const file = join(folder, 'step.ts')
  if (!existsSync(file)) {
    throw new Problem(`The step ${name} has no step.ts.`, {
      why: 'It says what the learner does, and how to see that it is done.',
      next: `git checkout HEAD -- steps/${name}/step.ts`,
    })
  }
  return { number: Number(number), slug, tag: `step-${name}`, folder, step: readData(readFileSync(file, 'utf8'), name) }
}

/** A place with nothing in it to call. */
const nowhere = createContext({})

/** A step is data, so it is read and not run: it can call nothing, and a step that was edited is never an old one. */
function readData(text: string, name: string): Step {
  try {
    const step = dataIn<Step>(text, 'Step')
    if (step.title && step.todo.length > 0 && step.checks.length > 0) return step
  } catch (error) {
    throw notData(name, (error as Error).message)
  }
  throw notData(name, 'It needs a title, something to do, and a check.')
}

/** What a file of data exports, which `satisfies` a type. Throws where it is not data. */
export function dataIn<Data>(text: string, type: string): Data {
  const [, data] = new RegExp(`^export default ([{[].*[}\\]]) satisfies ${type}\\s*$`, 'ms').exec(text) ?? []
  return JSON.parse(runInContext(`JSON.stringify(${data})`, nowhere) as string) as Data
}

function notData(name: string, why: string): Problem {
  return new Problem(`steps/${name}/step.ts cannot be read.`, {
    why,
    next: 'It is data only: an import type, then  export default { … } satisfies Step',
  })
}

function nothingToRemove(step: LoadedStep, path: string): Problem {
  return new Problem(`The step ${nameOf(step)} removes ${path}, which is not there.`, {
    why: 'No step before it brings that file.',
    next: `Mend "removes" in steps/${nameOf(step)}/step.ts.`,
  })
}

function isNumber(word: string, number: number): boolean {
  return /^\d+$/.test(word) && Number(word) === number
}
