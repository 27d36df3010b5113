import { portalRows, recruitsAt, type TableRows } from './portal-rows.ts'

/** What is otherwise, in a database, than the migration that made the portal left it: by the name that a table had then. */
export type PortalChanges = Readonly<Record<string, TableChange>>

export interface TableChange {
  /** As the table is called now. */
  isNow?: string
  /** Columns with another name: what they were called, and are called now. */
  renamed?: Readonly<Record<string, string>>
  /** Columns that are gone. */
  without?: readonly string[]
  /** Columns that came: SQL for their values, in which `x` is the row as the other columns make it. */
  added?: Readonly<Record<string, string>>
}

/** What the cohort of each recruit of the portal begins with. */
export const portalCohort = 'Portal'

/**
 * The rows of the portal for a database of the course: recruits as its model has them, numbered after `before`, and
 * everything around them as in the lab.
 */
export function courseRows(scale: number, before: number, changes: PortalChanges = {}): TableRows[] {
  return portalRows(scale, before).map((rows) => changed(ofCourse(rows, before), changes[rows.table]))
}

/** How many of these rows are recruits, and how many stand around them. */
export function countRows(rows: readonly TableRows[], scale: number): { recruits: number; around: number } {
  const recruits = recruitsAt(scale)
  return { recruits, around: rows.reduce((sum, one) => sum + one.rows, 0) - recruits }
}

function ofCourse(rows: TableRows, before: number): TableRows {
  const { values } = rows
  if (rows.table === 'cohorts') return { ...rows, values: { ...values, name: `'${portalCohort} ' || n` } }
  if (rows.table !== 'recruits') return rows
  const githubName = `${slug('-')} || '-portal-' || x.id - ${before}`
  return {
    ...rows,
    values: {
      id: values['id']!,
      first_name: values['first_name']!,
      surname: values['surname']!,
      cohort: `'${portalCohort} ' || (${values['cohort_id']})`,
      coach_id: values['coach_id']!,
      buddy_id: values['buddy_id']!,
    },
    added: {
      rocketchat_user: slug('.'),
      github_name: githubName,
      personal_email_address: `${githubName} || '@example.com'`,
    },
  }
}

/** Both names of a recruit in small letters, without what an address cannot have. */
function slug(between: string): string {
  const plain = (name: string) => `regexp_replace(lower(x.${name}), '[^a-z0-9]+', '-', 'g')`
  return `${plain('first_name')} || '${between}' || ${plain('surname')}`
}

function changed(rows: TableRows, { isNow, renamed = {}, without = [], added = {} }: TableChange = {}): TableRows {
  const named = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([column, value]) => [renamed[column] ?? column, value]))
  const kept = Object.fromEntries(Object.entries(rows.values).filter(([column]) => !without.includes(column)))
  const more = { ...(rows.added && named(rows.added)), ...added }
  return { table: isNow ?? rows.table, rows: rows.rows, values: named(kept), added: more }
}
