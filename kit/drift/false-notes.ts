import type { Catalog } from '../catalog/catalog.ts'
import type { MigrationRow } from '../catalog/migration-history.ts'
import { compareCatalogs } from '../catalog/compare-catalogs.ts'
import { likelyRenames } from '../catalog/likely-renames.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { attempt } from './layers.ts'

type After = (scripts: readonly string[]) => Promise<Catalog>

/** More notes than this are not tried out: each is a replay. */
const mostTried = 6

/**
 * Migrations that somebody noted as applied (`migrate resolve --applied`), that never ran, and whose work is not there:
 * without these notes, fewer things of the database are other than its history says. Oldest first.
 */
export async function findFalseNotes(
  rows: readonly MigrationRow[],
  folder: readonly MigrationText[],
  { live, after }: { live: Catalog; after: After },
): Promise<string[]> {
  const applied = rows.filter(({ state }) => state === 'applied').map(({ name }) => name)
  const noted = rows
    .filter(
      ({ state, isOnlyNoted, name }) => state === 'applied' && isOnlyNoted && folder.some((one) => one.name === name),
    )
    .map(({ name }) => name)
    .slice(-mostTried)
  if (noted.length === 0) return []
  let least = await howFar(applied, folder, { live, after })
  let found: string[] = []
  const suffixes = noted.map((_, i) => noted.slice(i)).filter((some) => some.length > 1)
  for (const without of [...noted.map((name) => [name]), ...suffixes.toReversed()]) {
    if (least === 0) break
    const others = applied.filter((name) => !without.includes(name))
    const distance = await howFar(others, folder, { live, after })
    if (distance === undefined || distance >= (least ?? 1)) continue
    least = distance
    found = without
  }
  return found
}

/** The first of these pending migrations, as many as somebody has made by hand: with them, nothing differs any more. */
export async function findDoneByHand(
  rows: readonly MigrationRow[],
  folder: readonly MigrationText[],
  pending: readonly string[],
  { live, after }: { live: Catalog; after: After },
): Promise<string[]> {
  const applied = rows.filter(({ state }) => state === 'applied').map(({ name }) => name)
  for (const [i] of pending.slice(0, mostTried).entries()) {
    const done = pending.slice(0, i + 1)
    if ((await howFar([...applied, ...done], folder, { live, after })) === 0) return done
  }
  return []
}

/**
 * In how many things a database differs from what these migrations of the folder make, in the order of their names.
 * Undefined where they cannot be replayed.
 */
export async function howFar(
  names: readonly string[],
  folder: readonly MigrationText[],
  { live, after }: { live: Catalog; after: After },
): Promise<number | undefined> {
  const scripts = folder.filter(({ name }) => names.includes(name)).map(({ sql }) => sql)
  const { value } = await attempt(() => after(scripts))
  if (!value) return undefined
  // A name that was changed by hand is one thing, not a column that is gone and another one.
  const { renames, named } = likelyRenames(value, live, { isLive: true })
  return renames.length + compareCatalogs(named, live).length
}
