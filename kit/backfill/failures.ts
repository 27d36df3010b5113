import type pg from 'pg'
import { sqlName } from '../catalog/sql-name.ts'
import type { Target } from '../database/target.ts'
import { grouped } from '../terminal/numbers.ts'
import { Problem } from '../terminal/problem.ts'
import type { KeyedTable } from './batch-sql.ts'
import { commandOf, nameOf, type BackfillPlan } from './plan.ts'

type Kind = 'lock' | 'slow' | 'row' | 'changed' | 'other'

/**
 * What the failure of a batch is about. Codes and their first two signs:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function kindOf({ code = '' }: Pick<pg.DatabaseError, 'code'>): Kind {
  return kinds[code] ?? kinds[code.slice(0, 2)] ?? 'other'
}

const kinds: Record<string, Kind> = {
  '55P03': 'lock',
  '40P01': 'lock',
  '40001': 'lock',
  '57014': 'slow',
  // A value that is none, a rule that it breaks, or what a function or a trigger says of it.
  '22': 'row',
  '23': 'row',
  '38': 'row',
  '39': 'row',
  P0: 'row',
  WK: 'row',
  '42': 'changed',
}

export function isCutOff(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException
  const codes = ['57P01', '57P02', '57P03', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE']
  return codes.includes(code) || /^Connection terminated|not queryable/.test(message)
}

export function wentAway(target: Target, plan: BackfillPlan, filled: number, cause: unknown): Problem {
  return new Problem(`${target.env.toUpperCase()} went away in the middle of a backfill.`, {
    why: `${(cause as Error).message}. ${grouped(filled)} rows were filled before, and each is whole.`,
    next: ['npm run db up', `${commandOf(plan, target.env)}    (goes on where it was)`],
    cause,
  })
}

export function noExpression(plan: BackfillPlan, text: string, why: string): Problem {
  return new Problem(`${nameOf(plan)} was not filled: nothing was changed.`, {
    why: `"${text}" cannot be a value: ${why}.`,
    next: `One SQL expression of the row's columns, as in  "lower(first_name)"  or  "'unknown'"`,
  })
}

/** `id = 17`, as SQL. */
export function keyWords({ key }: Pick<KeyedTable, 'key'>, values: readonly string[]): string {
  return key.map(({ name }, i) => `${sqlName(name)} = ${literal(values[i]!)}`).join(' AND ')
}

export function rowFails(
  target: Target,
  table: KeyedTable,
  plan: BackfillPlan,
  key: readonly string[],
  error: pg.DatabaseError,
): Problem {
  const row = keyWords(table, key)
  const look = `SELECT * FROM ${sqlName(plan.table)} WHERE ${row}`
  return new Problem(`The backfill of ${nameOf(plan)} stands before a row that it cannot fill: ${row}.`, {
    why: `${error.message}.${error.detail ? ` ${error.detail}` : ''} All rows before it are done, and their values stay.`,
    next: [
      `npm run psql -- --env ${target.env} -c "${look.replaceAll(/["\\$`]/g, '\\$&')}"    (shows it)`,
      `${commandOf(plan, target.env)}    (when it is mended: goes on there)`,
      `${commandOf({ ...plan, expression: '…' }, target.env)} --restart    (another expression for the rows that are left)`,
    ],
    cause: error,
  })
}

/** Rows that have no value when all were looked at. */
export function isLeft(target: Target, plan: BackfillPlan, left: number, withoutValue: readonly string[]): Problem {
  const more = left > withoutValue.length ? ' …' : ''
  const come =
    'They came while it went through the table: the application writes rows without it. A default or a trigger has to fill those.'
  const look = `SELECT * FROM ${sqlName(plan.table)} WHERE ${sqlName(plan.column)} IS NULL LIMIT 10`
  return new Problem(
    `${grouped(left)} ${left === 1 ? 'row' : 'rows'} of ${nameOf(plan)} still ${left === 1 ? 'has' : 'have'} no value.`,
    {
      why:
        withoutValue.length > 0
          ? `The expression gives NULL for ${left === 1 ? 'it' : 'them'}: ${withoutValue.join(', ')}${more}. All the others are filled.`
          : come,
      next: [
        `npm run psql -- --env ${target.env} -c "${look.replaceAll(/["\\$`]/g, '\\$&')}"    (shows them)`,
        `${commandOf({ ...plan, expression: `coalesce(${plan.expression}, '…')` }, target.env)} --restart    (gives them another value; the others keep theirs)`,
      ],
    },
  )
}

export function tooSlow(
  target: Target,
  table: KeyedTable,
  plan: BackfillPlan,
  key: readonly string[],
  limit: string,
): Problem {
  return new Problem(`The backfill of ${nameOf(plan)} takes too long for a single row: ${keyWords(table, key)}.`, {
    why: `It took longer than ${limit}, and whoever wants that row waits. Perhaps the expression reads another table without an index.`,
    next: `${commandOf(plan, target.env)}    (goes on there, when that is mended)`,
  })
}

export function tableChanged(target: Target, plan: BackfillPlan, error: pg.DatabaseError): Problem {
  return new Problem(`${plan.table} has changed in the middle of a backfill.`, {
    why: `PostgreSQL says: ${error.message}. What is filled stays.`,
    next: `npm run drift -- --env ${target.env}    (what stands there now)`,
    cause: error,
  })
}

export function gotNoLock(
  target: Target,
  plan: BackfillPlan,
  who: string | undefined,
  error: pg.DatabaseError,
): Problem {
  return new Problem(`The backfill of ${nameOf(plan)} has stopped: somebody holds the next rows.`, {
    why: `${who ? `${who} was in the way again and again` : error.message}. What is filled stays, and nobody waits for the rest.`,
    next: [
      'Let that transaction end (COMMIT or ROLLBACK).',
      `${commandOf(plan, target.env)}    (goes on where it was)`,
    ],
    cause: error,
  })
}

/** Of a dry run. */
export function sampleFails(target: Target, plan: BackfillPlan, error: pg.DatabaseError): Problem {
  return new Problem(`${nameOf(plan)} cannot be filled like that: nothing was changed.`, {
    why: `On the first rows of ${target.env.toUpperCase()}, PostgreSQL says: ${error.message}.${error.detail ? ` ${error.detail}` : ''}`,
    next: 'Mend the rows or the expression. Without --dry-run, it fills all rows up to the first that fails, and names that.',
    cause: error,
  })
}

export function replicasBehind(target: Target, plan: BackfillPlan, lag: number): Problem {
  return new Problem(`The backfill of ${nameOf(plan)} has stopped: a replica does not keep up.`, {
    why: `It is ${Math.round(lag)} s behind, and has been for ten minutes. What is filled stays.`,
    next: `${commandOf({ ...plan }, target.env)} --share 20    (goes on where it was, at a slower pace)`,
  })
}

function literal(value: string): string {
  return /^-?\d+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}
