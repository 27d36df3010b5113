import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { dotted, dottedPart, splitName } from '../../../kit/catalog/dotted-name.ts'
import { Problem } from '../../../kit/terminal/problem.ts'
import type { Answers, Question } from '../../../kit/release/next-question.ts'
import { changedModels } from './random-changes.ts'
import { numbers, randomModels, type Field, type RandomModels } from './random-models.ts'
import { modelsText, rowsOf } from './random-schema.ts'
import { openShapes, type Shapes } from './release-shapes.ts'

// Random models with rows, changed at random: a release makes what Prisma's own comparison calls the same and keeps every
// value, or says why it does not. Again, or for a night:  WORKSHOP_FUZZ_SEED=7 WORKSHOP_FUZZ_ROUNDS=300

const seed = Number(process.env['WORKSHOP_FUZZ_SEED'] ?? Date.now() % 1_000_000)
const rounds = Number(process.env['WORKSHOP_FUZZ_ROUNDS'] ?? 20)

let shapes: Shapes
beforeAll(async () => {
  shapes = await openShapes()
})
afterAll(() => shapes.close())

test(`${rounds} random releases from seed ${seed}`, async () => {
  const made: string[] = []
  for (let round = seed; round < seed + rounds; round++) made.push(await tried(round))
  expect(made.filter((one) => one !== 'made' && one !== 'refused')).toEqual([])
  // A generator that only makes what is refused would prove nothing.
  if (rounds >= 8) expect(made.filter((one) => one === 'made').length).toBeGreaterThan(rounds / 4)
}, 3_600_000)

/** What came of it; a whole story where it is neither of both. */
async function tried(round: number): Promise<string> {
  const random = numbers(round)
  const before = randomModels(random)
  const after = changedModels(before, random)
  const [first, second, rows] = [modelsText(before), modelsText(after), rowsOf(before, random)]
  try {
    const flags = { rename: renames(before, after) }
    const { watched } = await shapes.release({
      before: first,
      after: second,
      rows,
      flags,
      answer: (question, answers) => answered(question, answers, before, after),
      watch: async (client, when) => values(client, when, before, after),
    })
    const [old, now] = watched as [string[], string[]]
    expect(old.filter((line) => !now.includes(line))).toEqual([])
    return 'made'
  } catch (error) {
    if (isReason(error as Error)) return 'refused'
    return [`WORKSHOP_FUZZ_SEED=${round}`, (error as Error).stack, first, '→', second, rows].join('\n')
  }
}

/** No form, or rows that do not fit: the rehearsal on a copy says so. Anything PostgreSQL cannot read is our mistake. */
function isReason(error: Error): boolean {
  if (error.message.startsWith('This has no form')) return true
  // A name that goes and comes in one release.
  if (error instanceof Problem && /^"--rename .*": PROD has .* already\.$/.test(error.why)) return true
  // WK001 is the guard’s.
  const told = ['WK001', '42804', '42846', '42883', '2BP01']
  return error instanceof pg.DatabaseError && (/^2[23]/.test(error.code ?? '') || told.includes(error.code ?? ''))
}

function renames(before: RandomModels, after: RandomModels): string[] {
  return before.models.flatMap((model) => {
    const now = after.models.find(({ key }) => key === model.key)
    if (!now) return []
    const columns = model.fields.flatMap((field) => {
      const to = now.fields.find(({ key }) => key === field.key)
      return to && to.column !== field.column ? [`${dotted(now.table, field.column)}=${dottedPart(to.column)}`] : []
    })
    return [...(now.table === model.table ? [] : [`${dotted(model.table)}=${dottedPart(now.table)}`]), ...columns]
  })
}

/** As somebody who knows what was meant. */
function answered(question: Question, answers: Answers, before: RandomModels, after: RandomModels): Answers {
  if (question.about === 'drop') return { ...answers, drops: [...answers.drops, question.name] }
  if (question.about === 'rename') {
    const { from, to } = question
    const label = (all: RandomModels, name: string) =>
      all.enums.flatMap(({ labels }) => labels).find((one) => `'${one.name}'` === name)?.key
    const key = label(before, splitName(from)[1] ?? '')
    return key !== undefined && key === label(after, to)
      ? { ...answers, renames: [...answers.renames, question] }
      : { ...answers, notRenames: [...answers.notRenames, question] }
  }
  const [table, column] = splitName(question.name)
  if (!after.models.some((one) => one.table === table)) throw new Error(`A question about ${question.name}`)
  const field = after.models.find((one) => one.table === table)!.fields.find((one) => one.column === column)!
  return { ...answers, backfills: new Map([...answers.backfills, [question.name, valueFor(field, after)]]) }
}

