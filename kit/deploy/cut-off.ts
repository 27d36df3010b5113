import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openCatalogs } from '../catalog/catalogs.ts'
import { withClient } from '../database/connection.ts'
import { openEngine } from '../engine/engine.ts'
import { readMigrations } from '../engine/migration-files.ts'
import { readCutOff, readHistory, type CutOff } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { clearUp } from '../keep/restore.ts'
import { tryTurn } from '../keep/deploy-turn.ts'
import type { Stage } from './deploy-lines.ts'
import { countAfterCutOff } from './deploy-ledger.ts'
import { scratchServer } from '../drift/scratch-server.ts'
import { attempt, readFolder } from '../drift/layers.ts'
import { describeTookHold, isHalf, waysOut, whatTookHold, type TookHold } from '../drift/half-applied.ts'
import type { Env, Place } from '../database/target.ts'

/**
 * After a crash: finds out what became of a migration of PROD that was cut off, and notes it where all of it is there or
 * nothing, so that the next deploy can go on. Returns what was noted; nothing where there is no doubt to settle, where a
 * part of it is there, or where there is no way to be sure.
 */
export async function settleCutOff(place: Place): Promise<string | undefined> {
  const prod = place.target('prod')
  const cutOff = await withClient(prod, readCutOff)
  if (!cutOff) return undefined
  const hasRun = await hasItRun(place, cutOff)
  if (hasRun === undefined) return undefined

  const migrationsList = await readMigrations(join(place.root, 'prisma', 'migrations'))
  const engine = await openEngine({ url: prod.url })
  try {
    const migrationName = cutOff.name
    if (hasRun) await engine.markMigrationApplied({ migrationName, migrationsList })
    else await engine.markMigrationRolledBack({ migrationName })
  } finally {
    await engine.close()
  }
  return hasRun
    ? `${cutOff.name} was cut off after its end: all of it is there, and is noted as applied`
    : `${cutOff.name} did not get to its end, and nothing of it is there: noted, and the next deploy runs it`
}

/**
 * After a crash: counts what a deploy that was cut off could not count any more, and clears up after a restore. Undefined
 * where there is nothing to count, or a deploy is at work.
 */
export async function countCutOff({ target }: Place): Promise<Stage | undefined> {
  const prod = target('prod')
  await clearUp(prod)
  return withClient(prod, async (client) => ((await tryTurn(client)) ? countAfterCutOff(client) : undefined))
}

/** Whether all of it is there, or nothing. Undefined where it is a part, or where that stays open. */
async function hasItRun(place: Place, { name, checksum }: CutOff): Promise<boolean | undefined> {
  const folder = (await readFolder(place.root)).value ?? []
  const migration = folder.find((one) => one.name === name)
  if (!migration || createHash('sha256').update(migration.sql).digest('hex') !== checksum) return undefined
  const took = await lookAt(place, name, folder)
  if (!took || isHalf(took) || took.isNextInParts) return undefined
  return took.missing.length === 0
}

/** A migration of which PROD has a part: which statements are there, and the ways out. */
export async function findHalf(place: Place): Promise<{ words: string; next: string[] } | undefined> {
  const failed = (await withClient(place.target('prod'), readHistory)).find((row) => row.failed)
  const took = failed && (await lookAt(place, failed.name))
  if (!took || !isHalf(took)) return undefined
  return { words: `of ${failed.name}, this ${describeTookHold(took)}`, next: waysOut(took, 'prod') }
}

/** What of a migration that PROD or DEV began and did not end is there; undefined where nobody can tell. */
export async function lookAt(
  place: Pick<Place, 'root' | 'target'>,
  name: string,
  folder?: readonly MigrationText[],
  env: Env = 'prod',
): Promise<TookHold | undefined> {
  const texts = folder ?? (await readFolder(place.root)).value ?? []
  const catalogs = openCatalogs(() => scratchServer(place))
  try {
    const looked = await attempt(
      () => withClient(place.target(env), (client) => whatTookHold(client, texts, name, catalogs.after)),
      [],
    )
    return looked.value
  } finally {
    await catalogs.close()
  }
}
