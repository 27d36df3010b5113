import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What a workshop makes or finds out once, and keeps by content: answers (`kit/project/kept-answers.ts`), and clients. */
const folders = ['catalogs', 'clients', 'makers', 'schemas', 'trials']

/** A workshop forgets what is more than sixty. The first ones are of the course's own states, and wanted most. */
const most = 50

/** In a run of the tests, what one workshop has found out, those after it know. `state` is its `.workshop`. */
export function layAnswers(state: string): void {
  if (process.env['WORKSHOP_TEST_RUN']) copyAll(known(), state)
}

export function keepAnswers(state: string): void {
  if (process.env['WORKSHOP_TEST_RUN']) copyAll(state, known())
}

function known(): string {
  return join(process.env['WORKSHOP_TEST_RUN']!, 'answers')
}

function copyAll(from: string, to: string): void {
  for (const folder of folders.filter((name) => existsSync(join(from, name)))) {
    mkdirSync(join(to, folder), { recursive: true })
    const there = new Set(readdirSync(join(to, folder)))
    // What is being written has the number of a process behind it.
    const fresh = readdirSync(join(from, folder)).filter(
      (name) => /^[0-9a-f]+(\.json)?$/.test(name) && !there.has(name),
    )
    const room = Math.max(0, most - there.size)
    for (const name of fresh.slice(0, room)) copyWhole(join(from, folder, name), join(to, folder, name))
  }
}

/** It appears whole, or not at all: another worker may be reading. */
function copyWhole(from: string, to: string): void {
  const fresh = `${to}.${process.pid}`
  cpSync(from, fresh, { recursive: true })
  try {
    renameSync(fresh, to)
  } catch {
    // Another one was quicker: it is the same.
    rmSync(fresh, { recursive: true, force: true })
  }
}
