import { createRequire } from 'node:module'
import type * as Esbuild from 'esbuild'
import { keptAnswers } from '../../kit/project/kept-answers.ts'
import type { Row } from './trial.ts'

/** What a text of seeds/recruits.ts makes of one person; undefined where it cannot be asked. */
export type Made = Record<string, unknown> | undefined

/** As in `c26-3`, or `c26-1a2b3c4d5e-3` of a run with --random. */
const label = /(c\d+(?:-[0-9a-f]{10})?)-(\d+)$/

/** The seed's name and the recruit's number, from the name by which a seed finds its recruits again. */
export function labelIn(githubName: string): { run: string; cohort: string; n: number } | undefined {
  const [, run, n] = label.exec(githubName) ?? []
  return run && n ? { run, cohort: run.split('-')[0]!.toUpperCase(), n: Number(n) } : undefined
}

/**
 * Asks `makeRecruit` of a seeds/recruits.ts for these people, by run and number. The same text always gives the same
 * recruits, so each answer is found out once, and kept.
 */
export function askMaker(text: string, people: readonly { run: string; n: number }[]): Promise<Made[]> {
  const question = ['recruits', text, people.map(({ run, n }) => `${run}-${n}`)]
  return keptAnswers<(Made | null)[]>('makers')
    .ask(question, () => makeAll(text, people))
    .then((made) => made.map((one) => one ?? undefined))
}

/** Whether the same person comes out the same, asked twice: by that a seed finds its recruits again. */
export function isTheSameTwice(text: string): Promise<boolean> {
  return keptAnswers<boolean>('makers').ask(['twice', text], async () => {
    const people = [{ run: 'c25', n: 6 }]
    const [[once], [again]] = [await makeAll(text, people), await makeAll(text, people)]
    return once?.['githubName'] === again?.['githubName']
  })
}

async function makeAll(text: string, people: readonly { run: string; n: number }[]): Promise<(Made | null)[]> {
  const make = load(text)
  if (!make) return people.map(() => null)
  const { recruiter } = await import('../seeding/people.ts')
  return people.map(({ run, n }) => {
    try {
      const made = recruiter(run, false, (person) => make(person, `${run.split('-')[0]!.toUpperCase()} Data Eng`))(n)
      return JSON.parse(JSON.stringify(made)) as Made
    } catch {
      return null
    }
  })
}

/** A file that imports only types needs nothing around it. Any other one is run by its seed alone. */
function load(text: string): ((person: object, cohort: string) => { githubName: string }) | undefined {
  const { transformSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild
  try {
    const { code } = transformSync(text, { loader: 'ts', format: 'cjs', target: 'node20' })
    const module = { exports: {} as { makeRecruit?: unknown } }
    new Function('module', 'exports', 'require', code)(module, module.exports, () => {
      throw new Error('It imports something.')
    })
    return module.exports.makeRecruit as ReturnType<typeof load>
  } catch {
    return undefined
  }
}

/** The columns of model Recruit by the names of its fields, and which of them a new recruit has to have. */
export function columnsOfModel(
  schema: string,
  model = 'Recruit',
): Map<string, { column: string; isRequired: boolean }> | undefined {
  const [, body] = new RegExp(`^model\\s+${model}\\s*\\{([^}]*)\\}`, 'm').exec(schema) ?? []
  if (body === undefined) return undefined
  const isModel = (type: string) => new RegExp(`^model\\s+${type}\\b`, 'm').test(schema)
  // A relation is a field of the model, and no column of the table.
  const fields = [...body.matchAll(/^\s*(\w+)\s+(\w+)(\?|\[\])?(.*)$/gm)].filter(([, , type]) => !isModel(type!))
  return new Map(
    fields.map(([, field, , many, more]) => {
      const isRequired = many === undefined && !/@(default|id|updatedAt|relation)\b/.test(more!)
      return [field!, { column: /@map\("([^"]+)"\)/.exec(more!)?.[1] ?? field!, isRequired }]
    }),
  )
}

/** Puts a recruit that was made under the names of the columns. The schema is read once for all of them. */
export function toRow(schema: string): (made: NonNullable<Made>) => Row {
  const columns = columnsOfModel(schema)
  const called = (field: string) => columns?.get(field)?.column ?? field
  return (made) => Object.fromEntries(Object.entries(made).map(([field, value]) => [called(field), String(value)]))
}
