import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openSchemas } from '../../kit/catalog/schemas.ts'
import type { Target } from '../../kit/database/target.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { readSteps } from '../course/read-steps.ts'
import { stepStates } from '../course/step-databases.ts'
import { exportsIn } from './export-place.ts'
import type { Report } from './report-data.ts'
import { openScratches } from './scratch-copy.ts'
import { nameOfFile, reportOfFile } from './report-of-file.ts'

/** One file of a folder: its report, or why there is none. */
export interface ClassRow {
  /** As the file is named. */
  name: string
  report?: Report
  problem?: Problem
}

/** So many at a time: while one waits for its database, another one is judged. */
const atOnce = 2

/** The report of each export of a folder, in the order of their names. Throws a Problem for a folder without any. */
export async function readClass(
  folder: string,
  dev: Target,
  say: (line: string) => void,
  now = new Date(),
): Promise<ClassRow[]> {
  const files = filesIn(folder)
  const states = stepStates(readSteps())
  const known = new Map<string, Promise<string>>()
  const rows: ClassRow[] = []
  const queue = [...files.entries()]
  const work = async () => {
    const schemas = openSchemas(dev.url, known)
    const scratches = openScratches(dev.url)
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [i, file] = next
        rows[i] = await rowOf(file, () =>
          reportOfFile(join(folder, file), { dev, now, schemas, scratches, states, isOfMany: true }),
        )
        say(`${String(i + 1).padStart(3)} of ${files.length}  ${file}`)
      }
    } finally {
      await schemas.close()
      await scratches.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work))
  return withTwins(rows)
}

async function rowOf(file: string, read: () => Promise<Report>): Promise<ClassRow> {
  const name = nameOfFile(file)
  try {
    return { name, report: await read() }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { name, problem: error }
  }
}

/** Two exports with the same ids in PROD’s history are of one database: Prisma makes each id up, and never twice. */
function withTwins(rows: readonly ClassRow[]): ClassRow[] {
  const owners = new Map<string, Set<string>>()
  for (const { name, report } of rows)
    for (const id of report?.historyIds ?? []) owners.set(id, (owners.get(id) ?? new Set()).add(name))
  return rows.map((row) => {
    if (!row.report) return row
    const twins = new Set(row.report.historyIds.flatMap((id) => [...owners.get(id)!]))
    twins.delete(row.name)
    if (twins.size === 0) return row
    const words = `Its PROD is the same database as that of ${[...twins].toSorted().join(', ')}: the ids in their histories are equal.`
    return { ...row, report: { ...row.report, wrong: [words, ...row.report.wrong] } }
  })
}

function filesIn(folder: string): string[] {
  const isFolder = existsSync(folder) && statSync(folder).isDirectory()
  const files = isFolder ? exportsIn(folder) : []
  if (files.length > 0) return files
  throw new Problem(isFolder ? `There is no export in ${folder}.` : `There is no folder ${folder}.`, {
    why: 'The reports of a class are made from the files that its learners have sent, one each: NAME.zip',
    next: 'npm run report -- --class FOLDER    (each learner makes a file with  npm run report -- --export)',
  })
}
