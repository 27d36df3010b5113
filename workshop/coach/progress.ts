import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import lockfile from 'proper-lockfile'
import { hostRoot, projectRoot } from '../../kit/project/project.ts'
import { notices } from '../../kit/terminal/notices.ts'
import { firstLine, isRepeated, lineOf, parseProgress, type Noted, type ProgressEvent } from './progress-line.ts'

/** The learner's file, in the project's top folder. git ignores it: `git add --force progress.txt` commits it. */
export const progressName = 'progress.txt'

/**
 * The events so far, and the lines that could not be read. A file that git took away with a branch is read from its copy
 * in .workshop/. Nothing is changed, and nothing here may be believed: it is a text that anybody can edit.
 */
export function readProgress(root: string): { events: ProgressEvent[]; unread: string[] } {
  const { events, unread } = readBoth(root)
  return { events, unread }
}

/**
 * Appends what has happened, where that is news. Never fails: returns whether it stands there now. A damaged file is kept
 * aside under a dated name, and its readable lines stay.
 */
export function note(root: string, noted: Noted, now = new Date()): boolean {
  try {
    return whileHeld(root, () => append(root, noted, now))
  } catch {
    return false
  }
}

function append(root: string, noted: Noted, now: Date): boolean {
  const { events, unread, isWhole } = readBoth(root)
  const step = noted.step ?? events.findLast((one) => one.step !== '--')?.step ?? '--'
  const at = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
  const line = lineOf({ at, step, kind: noted.kind, what: noted.what, words: noted.words ?? '' })
  // As it will be read again.
  const [event] = parseProgress(line).events
  if (!event) return false
  if (unread.length > 0)
    notices.add(`${progressName} had lines that nobody can read: it is kept as ${putAside(root, now)}`)
  const isNews = !isRepeated(event, events)
  for (const file of filesOf(root)) {
    if (!isWhole) bringUp(file, isNews ? [...events, event] : events)
    else if (isNews) appendFileSync(file, `${line}\n`)
  }
  return true
}

/**
 * Two commands that see the same at once note it once: the second reads what the first has written. Waits for three
 * seconds at most, by when the hold of a command that was killed counts as left. Whoever gets none notes all the same: a
 * line twice is better than a line lost.
 */
function whileHeld<Result>(root: string, work: () => Result): Result {
  const release = holdFile(root)
  try {
    return work()
  } finally {
    release()
  }
}

function holdFile(root: string): () => void {
  const last = Date.now() + 3000
  for (;;) {
    try {
      return lockfile.lockSync(fileOf(root), { realpath: false, stale: 2000 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED' || Date.now() > last) return () => {}
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

function readBoth(root: string): { events: ProgressEvent[]; unread: string[]; isWhole: boolean } {
  const [text, copy] = [textOf(fileOf(root)) ?? '', textOf(copyOf(root)) ?? '']
  const { events, unread } = parseProgress(text)
  const isWhole = copy === text && unread.length === 0 && text.endsWith('\n')
  if (copy === text || copy === '') return { events, unread, isWhole }
  const lines = new Set(events.map(lineOf))
  const lacking = parseProgress(copy).events.filter((event) => !lines.has(lineOf(event)))
  return { events: [...events, ...lacking], unread, isWhole }
}

/** Begins a new one; the old one stays beside it under a dated name, which is returned. */
export function beginProgress(root: string, now = new Date()): string | undefined {
  try {
    return whileHeld(root, () => {
      const { events } = readProgress(root)
      if (events.length === 0) return undefined
      bringUp(fileOf(root), events)
      const name = putAside(root, now)
      rmSync(copyOf(root), { force: true })
      return name
    })
  } catch {
    return undefined
  }
}

/** Appends the lines that are not there yet, in one write: two commands at once each write whole lines. */
function bringUp(file: string, events: readonly ProgressEvent[]): void {
  const text = textOf(file)
  const has = new Set(parseProgress(text ?? '').events.map(lineOf))
  const lacking = [...new Set(events.map(lineOf))].filter((line) => !has.has(line))
  if (lacking.length === 0) return
  const before = text === undefined || text === '' ? [firstLine] : []
  const gap = text && !text.endsWith('\n') ? '\n' : ''
  appendFileSync(file, gap + [...before, ...lacking].map((line) => `${line}\n`).join(''))
}

/** Renames the file to a dated name that is free. */
function putAside(root: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
  const names = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `progress-${stamp}${n === 0 ? '' : `-${n}`}.txt`)
  const name = names.find((one) => !existsSync(join(learnerOf(root), one))) ?? names.at(-1)!
  renameSync(fileOf(root), join(learnerOf(root), name))
  return name
}

function filesOf(root: string): string[] {
  return [fileOf(root), ...(existsSync(dirname(copyOf(root))) ? [copyOf(root)] : [])]
}

function fileOf(root: string): string {
  return join(learnerOf(root), progressName)
}

function copyOf(root: string): string {
  return join(learnerOf(root), '.workshop', progressName)
}

/** Whoever plays Ben, in a clone in the .workshop/ of another one, is the learner of that one. */
function learnerOf(root: string): string {
  return root === projectRoot ? hostRoot : root
}

/** Undefined where there is none, or none that can be read. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
