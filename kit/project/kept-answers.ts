import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateDir } from './project.ts'

/** Answers that are dear to find out and never change, one JSON file each, in a folder of .workshop/. */
export interface KeptAnswers<Answer> {
  /** The kept answer to this question, whatever JSON says of it; else what `find` finds, which is kept then. */
  ask(question: unknown, find: () => Promise<Answer>): Promise<Answer>
}

/** More than the course's steps, and a few megabytes at most. */
const mostKept = 60

export function keptAnswers<Answer>(name: string): KeptAnswers<Answer> {
  const folder = join(stateDir, name)
  return {
    async ask(question, find) {
      const hash = createHash('sha256').update(JSON.stringify(question)).digest('hex')
      const file = join(folder, `${hash.slice(0, 24)}.json`)
      const kept = read<Answer>(file)
      if (kept !== undefined) return kept
      const answer = await find()
      keep(folder, file, answer)
      return answer
    },
  }
}

function read<Answer>(file: string): Answer | undefined {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Answer) : undefined
  } catch {
    // Damaged, or taken away a moment ago: it is found out again.
    return undefined
  }
}

function keep(folder: string, file: string, answer: unknown): void {
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(answer))
    renameSync(`${file}.${process.pid}`, file)
  } catch {
    // A folder that is read-only, or a full disk: then it is found out again the next time.
    rmSync(`${file}.${process.pid}`, { force: true })
    return
  }
  const kept = readdirSync(folder).map((name) => join(folder, name))
  if (kept.length <= mostKept) return
  const at = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const oldest = kept.map((path) => ({ path, at: at(path) })).toSorted((a, b) => a.at - b.at)
  for (const { path } of oldest.slice(0, kept.length - mostKept)) rmSync(path, { force: true })
}
