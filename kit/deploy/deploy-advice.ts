import { readCutOff, readHistory } from '../catalog/migration-history.ts'
import { connectTo, withClient } from '../database/connection.ts'
import type { Env, Place } from '../database/target.ts'
import { lookAt } from './cut-off.ts'
import { readDrift } from '../drift/drift.ts'
import { readFolder } from '../drift/layers.ts'
import { mendText } from '../sql/unreadable-text.ts'
import { describeTookHold, isHalf, waysOut, type TookHold } from '../drift/half-applied.ts'

/**
 * What to type after a command of Prisma's that did not end well: `dev` ends with 1 when it refuses or fails, and with
 * 130 when its question was answered with no. Prisma has said what happened; this looks why.
 */
export async function adviceAfter(place: Place, env: Env, verb: string): Promise<string[]> {
  const failed = await readFailed(place, env)
  if (failed) {
    const unreadable = failed.sqlState === '42601' ? await readAndMend(place, failed.name) : []
    const took = await lookAt(place, failed.name, undefined, env)
    if (failed.isCutOff && !(took && isHalf(took))) return afterCutOff(failed.name, env, took)
    const isOnDev = env === 'prod' && (await isNotedOn(place, 'dev', failed.name))
    return [...unreadable, ...afterFailure({ ...failed, isOnDev }, env, took)]
  }
  return verb === 'dev' ? afterDev(place) : []
}

/** PostgreSQL names the place; what is wrong with a text that was meant for another reader, it does not. */
async function readAndMend({ root }: Place, name: string): Promise<string[]> {
  const migration = (await readFolder(root)).value?.find((one) => one.name === name)
  return mendText(migration?.sql ?? '')
}

interface Failed {
  name: string
  /** It was stopped, and not by an error of its file. */
  isCutOff: boolean
  /** DEV has run it. */
  isOnDev?: boolean
  /** PostgreSQL's, as Prisma noted it. */
  sqlState: string | undefined
}

/** What is there already under the name, or is gone already: the work was done by hand before. */
const doneByHand = new Set(['42701', '42703', '42P01', '42P07', '42710'])

/** Ctrl-C, or a server that went away: nothing is wrong with the file. */
function afterCutOff(name: string, env: Env, took: TookHold | undefined): string[] {
  const onEnv = env === 'dev' ? '' : ` --env ${env}`
  const again = `npm run migrate -- deploy${onEnv}    (again: it was cut off, and nothing is wrong with its file)`
  if (took && took.missing.length === 0)
    return [
      `npm run migrate -- resolve --applied ${name}${onEnv}    (it was cut off after its end: all of it is there)`,
    ]
  return took
    ? [`npm run migrate -- resolve --rolled-back ${name}${onEnv}    (nothing of it is there)`, again]
    : [`npm run drift -- --env ${env}    (is a part of it there? It was cut off)`]
}

function afterFailure({ name, sqlState, isOnDev = false }: Failed, env: Env, took: TookHold | undefined): string[] {
  const onEnv = env === 'dev' ? '' : ` --env ${env}`
  const rolledBack = `npm run migrate -- resolve --rolled-back ${name}${onEnv}`
  const file = `prisma/migrations/${name}/migration.sql`
  if (took && isHalf(took)) return [`Of ${name}, this ${describeTookHold(took)}.`, ...waysOut(took, env)]
  if (env === 'dev' && doneByHand.has(sqlState ?? '')) {
    return [
      `npm run migrate -- resolve --applied ${name}    (when DEV has the change already, by hand)`,
      `${rolledBack}    (when the file is wrong: correct it, then deploy again)`,
    ]
  }
  return [
    took
      ? `${rolledBack}    (nothing of it is there)`
      : `npm run drift -- --env ${env}    (is a part of it there? Prisma commits each statement by itself)`,
    ...(took ? [] : [`${rolledBack}    (when nothing of it is there)`]),
    `Then correct ${file} and deploy again.`,
    ...(isOnDev ? ['npm run db reset    (DEV too has to run the corrected file: its note is of the old text)'] : []),
  ]
}

/** DEV: what is in the way of a new migration. */
async function afterDev(place: Place): Promise<string[]> {
  const { layers, links } = await readDrift(place, ['dev'])
  const broken = layers.find(({ name }) => name === 'migrations')?.problem
  if (broken) return [broken.next]
  const dev = links.find(({ to }) => to === 'dev')
  const wrong = dev?.history.filter(({ kind }) => kind !== 'pending' && kind !== 'rolled back') ?? []
  const hasDrift = dev && dev.differences.length + dev.renames.length > 0
  if (!hasDrift && wrong.length === 0)
    return ['npm run drift -- --env dev    (what differs, and which rows are in the way)']
  return ['npm run drift -- --env dev    (what differs on DEV, and the SQL that closes it)', ...dev!.next]
}

async function isNotedOn({ target }: Place, env: Env, migration: string): Promise<boolean> {
  const rows = await withClient(target(env), readHistory).catch(() => [])
  return rows.some(({ name }) => name === migration)
}

async function readFailed({ target }: Place, env: Env): Promise<Failed | undefined> {
  const client = await connectTo(target(env))
  try {
    const { rows: found } = await client.query("SELECT to_regclass('public._prisma_migrations') AS there")
    if (found[0].there === null) return undefined
    const { rows } = await client.query<{ name: string; logs: string | null }>(
      `SELECT migration_name AS name, logs FROM public._prisma_migrations
       WHERE finished_at IS NULL AND rolled_back_at IS NULL ORDER BY started_at DESC LIMIT 1`,
    )
    const [row] = rows
    const isCutOff = row !== undefined && (await readCutOff(client))?.name === row.name
    return row && { name: row.name, isCutOff, sqlState: /Database error code: (\w{5})/.exec(row.logs ?? '')?.[1] }
  } finally {
    await client.end()
  }
}
