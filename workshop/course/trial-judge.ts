import type { Row, Trial } from './trial.ts'

/** Where the course's own migrations put the values of a column: another column of the same row, or another table. */
export type Placement = Map<string, string | undefined>

/** From the course's own trial: `chatname` → `rocketchat_user`, `id_number` → undefined, for what left the row. */
export function placementOf({ before, after }: Trial): Placement {
  const placement: Placement = new Map()
  const [first] = Object.entries(before)
  if (!first) return placement
  const [id, row] = first
  for (const [column, value] of Object.entries(row)) {
    const now = after[id] ?? {}
    placement.set(column, now[column] === value ? column : Object.keys(now).find((name) => now[name] === value))
  }
  return placement
}

/**
 * What is wrong with migrations that ran where there were rows, against what the course's own made of the same rows:
 * they fail there, lose values, leave them where nobody looks, or leave empty what has to be filled.
 */
export function judgeTrial(own: Trial, course: Trial, names: readonly string[]): string | undefined {
  if (own.failed) return failure(names[own.failed.at]!, own.failed.message)
  const placement = placementOf(course)
  for (const [id, row] of Object.entries(own.before)) {
    const now = own.after[id]
    if (!now) return `the recruit ${id}, who was there before them, is gone`
    for (const [column, value] of Object.entries(row)) {
      if (value === null) continue
      const { unlogged, elsewhere } = own
      const wrong = misplaced({ column, value, now, elsewhere: elsewhere[id] ?? [], unlogged, placement })
      if (wrong) return wrong
    }
  }
  return emptyColumn(own, course)
}

function failure(name: string, message: string): string {
  const isEmpty = /contains null values/.test(message)
  const order = isEmpty ? '; what fills it has to run before, above it in this file or in an older one' : ''
  return `${name} fails where there are rows: ${message}${order}`
}

function misplaced({
  column,
  value,
  now,
  elsewhere,
  unlogged,
  placement,
}: {
  column: string
  value: string
  now: Row
  elsewhere: readonly string[]
  unlogged: readonly string[]
  placement: Placement
}): string | undefined {
  const wanted = placement.has(column) ? placement.get(column) : column
  if (wanted !== undefined && wanted in now) {
    if (now[wanted] === value) return undefined
    const held = now[wanted] === null ? 'nothing' : `"${now[wanted]}"`
    return `a row that held "${value}" in ${column} holds ${held} in ${wanted}`
  }
  if (Object.values(now).includes(value) || elsewhere.includes(value)) return undefined
  const but = unlogged.length > 0 ? `; ${unlogged.join(', ')} is UNLOGGED, and a crash empties it` : ''
  return `a row that held "${value}" in ${column} holds it nowhere now, and no other table keeps it beside the row’s id${but}`
}

/** A column that the course's migrations fill, and these do not, or with something else where there is but one answer. */
function emptyColumn(own: Trial, course: Trial): string | undefined {
  const filled = Object.values(course.after)
  for (const [column, value] of Object.entries(filled[0] ?? {})) {
    if (value === null) continue
    if (!own.columns.includes(column)) return `after them, recruits has no column ${column}`
    const values = Object.values(own.after).map((row) => row[column] ?? '')
    if (values.some((one) => one.trim() === ''))
      return `they leave ${column} empty in rows that were there: what fills it has to be in a migration`
    const isNew = !(column in (Object.values(own.before)[0] ?? {}))
    const wrong = isNew && filled.every((row) => row[column] === value) ? otherThan(value, values) : undefined
    if (wrong) return `they write ${wrong} into ${column} of rows that were there: it is "${value}"`
  }
  return undefined
}

function firstWord(text: string): string {
  return /[\p{L}\p{N}]+/u.exec(text)?.[0].toLowerCase() ?? ''
}

/** Where all rows have one value, the same one in other words counts; two of them, or another one, do not. */
function otherThan(value: string, values: readonly string[]): string | undefined {
  const all = [...new Set(values)]
  if (all.length === 1 && firstWord(all[0]!) === firstWord(value)) return undefined
  return all
    .slice(0, 2)
    .map((one) => `"${one}"`)
    .join(' and ')
}
