import { keepScripts } from '../drift/kept-scripts.ts'
import { scratchServer } from '../drift/scratch-server.ts'
import type { Stage } from './deploy-lines.ts'
import { Problem } from '../terminal/problem.ts'
import { connectTo } from '../database/connection.ts'
import { takeTurn } from '../keep/deploy-turn.ts'
import { prisma } from '../project/processes.ts'
import { runOn } from '../database/run-on.ts'
import type { Target, Place } from '../database/target.ts'
import { adviceAfter } from './deploy-advice.ts'
import { lookAt } from './cut-off.ts'
import { checkDrift, checkGuard, checkHistory, type History } from './deploy-checks.ts'
import { checkHazards } from './deploy-hazards.ts'
import { describeTookHold, waysOut } from '../drift/half-applied.ts'
import { copyBefore, copyFor, countAfter, countAfterCutOff, noteRefusal } from './deploy-ledger.ts'
import { rehearse } from './rehearsal.ts'
import { keepStages } from './stages.ts'
import { wayOn, withWayOn } from './way-on.ts'

export interface DeployOptions {
  /** Everything up to the rehearsal; PROD is not written to. */
  isDryRun: boolean
  /** What a deploy asks is answered with yes. */
  isYes: boolean
  /** Undefined where nobody can be asked. */
  confirm: ((question: string) => Promise<boolean>) | undefined
}

export interface DeployReport {
  code: number
  stages: Stage[]
  next: string[]
}

export interface Deployed extends DeployReport {
  /** Names of the migrations that this deploy applied. */
  applied: string[]
}

/**
 * Brings the pending migrations to PROD: looks first, tries them out on a copy, lets Prisma apply them, and looks again.
 * `show` gets each stage when it is done. Throws a Problem where it refuses; then PROD was not changed.
 */
export async function deploy(place: Place, options: DeployOptions, show: (stage: Stage) => void): Promise<Deployed> {
  const { stages, done } = keepStages(show)
  const prod = place.target('prod')
  const client = await connectTo(prod)
  try {
    await takeTurn(client, (who) => show({ name: 'turn', mark: 'note', words: `waiting for ${who}` }))
    const cutOff = options.isDryRun ? undefined : await countAfterCutOff(client)
    if (cutOff) refuseOn(done({ ...cutOff, why: 'The last deploy was cut off, and these values are gone since.' }))
    const history = await checkHistory(client, place.root)
    const drift = () => checkDrift(client, history, () => scratchServer(place))
    done(await checkGuard(client))
    const drifted = done(await drift())
    refuseOn(await withWayOn(done(await withTookHold(place, history)), history, { place, client }))
    refuseOn(await madeByHand(drifted, history, place))
    if (history.pending.length === 0) return nothingPending(stages)

    const say = (line: string) => show({ name: 'snapshot', mark: 'note', words: line })
    const before = await copyBefore(client, options.isDryRun ? copyFor.dryRun : copyFor.deploy, say)
    done(before.stage)
    if (!options.isDryRun) keepScripts(before.snapshot.folder, history.pending)
    try {
      const dev = () => place.target('dev')
      const rehearsal = done(await rehearse(dev, before.snapshot, history.pending, say, { applied: history.applied }))
      refuseOn(rehearsal)
      const hazards = done(await checkHazards(client, history, rehearsal.mark === 'ok'))
      // A rename that loses the place of its values comes before the form of the file.
      refuseOn({ ...hazards, next: [...(rehearsal.next ?? []), ...(hazards.next ?? [])] })
      if (options.isDryRun) return rehearsed(stages)
      await settle(stages, options)
    } catch (error) {
      if (error instanceof Problem) await noteRefusal(client, before, error.why)
      throw error
    }

    const code = await applyWithPrisma(prod, show)
    const now = await checkHistory(client, place.root)
    const applied = namesSince(history, now)
    done(await countAfter(client, before, applied, code))
    done(await checkDrift(client, now, () => scratchServer(place)))
    return code === 0
      ? { ...ended(stages), applied }
      : { code, stages, next: await adviceAfter(place, 'prod', 'deploy'), applied }
  } finally {
    await client.end()
  }
}

