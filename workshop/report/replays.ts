import { isDatabaseError } from '../../kit/engine/database-error.ts'
import { runAsPrisma, StatementFailed } from '../../kit/engine/run-as-prisma.ts'
import { listSnapshots, type Snapshot } from '../../kit/keep/snapshots.ts'
import type { MigrationText } from '../../kit/sql/migration-text.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Place } from '../../kit/database/target.ts'
import type { Scene } from '../course/check-scene.ts'
import { readNow, readRecruits } from '../course/check-values.ts'
import { describeWrong, judgeValues, valuesOf } from '../course/judge-values.ts'
import { copiesInLedger, recruitsIn, type KnownRows } from '../course/known-values.ts'
import type { Placement } from '../course/trial-judge.ts'
import type { Statement } from './report-data.ts'
import { fillScratch, type Scratches } from './scratch-copy.ts'

/** Whether the migrations run from nothing, and on PROD as it was before they came. */
export async function replayAll(
  scene: Scene,
  place: Place,
  scratches: Scratches,
  placement: Placement | undefined,
): Promise<Statement[]> {
  return [await fromEmpty(scene), await ontoProd(scene, place, scratches, placement)]
}

async function fromEmpty(scene: Scene): Promise<Statement> {
  const what = 'The migrations run one after the other from an empty database'
  try {
    const all = await scene.migrations()
    if (all.length === 0) return { what, isGood: false, words: 'there is no migration' }
    await scene.after(all.map(({ sql }) => sql))
    return { what, isGood: true, words: `all ${all.length}` }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { what, isGood: false, words: `${error.message} ${error.why}` }
  }
}

/** The oldest copy that holds recruits has the most migrations still before it. */
async function ontoProd(
  scene: Scene,
  place: Place,
  scratches: Scratches,
  placement: Placement | undefined,
): Promise<Statement> {
  const what = 'They run on PROD as it was, and lose nothing that stood there'
  const names = await copiesInLedger(await scene.client('prod'))
  const copies = listSnapshots(place.copies).filter(({ name }) => names.includes(name))
  const copy = copies.toReversed().find((one) => recruitsIn(one).length > 0)
  if (!copy) return { what, isGood: true, words: 'no deploy has left a copy with recruits: not tried' }
  try {
    return { what, ...(await replayOnto(copy, await scene.migrations(), scratches, placement)) }
  } catch (error) {
    if (error instanceof Problem) return { what, isGood: false, words: `${error.message} ${error.why}` }
    if (isDatabaseError(error)) return { what, isGood: false, words: `the copy ${copy.name}: ${error.message}` }
    throw error
  }
}

async function replayOnto(
  copy: Snapshot,
  migrations: readonly MigrationText[],
  scratches: Scratches,
  placement: Placement = new Map(),
): Promise<Omit<Statement, 'what'>> {
  const later = migrations.filter(({ name }) => !copy.migrations.includes(name))
  const from = `the copy ${copy.name}, from before ${later[0]?.name ?? 'no migration'}`
  const scratch = await fillScratch(scratches, copy, 'prod')
  try {
    for (const { name, sql } of later) {
      try {
        await runAsPrisma(scratch.client, sql)
      } catch (failure) {
        const error = failure instanceof StatementFailed ? failure.cause : (failure as Error)
        return { isGood: false, words: `${name} fails on ${from}: ${error.message}` }
      }
    }
    const known: KnownRows = new Map(recruitsIn(copy).map(([id, row]) => [id, [row]]))
    const now = await readNow(scratch.client, await readRecruits(scratch.client), { known, placement })
    const wrong = judgeValues(known, now, placement)
    const values = [...known].reduce((sum, [id, rows]) => sum + valuesOf(id, rows, now, placement).length, 0)
    if (wrong.length > 0) return { isGood: false, words: `on ${from}: ${describeWrong(wrong)}` }
    return {
      isGood: true,
      words: `${later.length} of them on ${from}: all ${values} values of ${known.size} recruits are kept`,
    }
  } finally {
    await scratch.remove()
  }
}

/** Whether a live database, or what the migrations make, is as the one that should lead says. */
export async function compareSchemas(scene: Scene): Promise<Statement[]> {
  const { layers, links } = await scene.drift()
  const wanted = links.filter(({ from, to }) => to !== 'client' && !(from === 'dev' && to === 'prod'))
  return wanted.map(({ from, to, differences, renames, history }) => {
    const what = `${titles[to]} ${from === 'schema' ? 'make what the models say' : 'is what its migrations make'}`
    const problem = layers.find(({ name, problem: why }) => (name === to || name === from) && why)?.problem
    if (problem) return { what, isGood: false, words: `${problem.message} ${problem.why}` }
    const words = [
      ...renames.map((one) => `${one.isTable ? '' : `${one.table}.`}${one.from} is called ${one.to}`),
      ...differences.map((one) => one.words),
      ...history.filter(({ kind }) => kind !== 'rolled back').map((note) => note.words),
    ]
    return { what, isGood: words.length === 0, words: words.length === 0 ? 'no difference' : words.join('; ') }
  })
}

const titles: Record<string, string> = { migrations: 'The migrations', dev: 'DEV', prod: 'PROD', schema: 'The models' }
