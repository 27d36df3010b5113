import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { ensureClient } from '../../kit/project/generated-client.ts'
import { emptyDev } from '../databases/empty-dev.ts'
import { stateDir } from '../../kit/project/project.ts'
import { databaseOf, inDatabase, openAsAdmin, provision, replaceDatabase } from '../../kit/database/provision.ts'
import { sessionsIn } from '../../kit/database/sessions.ts'
import { onDatabase } from '../../kit/engine/connection-url.ts'
import type { Target } from '../../kit/database/target.ts'
import { makeChange } from './step-changes.ts'
import { layProject } from './step-projects.ts'
import { layEach, nameOf, type LoadedStep, type StepFiles } from './read-steps.ts'

type Say = (line: string) => void

/**
 * Brings DEV to the end of the last of these steps, which follow one another from the first: drift that was made by hand
 * and recruits included. It is a copy of a template database, which is made once. Returns who was disconnected.
 */
export async function bringDev(dev: Target, steps: readonly LoadedStep[], say: Say): Promise<string[]> {
  const admin = await openAsAdmin(dev)
  if (!admin) {
    // Not our server: DEV's own role can empty its database, and not copy one.
    await emptyDev(say)
    await walk(dev, steps, lastReset(steps), () => emptyDev(say), say)
    return []
  }
  try {
    const template = await ensureTemplate(admin, dev, steps, say)
    let ended: string[] = []
    await replaceDatabase(admin, dev, async (fresh) => {
      await copy(admin, template, fresh)
      await provision(admin, fresh)
      ended = await sessionsIn(admin, databaseOf(dev))
    })
    return ended
  } finally {
    await admin.end()
  }
}

/** Steps are made from the nearest one before that has a template, or that empties DEV anyway. */
async function ensureTemplate(admin: pg.Client, dev: Target, steps: readonly LoadedStep[], say: Say): Promise<string> {
  const names = templateNames(dev, steps)
  const wanted = names.at(-1)!
  const { rows } = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname ~ '^workshop_step_'`,
  )
  const there = rows.map(({ name }) => name)
  if (there.includes(wanted)) return wanted

  say(`DEV   making its state at ${nameOf(steps.at(-1)!)}, once …`)
  const stored = names.findLastIndex((name) => there.includes(name))
  // It gets its name when it is whole: a run that was cut off leaves nothing that looks finished.
  const building = 'workshop_building'
  const target: Target = { ...dev, url: onDatabase(dev.url, building) }
  const makeAnew = async (template?: string) => {
    await admin.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`)
    if (template) await copy(admin, template, target)
    await provision(admin, target)
  }
  const from = Math.max(stored + 1, lastReset(steps))
  await makeAnew(from === stored + 1 ? names[stored] : undefined)
  await walk(target, steps, from, makeAnew, say)
  await admin.query(`ALTER DATABASE ${building} RENAME TO ${pg.escapeIdentifier(wanted)}`)
  const stale = there.filter((name) => !names.includes(name) && prefixOf(name) === prefixOf(wanted))
  for (const name of stale) await admin.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`)
  return wanted
}

/** Does what the steps from `from` on do, with their own files and their own client. */
async function walk(
  target: Target,
  steps: readonly LoadedStep[],
  from: number,
  empty: () => Promise<unknown>,
  say: Say,
): Promise<void> {
  const files = layEach(steps)
  for (let i = from; i < steps.length; i++) {
    const change = steps[i]!.step.dev
    if (!change) continue
    const folder = join(stateDir, 'steps', nameOf(steps[i]!))
    layProject(folder, files[i]!)
    if (change.seeds) await ensureClient(say, folder)
    await makeChange(target, change, folder, empty)
    rmSync(join(folder, 'workshop'))
    rmSync(folder, { recursive: true, force: true })
  }
}

function lastReset(steps: readonly LoadedStep[]): number {
  return Math.max(
    0,
    steps.findLastIndex(({ step }) => step.dev?.reset),
  )
}

/** One name for each state; it changes with everything that the state depends on. */
function templateNames(dev: Target, steps: readonly LoadedStep[]): string[] {
  const hash = createHash('sha256').update(new URL(dev.url).username)
  const files = layEach(steps)
  let number = steps[0]!.number
  return steps.map(({ step, number: own }, i) => {
    if (step.dev) {
      number = own
      hash.update(JSON.stringify([step.dev, textsOf(files[i]!)]))
    }
    return `workshop_step_${String(number).padStart(2, '0')}_${hash.copy().digest('hex').slice(0, 12)}`
  })
}

function textsOf(files: StepFiles): string[][] {
  return [...files].map(([path, content]) => [path, String(content)])
}

function prefixOf(name: string): string {
  return name.slice(0, name.lastIndexOf('_'))
}

/** A copy into the target's database, which is not there yet. */
async function copy(admin: pg.Client, from: string, target: Target): Promise<void> {
  const to = databaseOf(target)
  await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(to)} TEMPLATE ${pg.escapeIdentifier(from)}`)
  await inDatabase(target, (inside) => inside.query(writeSequences))
}

/**
 * A sequence notes ahead of time that its next 32 numbers are taken, and a crash takes it there. A copy believes that note,
 * which was never made in it: a crash would take it back, and its numbers would be given twice. Set again, it makes its own.
 */
const writeSequences = `
  DO $$ DECLARE s regclass; BEGIN
    FOR s IN SELECT oid FROM pg_class WHERE relkind = 'S' LOOP EXECUTE format('SELECT setval(%s, last_value, is_called) FROM %s', s::oid, s); END LOOP;
  END $$`