/** Prisma's own `migrate deploy`, with a limit to how long a statement waits for a lock. */
function applyWithPrisma(prod: Target, show: (stage: Stage) => void): Promise<number> {
  const timeout = process.env['WORKSHOP_LOCK_TIMEOUT'] ?? '5s'
  show({ name: 'deploy', mark: 'begin', words: `prisma migrate deploy, with a lock_timeout of ${timeout}` })
  return runOn(prod, [...prisma, 'migrate', 'deploy'], { WORKSHOP_LOCK_TIMEOUT: timeout })
}

/** The history of PROD says less than is there, and the pending would fail; or it says more, and they would find nothing. */
async function madeByHand(drift: Stage, { pending }: History, place: Place): Promise<Stage> {
  const next = drift.asks ? await wayOn(place) : []
  const [first = ''] = next
  const isLess = pending.length > 0 && /-- (baseline|resolve --applied) /.test(first)
  if (!isLess && !/-- resolve --rolled-back /.test(first)) return { name: 'drift', mark: 'ok', words: '' }
  const why = isLess
    ? 'PROD is what the pending migrations make already, by hand: they would fail there. Only the note is missing.'
    : 'A migration is noted as applied on PROD, never ran there, and nothing of it is there: the note is not true.'
  return { name: 'drift', mark: 'bad', words: why, next }
}

function refuseOn({ mark, words, why = words, next = [] }: Stage): void {
  if (mark !== 'bad') return
  throw new Problem('Nothing was changed on PROD.', { why, next })
}

/** A migration that failed: which of its statements are there, and the ways out. */
async function withTookHold(place: Place, { stage, failed }: History): Promise<Stage> {
  const [name] = failed
  const took = name === undefined ? undefined : await lookAt(place, name)
  if (!took) return stage
  const more = [...(stage.more ?? []), `of ${name}, this ${describeTookHold(took)}`]
  return { ...stage, more, next: [...waysOut(took, 'prod'), ...(stage.next ?? []).slice(-1)] }
}

/** Asks once for all that was found, where somebody can be asked. */
async function settle(stages: readonly Stage[], { isYes, confirm }: DeployOptions): Promise<void> {
  const found = stages.flatMap(({ asks }) => asks ?? [])
  if (found.length === 0 || isYes) return
  const why = `${found.join('. ')}.`
  if (await confirm?.(`${why} Deploy to PROD all the same?`)) return
  throw new Problem('Nothing was changed on PROD.', {
    why: confirm ? `You said no. ${why}` : `${why} Nobody could be asked whether to go on.`,
    next: [
      ...stages.filter(({ asks }) => asks).flatMap(({ next = [] }) => next),
      'npm run migrate -- deploy --env prod --yes    (to go on all the same)',
    ],
  })
}

/** A dry run ends with 1 where the deploy would ask. */
function rehearsed(stages: Stage[]): Deployed {
  const asking = stages.filter(({ asks }) => asks)
  const next = asking.flatMap(({ next: lines = [] }) => lines)
  return {
    code: asking.length > 0 ? 1 : 0,
    stages,
    next: [...next, 'npm run migrate -- deploy --env prod'],
    applied: [],
  }
}

function nothingPending(stages: Stage[]): Deployed {
  const hasDrift = stages.some(({ name, asks }) => name === 'drift' && asks)
  return { code: 0, stages, next: hasDrift ? stages.flatMap(({ next = [] }) => next) : ['npm run check'], applied: [] }
}

function ended(stages: Stage[]): DeployReport {
  const bad = stages.filter(({ mark }) => mark === 'bad')
  const next = bad.flatMap(({ next: lines = [] }) => lines)
  return { code: bad.length > 0 ? 1 : 0, stages, next: next.length > 0 ? next : ['npm run check'] }
}

function namesSince(before: History, now: History): string[] {
  const known = new Set(before.applied.map(({ name }) => name))
  return now.applied.map(({ name }) => name).filter((name) => !known.has(name))
}
