import { parseArgs } from 'node:util'
import pg from 'pg'
import { explain, open } from '../../kit/database/connection.ts'
import { readMarker } from '../../kit/database/marker.ts'
import { counted, grouped } from '../../kit/terminal/numbers.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { renderProblem } from '../../kit/terminal/render-problem.ts'
import { rowsPerSecond, startProgress, type Progress } from '../seeding/progress-bar.ts'
import { noAddress, otherDatabase } from '../seeding/seed-errors.ts'
import { stopOnSignal } from '../seeding/stop-signal.ts'
import type { PortalChanges } from './course-rows.ts'
import { fillPortal, type Filled } from './fill-portal.ts'
import { assertRoomFor, refused, refusedBy, usualScale, type PortalPlace } from './portal-refusals.ts'

/**
 * The whole script seeds/portal.ts: reads `--scale N`, fills the portal's tables in the database at DATABASE_URL, prints
 * what it did, and sets the exit code (130 after Ctrl-C). `changes` says what later migrations have made otherwise.
 */
export async function seedPortal(changes: PortalChanges = {}): Promise<void> {
  const env = process.env['WORKSHOP_ENV'] === 'prod' ? 'prod' : 'dev'
  const place: PortalPlace = { label: env.toUpperCase(), env, command: `npm run seed:portal -- --env ${env}` }
  try {
    const scale = readScale(process.argv.slice(2), place)
    if (scale !== usualScale) place.command += ` --scale ${scale}`
    const client = await connect(place)
    try {
      await seedInto(client, scale, changes, place)
    } finally {
      await client.end()
    }
  } catch (error) {
    const problem = isOfServer(error) ? refusedBy(error, place) : error
    if (!(problem instanceof Problem)) throw problem
    process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
    process.exitCode = problem.exitCode
  }
}

/** What the server says, or that it went away in the middle. */
function isOfServer(error: unknown): error is Error & { code?: string; table?: string } {
  return error instanceof pg.DatabaseError || (error as Error).message.startsWith('Connection terminated')
}

async function seedInto(client: pg.Client, scale: number, changes: PortalChanges, place: PortalPlace): Promise<void> {
  assertRoomFor(scale, place)
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

function readScale(argv: string[], { command }: PortalPlace): number {
  const wrong = (what: string, cause?: unknown) =>
    new Problem(`${what}: nothing was added.`, {
      why: 'The portal takes --scale N, from 0.0002 to 1: with 1, a million recruits and five million rows around them.',
      next: `${command} --scale ${usualScale}`,
      cause,
    })
  let scale: string
  try {
    scale = parseArgs({ args: argv, options: { scale: { type: 'string', default: String(usualScale) } } }).values.scale
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

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
