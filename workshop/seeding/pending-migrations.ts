import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../kit/project/project.ts'
import type { SeedClient } from './recruits-table.ts'

/** The newest migration of the folder that Prisma has not noted as applied; undefined where nothing is pending or known. */
export async function newestPending(client: SeedClient): Promise<string | undefined> {
  const applied = await client
    .$queryRawUnsafe<{ name: string }[]>(
      `SELECT migration_name AS name FROM public._prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    )
    // No history, or no connection any more: then nothing is known.
    .catch(() => undefined)
  const folder = join(projectRoot, 'prisma', 'migrations')
  if (!applied || !existsSync(folder)) return undefined
  const known = new Set(applied.map(({ name }) => name))
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'migration.sql')))
  return names
    .filter((name) => !known.has(name))
    .toSorted()
    .at(-1)
}
