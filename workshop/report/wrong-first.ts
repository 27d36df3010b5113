import { describeWrong } from '../course/judge-values.ts'
import type { StepResult } from '../course/check-step.ts'
import { isUnread, type Report } from './report-data.ts'

/** All that is wrong with a state, the gravest first, each in one sentence. */
export function wrongFirst(report: Omit<Report, 'wrong'>, at: StepResult): string[] {
  const { values, renames, replays, schemas, fits, hardCoded, migrations, ledger } = report
  const isBad = ({ isGood }: { isGood: boolean }) => !isGood
  const lines = [
    ...fits.filter(isBad).map(({ what, words }) => `Does not fit together: ${lower(what)}? No: ${words}.`),
    ...valuesWrong(values),
    ...(isUnread(renames)
      ? [`The renames could not be judged: ${renames.unread}`]
      : renames
          .filter(({ onRows, isDue }) => isDue && isBad(onRows))
          .map(
            ({ from, to, onRows, how }) => `${moved(from, to)} is not kept: ${how}; ${onRows.what}, ${onRows.words}.`,
          )),
    ...lostInLedger(ledger).map((line) => `The ledger noted: ${line}.`),
    ...replays.filter(isBad).map(({ what, words }) => `Not so: ${lower(what)}: ${words}.`),
    ...schemas.filter(isBad).map(({ what, words }) => `Not so: ${lower(what)}: ${words}.`),
    ...hardCoded.map(({ file, line, words }) => `A database is named in ${file}, line ${line}: ${words}`),
    ...(isUnread(migrations) ? [`The migrations could not be read: ${migrations.unread}`] : []),
    ...missing(report, at),
  ]
  return [...new Set(lines)]
}

/** What deploys have lost since PROD was last put back. */
function lostInLedger(lines: readonly string[]): string[] {
  const restored = lines.findLastIndex((line) => /^\S+ \S+ {2}restore of /.test(line))
  return lines.slice(restored + 1).flatMap((line) => /^\S+ \S+ {2}(lost: .*)/.exec(line)?.[1] ?? [])
}

function valuesWrong(values: Report['values']): string[] {
  if (isUnread(values)) return [`PROD’s values could not be read: ${values.unread}`]
  const { cohorts, gone, twice } = values
  const lost = cohorts.flatMap(({ cohort, columns }) =>
    columns
      .filter((column) => column.lost.length > 0)
      .map(({ column, now, lost: rows }) => {
        const words = describeWrong([{ column: now, was: column, isThere: true, rows }])
        return `${cohort}: ${words}.`
      }),
  )
  return [
    ...(gone.length > 0
      ? [`PROD has lost ${gone.length} recruits: ${gone.slice(0, 5).join(', ')}${gone.length > 5 ? ' …' : ''}.`]
      : []),
    ...lost,
    ...(twice ? [`In PROD, ${twice}.`] : []),
  ]
}

/** What the step asks for at which the learner is. */
function missing({ stopped, values }: Omit<Report, 'wrong'>, { apart, results, isDone }: StepResult): string[] {
  if (apart) return [`Step ${stopped.step}: ${apart.lines.join(' ')}`]
  if (isDone) return []
  return (
    results
      .filter(({ found }) => found !== undefined)
      // Value by value, it is told above.
      .filter(({ kind }) => isUnread(values) || (kind !== 'values' && kind !== 'once'))
      .map(({ where, what, found }) => `Step ${stopped.step} is not done: ${where}: ${what}: ${found}.`)
  )
}

function moved(from: string, to: string | undefined): string {
  return to === undefined ? `${from}, which leaves the table,` : `${from}, which is ${to} then,`
}

/** As in the middle of a sentence; DEV and PROD stay as they are. */
function lower(text: string): string {
  return /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)
}