function valueFor({ of, type }: Field, { enums }: RandomModels): string {
  if (of !== undefined) return `'${enums.find(({ key }) => key === of)!.labels[0]!.name}'`
  if (type.endsWith('[]')) return `'{}'`
  const literals: Record<string, string> = {
    String: `'x'`,
    Boolean: 'true',
    DateTime: 'now()',
    Json: `'{}'`,
    Bytes: `'\\x00'`,
  }
  return literals[type] ?? '7'
}

/** The values that have to be there, a line each: in their columns, or in the archive. */
async function values(
  client: pg.Client,
  when: 'before' | 'after',
  before: RandomModels,
  after: RandomModels,
): Promise<string[]> {
  const all = when === 'before' ? before : after
  const lines: string[] = []
  const read = async (name: string, query: string) => {
    const { rows } = await client.query<{ key: string; value: string }>(query)
    for (const { key, value } of rows) lines.push(`${name} ${key}: ${labelKeys(all).get(value) ?? value}`)
  }
  for (const model of before.models) {
    const next = after.models.find(({ key }) => key === model.key)
    const table = (when === 'before' ? model : next)?.table
    for (const field of model.fields) {
      const stays = next?.fields.find(({ key }) => key === field.key)
      const name = `${model.table}.${field.column} ${field.type}`
      const read1 = (column: string, key: string, from: string) =>
        read(
          name,
          `SELECT ${key} AS key, ${looks(field, stays)(quoted(column))} AS value FROM ${from} WHERE ${quoted(column)} IS NOT NULL`,
        )
      if (stays && !isLossy(field, stays)) await read1((when === 'before' ? field : stays).column, 'id', quoted(table!))
      // What is new may have the column of what went: no picture of both tells them apart.
      if (stays || next?.fields.some(({ column }) => column === field.column)) continue
      if (when === 'before') await read1(field.column, "'kept'", quoted(table!))
      else for (const place of await archivesOf(client, field.column)) await read1(field.column, "'kept'", place)
    }
  }
  for (const { name, ends } of before.pairs.filter((pair) => after.pairs.some((one) => one.name === pair.name))) {
    const [first, second] = ends.map((end) => all.models.find(({ key }) => key === end)!)
    const [a, b] = first!.name < second!.name ? ['"A"', '"B"'] : ['"B"', '"A"']
    await read(name, `SELECT ${a} AS key, ${b} AS value FROM "_${name}"`)
  }
  return lines
}

/** Where a column may have been archived. */
async function archivesOf(client: pg.Client, column: string): Promise<string[]> {
  const { rows } = await client.query<{ place: string }>(
    `SELECT attrelid::regclass::text AS place FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
     WHERE relnamespace = to_regnamespace('archive') AND relkind = 'r' AND attname = $1`,
    [column],
  )
  return rows.map(({ place }) => place)
}

const numeric = ['Int', 'BigInt', 'Float', 'Decimal']

/** How values are compared that may have another type by now. */
function looks(field: Field, next: Field | undefined): (column: string) => string {
  const isOf = (types: readonly string[]) => types.includes(field.type) && types.includes(next?.type ?? field.type)
  if (isOf(numeric)) return (column) => `round(${column}::numeric, 2)::float8::text`
  if (isOf(['DateTime']) && next) return (column) => `extract(epoch FROM ${column})::numeric::float8::text`
  return (column) => `${column}::text`
}

/** A conversion that rounds or cuts: a rehearsal tells of that, and it was asked for. */
function isLossy(field: Field, next: Field): boolean {
  if (field.type === next.type)
    return field.native !== next.native && [field, next].some((one) => one.native === '@db.Date')
  if (numeric.includes(field.type) && numeric.includes(next.type)) return ['Int', 'BigInt'].includes(next.type)
  return !(['Int', 'BigInt', ''].includes(field.type) && next.type === 'String')
}

/** The values of enums, by the names that they have. */
function labelKeys({ enums }: RandomModels): Map<string, string> {
  return new Map(enums.flatMap(({ labels }) => labels.map(({ key, name }) => [name, `value ${key}`] as const)))
}

function quoted(name: string): string {
  return `"${name}"`
}
