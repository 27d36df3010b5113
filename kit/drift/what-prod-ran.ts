import type { Catalog } from '../catalog/catalog.ts'
import { compareCatalogs } from '../catalog/compare-catalogs.ts'
import type { MigrationRow } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import type { Place } from '../database/target.ts'
import { readAppliedText } from './applied-text.ts'
import { readNotes, withGit } from './history-notes.ts'
import { readLive, type Found, type Live } from './layers.ts'

/** What counts for the folder, and for DEV. */
export interface WhatProdRan {
  rows: MigrationRow[]
  /**
   * A text was edited after PROD had run it, and the edited one is what makes PROD's tables: what the old one left to be done
   * was done there by hand.
   */
  isMended: boolean
}

interface Replays {
  migrations: Found<Catalog>
  after(migrations: readonly MigrationText[]): Promise<Found<Catalog>>
}

/** Undefined where PROD cannot be read: then nothing is known of it. */
export async function readWhatProdRan(
  place: Place,
  read: Found<Live> | undefined,
  folder: readonly MigrationText[],
  replays: Replays,
): Promise<WhatProdRan | undefined> {
  const { value: live } = read ?? (await readLive(() => place.target('prod')))
  try {
    return live && { rows: live.rows, isMended: await isMended(live, folder, place.root, replays) }
  } finally {
    if (!read) await live?.client.end()
  }
}

async function isMended(
  { rows, catalog }: Live,
  folder: readonly MigrationText[],
  root: string,
  { migrations, after }: Replays,
): Promise<boolean> {
  const notes = readNotes(rows, folder)
  const edited = notes.filter(({ kind }) => kind === 'edited')
  const isWhole = notes.every(({ kind }) => !['failed', 'pending', 'unknown'].includes(kind))
  const isProd = (made: Catalog | undefined) => made !== undefined && compareCatalogs(made, catalog).length === 0
  if (edited.length === 0 || !isWhole || !isProd(migrations.value)) return false
  const old = new Map<string, string>()
  for (const note of await withGit(edited, rows, root)) {
    const sql = await readAppliedText(note, root)
    if (sql === undefined) return true
    old.set(note.migration, sql)
  }
  const asApplied = folder.map(({ name, sql }) => ({ name, sql: old.get(name) ?? sql }))
  return !isProd((await after(asApplied)).value)
}
