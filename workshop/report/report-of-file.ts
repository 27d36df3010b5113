import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Schemas } from '../../kit/catalog/schemas.ts'
import type { Target } from '../../kit/database/target.ts'
import { leaveNothing } from '../../kit/project/leave-nothing.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { StepState } from '../course/step-databases.ts'
import { readCommits } from './commits.ts'
import { layExport } from './export-place.ts'
import { unpackExport } from './export-parts.ts'
import { readReport } from './read-report.ts'
import type { Report } from './report-data.ts'
import { openScratches, type Scratches } from './scratch-copy.ts'

export interface Shared {
  dev: Target
  now?: Date
  schemas?: Schemas
  scratches?: Scratches
  isOfMany?: true
  states?: readonly StepState[]
}

/** The name by which a file is known: without its folder and its end. */
export function nameOfFile(path: string): string {
  return basename(path).replace(/\.zip$/i, '')
}

/**
 * Makes the report anew from an exported file. Throws a Problem for one that cannot be read; the file itself is only
 * ever read. Nothing that came with it is run but its SQL, in databases of its own, by a role that may do nothing else.
 */
export async function reportOfFile(path: string, { dev, ...shared }: Shared): Promise<Report> {
  const file = basename(path)
  const { parts, manifest } = unpackExport(readBytes(path), file)
  const scratches = shared.scratches ?? openScratches(dev.url)
  const lay = async () => {
    const closeOwn = async () => (shared.scratches ? undefined : scratches.close())
    const laid = await layExport(parts, file, dev, scratches).catch(async (error: unknown) => {
      await closeOwn()
      throw error
    })
    return { ...laid, remove: () => laid.remove().finally(closeOwn) }
  }
  return leaveNothing(lay, async ({ place }) => {
    const author = (await readCommits(place.root)).own.at(-1)?.author ?? manifest.who
    return readReport(place, { from: 'export', who: `${nameOfFile(path)} (${author})`, ...shared, scratches })
  })
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code) throw error
    throw new Problem(`${basename(path)} cannot be read.`, {
      why: code === 'ENOENT' ? 'There is no such file.' : message,
      next: 'npm run report -- --from FILE    (what a learner’s  npm run report -- --export  has written)',
      cause: error,
    })
  }
}
