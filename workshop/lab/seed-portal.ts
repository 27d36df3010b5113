import { parseArgs } from 'node:util'
import pg from 'pg'
import { explain, open } from '../../kit/database/connection.ts'
import { readMarker } from '../../kit/database/marker.ts'
import { isLocal, type Env } from '../../kit/database/target.ts'
import { stateDir } from '../../kit/project/project.ts'
import { counted, grouped } from '../../kit/terminal/numbers.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { renderProblem } from '../../kit/terminal/render-problem.ts'
import { rowsPerSecond, startProgress, type Progress } from '../seeding/progress-bar.ts'
import { noAddress, otherDatabase } from '../seeding/seed-errors.ts'
import { stopOnSignal } from '../seeding/stop-signal.ts'
import type { PortalChanges } from './course-rows.ts'
import { fillPortal, type Filled } from './fill-portal.ts'
import { portalAtOne, roomAt } from './lab-room.ts'

interface PortalPlace {
  /** `DEV` or `PROD`. */
  label: string
  env: Env
  command: string
}

/**
 * The whole script seeds/portal.ts: reads `--scale N`, fills the portal's tables in the database at DATABASE_URL, prints
 * what it did, and sets the exit code (130 after Ctrl-C). `changes` says what later migrations have made otherwise.
 */
export async function seedPortal(changes: PortalChanges = {}): Promise<void> {
  const env = process.env['WORKSHOP_ENV'] === 'prod' ? 'prod' : 'dev'
  const place: PortalPlace = { label: env.toUpperCase(), env, command: `npm run seed:portal -- --env ${env}` }
  try {
    const scale = readScale(process.argv.slice(2), place)
    const client = await connect(place)
    try {
      await seedInto(client, scale, changes, place)
    } finally {
      await client.end()
    }
  } catch (error) {
    const problem = error instanceof pg.DatabaseError ? refusedBy(error, place) : error
    if (!(problem instanceof Problem)) throw problem
    process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
    process.exitCode = problem.exitCode
  }
}

async function seedInto(client: pg.Client, scale: number, changes: PortalChanges, place: PortalPlace): Promise<void> {
  assertRoom(scale, place)
  const label = place.label.padEnd(4)
  const since = performance.now()
  let progress: Progress | undefined
  const filled = await fillPortal(client, {
    scale,
    changes,
    isStopped: stopOnSignal(),
    waiting: () => say(`${label}  Another seed:portal is at work on this database. Waiting for it …`),
    onRows(done, all) {
      progress ??= startProgress(label, all, say)
      progress.update(done)
    },
  }).finally(() => progress?.end())
  if (filled.did === 'refused') throw refused(filled, place)
  say(`${label}  ${summary(filled, since)}`)
  if (filled.did === 'stopped') {
    process.exitCode = 130
    say(`      ${place.command}`)
  }
}

function summary(filled: Exclude<Filled, { did: 'refused' }>, since: number): string {
  if (filled.did === 'stopped') return 'Stopped: nothing was added. The same command begins anew:'
  if (filled.did === 'nothing') return `${counted(filled.recruits, 'recruit')} of the portal there already, none added.`
  const { rows, recruits, tables } = filled
  const around = `${grouped(rows - recruits)} rows around them, in ${tables} tables`
  return `${counted(recruits, 'recruit')} of the portal added, and ${around}, ${rowsPerSecond(rows, since)}.`
}

const usual = '0.01'

function readScale(argv: string[], { command }: PortalPlace): number {
  const wrong = (what: string, cause?: unknown) =>
    new Problem(`${what}: nothing was added.`, {
      why: 'The portal takes --scale N, from 0.0002 to 1: with 1, a million recruits and five million rows around them.',
      next: `${command} --scale ${usual}`,
      cause,
    })
  let scale: string
  try {
    scale = parseArgs({ args: argv, options: { scale: { type: 'string', default: usual } } }).values.scale
  } catch (cause) {
    throw wrong((cause as Error).message.split('. ')[0]!, cause)
  }
  const number = /^\d*\.?\d+$/.test(scale) ? Number(scale) : Number.NaN
  if (number >= 0.0002 && number <= 1) return number
  throw wrong(`--scale ${scale} is no size of a portal`)
}

async function connect(place: PortalPlace): Promise<pg.Client> {
  const url = process.env['DATABASE_URL']
  if (!url) throw noAddress(place)
  const client = await open(url)
  if (!(client instanceof pg.Client)) throw explain({ env: place.env, url, files: [`.env.${place.env}`] }, client)
  const marker = await readMarker(client)
  if (!marker || marker.environment === place.env) return client
  await client.end()
  throw otherDatabase(place, marker.environment)
}

/** The rows, their indexes, and the log of one transaction. A server elsewhere has a disk of its own. */
function assertRoom(scale: number, { command }: PortalPlace): void {
  if (!isLocal(process.env['DATABASE_URL']!)) return
  const [needed, free] = [Math.ceil(3 * portalAtOne * scale), roomAt(stateDir).disk]
  if (free >= needed) return
  throw new Problem(`There is too little room on the disk for scale ${scale}: nothing was added.`, {
    why: `${grouped(needed)} MB are needed, and ${grouped(free)} MB are free.`,
    next: `${command} --scale ${usual}`,
  })
}

function refused({ missing, taken }: Extract<Filled, { did: 'refused' }>, { label, env, command }: PortalPlace) {
  const list = (names: readonly string[]) => `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`
  if (missing.length > 0) {
    return new Problem(`${label} has no table ${list(missing)}: nothing was added.`, {
      why: 'The migrations that make the portal were not applied there.',
      next: [`npm run migrate -- deploy --env ${env}`, command],
    })
  }
  return new Problem(`${label} has rows already in ${list(taken)}: nothing was added.`, {
    why: 'The rows of the portal refer to each other by numbers from 1 on, so its tables have to be empty at first.',
    next:
      env === 'dev' ? ['npm run db reset', command] : ['npm run db snapshots    (the copies from before those rows)'],
  })
}

/** The script and the tables do not fit together, or the server went away: what it says tells which. */
function refusedBy(error: pg.DatabaseError, { label, env, command }: PortalPlace): Problem {
  const isGone = /^(57P0|53)/.test(error.code ?? '')
  const table = error.table ?? 'recruits'
  return new Problem(`${error.code}  ${error.message}`, {
    why: isGone
      ? `The server of ${label} stopped it. Nothing was added: it is one transaction.`
      : `The tables in ${label} are not as seeds/portal.ts takes them to be. Nothing was added: it is one transaction.`,
    next: isGone
      ? ['npm run db up', command]
      : [`npm run psql -- --env ${env} -c "\\d ${table}"`, 'Then say in seeds/portal.ts what is otherwise.'],
    cause: error,
  })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
