import type { Stage } from '../deploy/deploy-lines.ts'
import type { Problem } from '../terminal/problem.ts'
import type { RemovedValues } from './removed-values.ts'
import type { SafeForm } from './safe-form.ts'
import { commandOf, nameOf, plansIn } from '../backfill/plan.ts'
import { quoted } from '../catalog/catalog-sql.ts'
import { notReleased } from '../git/release-branch.ts'
import { counted } from '../terminal/numbers.ts'
import type { MigrationText } from '../sql/migration-text.ts'

/** A deploy asks where a stage is only noted; a release makes nothing out of a PROD that nobody understands. */
export function refuseOn(stage: Stage): void {
  const { mark, words, asks, why = asks, more = [], next = [] } = stage
  if (mark === 'ok' || (mark === 'note' && !asks)) return
  throw notReleased(why ? `${why}.`.replace(/\.\.$/, '.') : [words, ...more].join('. '), next)
}

export function stillPending(pending: readonly MigrationText[]): Problem {
  const first = pending.slice(0, 3).map(({ name }) => name)
  const names = [...first, ...(pending.length > 3 ? [`${pending.length - 3} more`] : [])].join(', ')
  return notReleased(
    `PROD has not got all that was released before: ${names}. What is missing there is not made twice.`,
    ['npm run migrate -- deploy --env prod', 'Then type the same command again.'],
  )
}

/** A table of that name would be made beside it, without a row. */
export function standsElsewhere({ schema, name }: { schema: string; name: string }): Problem {
  const sql = `ALTER TABLE ${quoted(schema)}.${quoted(name)} SET SCHEMA "public";`
  return notReleased(
    `schema.prisma has ${name} in public, and PROD has ${schema}.${name}, in a schema that is not compared here.`,
    [
      `npm run migrate -- dev --create-only --name move_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}    (and write there:  ${sql})`,
      'Then deploy that, and type the same command again.',
    ],
  )
}

/** There is nothing else to release. */
export function notFilled(waits: SafeForm['waits'], applied: readonly MigrationText[]): Problem {
  const plans = applied.flatMap(({ sql }) => plansIn(sql))
  const planOf = ({ table, column }: SafeForm['waits'][number]) =>
    plans.findLast((plan) => plan.table === table && plan.column === column)
  const why = waits.map(
    (one) => `${counted(one.rows, 'row')} of ${nameOf(one)} ${one.rows === 1 ? 'has' : 'have'} no value yet`,
  )
  return notReleased(`${why.join(', ')}: it can be required when all have one.`, [
    ...waits.map((one) => {
      const plan = planOf(one)
      return plan ? commandOf(plan, 'prod') : `npm run backfill ${nameOf(one)} "EXPRESSION" -- --env prod`
    }),
    'Then type the same command again.',
  ])
}

export function byHand({ byHand: reasons }: SafeForm, { words, ways }: RemovedValues): Problem {
  const why = [...reasons, ...words].join('; ').replace(/\.$/, '')
  return notReleased(`This has no form that could be written without you: ${why}.`, [
    ...ways,
    'npm run migrate -- dev --create-only --name describe_the_change    (and write that one by hand)',
  ])
}

/** The place in a file is of no use: it was never written. */
export function notKept({ words, more = [], asks, next = [] }: Stage): Problem {
  // PostgreSQL's advice is DROP … CASCADE, which takes a view away that nobody was asked about.
  const told = more.filter((line) => !/^(prisma\/migrations\/|HINT: Use DROP)/.test(line))
  const isInUse = told.some((line) => /other objects depend on it|used by a view/.test(line))
  const isWord = told.some((line) => /^ERROR: column "\w+" does not exist/.test(line))
  const isRight = told.some((line) => /^ERROR: (permission denied|must be (owner|superuser))/.test(line))
  const isMissing = told.some((line) => /^ERROR: .* does not exist|^ERROR: extension ".*" is not available/.test(line))
  const mend = isWord
    ? 'A text stands in single quotes, as in  --backfill "recruits.cohort=\'C25\'"  ; without them it names a column.'
    : isInUse
      ? 'npm run migrate -- dev --create-only --name free_it    (a view or the like uses it: take that away by hand, and deploy that first)'
      : isRight
        ? 'Have it made on PROD, and on the server of DEV, by somebody who may: CREATE EXTENSION IF NOT EXISTS then finds it.'
        : isMissing
          ? 'npm run migrate -- dev --create-only --name make_it_first    (what is missing has to be made by a migration, or installed)'
          : 'Mend the rows on PROD, or the model, or give another value with --backfill.'
  return notReleased([asks ? `${asks}: ${words}.` : `${words}.`, ...told].join('\n'), [
    ...(asks ? next : [mend]),
    'Then type the same command again.',
  ])
}
