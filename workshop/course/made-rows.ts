import { askMaker, labelIn, toRow, type Made } from './made-recruits.ts'
import type { KnownRows } from './known-values.ts'
import type { StepState } from './step-databases.ts'
import type { Row } from './trial.ts'
import type { Placement } from './trial-judge.ts'

interface MadeOf {
  states: readonly StepState[]
  placement: Placement
  /** Columns that stood in the table before anybody was in it: the seed has filled them. */
  fromTheStart: ReadonlySet<string>
}

/**
 * What the seeds have made of those who are there: the same person is always the same recruit, so the label in the name
 * says what the others of its values were. The course's own script tells it where the learner's makes the same of that
 * person; one that makes others tells only of those whom no copy holds. The cohort is the seed's.
 */
export async function addMadeRows(
  known: KnownRows,
  recruits: ReadonlyMap<string, Row>,
  own: { maker: string | undefined; schema: string },
  { states, placement, fromTheStart }: MadeOf,
): Promise<KnownRows> {
  const people = [...recruits].flatMap(([id, row]) => {
    const found = labelIn(row['github_name'] ?? '')
    return found ? [{ id, row, ...found }] : []
  })
  const mine = own.maker === undefined ? [] : await askMaker(own.maker, people)
  const mineOf = toRow(own.schema)
  const all: KnownRows = new Map(known)
  for (const cohort of new Set(people.map((one) => one.cohort))) {
    const step = states.find(({ files }) => files.has(`seeds/${cohort.toLowerCase()}.ts`))
    if (!step) continue
    const some = people.map((one, i) => ({ ...one, made: mine[i] })).filter((one) => one.cohort === cohort)
    const first = await laidAt(step, some)
    const onProd = states.find((one) => one.step.step.prod?.seeds?.includes(cohort.toLowerCase())) ?? step
    const later = onProd === step || fromTheStart.size === 0 ? [] : await laidAt(onProd, some)
    const filled = new Set([...fromTheStart].filter((column) => isOfSeed(column, some, later, { known, placement })))
    for (const [i, { id, row, made }] of some.entries()) {
      const course = first[i]
      if (!course || course['github_name'] !== row['github_name']) continue
      // Of a column that is gone, nobody knows whether it was there when they came: only a copy does.
      const isThere = (column: string) => (placement.get(column) ?? column) in row || column in row
      const laid = pick(course, isThere)
      const more = pick(later[i] ?? course, (column) => isThere(column) && (column in course || filled.has(column)))
      const mineNow = made && mineOf(made)
      const told = [more, laid].find((one) => mineNow && isSame(mineNow, one, placement))
      const truth = told ?? (known.has(id) ? undefined : laidBy(made, mineNow, row, laid))
      if (!truth) continue
      const seen = known.get(id) ?? []
      const noted = seen.map((one) => one['cohort']).find((one) => one != null)
      // What a copy has noted of a cohort is how it was written; the seed's name only says which.
      const oldest = noted == null ? withCohort(truth, row, cohort) : { ...truth, cohort: noted }
      all.set(id, [oldest, ...seen])
    }
  }
  return all
}

/** What the course's script of a step makes of each of them. */
async function laidAt(
  { files }: StepState,
  people: readonly { run: string; n: number }[],
): Promise<(Row | undefined)[]> {
  const made = await askMaker(String(files.get('seeds/recruits.ts')), people)
  const row = toRow(String(files.get('prisma/schema.prisma')))
  return made.map((one) => one && row(one))
}

/** Somebody has, or had, what that script makes, be it in other letters: it is the one that filled the column. */
function isOfSeed(
  column: string,
  people: readonly { id: string; row: Row }[],
  made: readonly (Row | undefined)[],
  { known, placement }: { known: KnownRows; placement: Placement },
): boolean {
  const plain = (value: string | null | undefined) => value?.toLowerCase().replaceAll(/\s/g, '')
  return people.some(({ id, row }, i) => {
    const value = plain(made[i]?.[column])
    const held = [row, ...(known.get(id) ?? [])].flatMap((one) => [one[column], one[placement.get(column) ?? column]])
    return value !== undefined && held.some((one) => plain(one) === value)
  })
}

function pick(row: Row, isWanted: (column: string) => boolean): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => isWanted(column)))
}

/** Whether two scripts make the same of a person, where both say something. */
function isSame(mine: Row, course: Row, placement: Placement): boolean {
  return Object.entries(course).every(([column, value]) => {
    if (column === 'cohort') return true
    const name = placement.get(column) ?? column
    return !(name in mine) || mine[name] === value
  })
}

/** What the learner's own script says of the columns that the course's script fills too. */
function laidBy(made: Made, mine: Row | undefined, row: Row, course: Row): Row | undefined {
  if (!mine || made?.['githubName'] !== row['github_name']) return undefined
  return pick(mine, (column) => column in course)
}

/** A cohort may be written in many ways; it begins with the seed's name. */
function withCohort(truth: Row, now: Row, cohort: string): Row {
  const { cohort: told, ...others } = truth
  // Nothing in it: a column that was made, and not filled yet.
  const is = now['cohort']
  if (is === undefined || is === null) return others
  return { ...others, cohort: is.startsWith(cohort) ? is : (told ?? cohort) }
}

/** Numbers of a seed that are missing before its last one: those recruits have lost their name, or are gone. */
export function missingPeople(recruits: ReadonlyMap<string, Row>): string[] {
  const runs = new Map<string, Set<number>>()
  for (const row of recruits.values()) {
    const found = labelIn(row['github_name'] ?? '')
    if (found) runs.set(found.run, (runs.get(found.run) ?? new Set()).add(found.n))
  }
  return [...runs].flatMap(([run, there]) =>
    Array.from({ length: Math.max(...there) }, (_, i) => i + 1)
      .filter((n) => !there.has(n))
      .map((n) => `${run}-${n}`),
  )
}
