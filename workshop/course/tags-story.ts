import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { gitBytes } from '../../kit/git/git.ts'
import { nameOf, readSteps, type LoadedStep } from './read-steps.ts'
import type { StoryFile, StoryStep } from './tags-text.ts'

/** A file below `steps/`: `path` as it stands in the commit. */
type Entry = StoryFile

/** The steps as the commit holds them, whatever stands in the working tree. Throws a Problem for one that is not whole. */
export async function readStory(root: string, commit: string): Promise<StoryStep[]> {
  const entries = await listSteps(root, commit)
  const steps = await readStepsOf(root, entries)
  const files = filesByStep(entries)
  const laid = new Set<string>()
  return steps.map((one) => {
    const name = nameOf(one)
    assertTagName(one)
    const own = files.get(name) ?? []
    for (const { path } of own) laid.add(assertOwn(path, name))
    const removes = one.step.removes ?? []
    for (const path of removes) if (!laid.delete(path)) throw nothingToRemove(path, name)
    return { number: one.number, tag: one.tag, title: one.step.title, todo: one.step.todo, removes, files: own }
  })
}

async function listSteps(root: string, commit: string): Promise<Entry[]> {
  const output = await gitBytes(['ls-tree', '-r', '-z', '--full-tree', commit, 'steps/'], { root })
  const entries = output.toString('utf8').split('\0').filter(Boolean)
  if (entries.length === 0) {
    throw new Problem('There are no steps to build tags from.', {
      why: `The commit ${commit.slice(0, 10)} has no folder steps/.`,
      next: 'git fetch origin',
    })
  }
  return entries.map((line) => {
    const [about, path] = line.split('\t') as [string, string]
    const [mode, , blob] = about.split(' ') as [string, string, string]
    return { mode, blob, path }
  })
}

/** Lays the commit's `step.ts` files into a folder of their own, because a step is read from a folder. */
async function readStepsOf(root: string, entries: Entry[]): Promise<LoadedStep[]> {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-steps-'))
  try {
    for (const { path } of entries) {
      const [steps, step, ...rest] = path.split('/')
      if (rest.length > 0) mkdirSync(join(folder, steps!, step!), { recursive: true })
    }
    const data = entries.filter(({ path }) => /^steps\/[^/]+\/step\.ts$/.test(path))
    for (const [i, bytes] of (await readBlobs(root, data)).entries()) {
      writeFileSync(join(folder, data[i]!.path), bytes)
    }
    return readSteps(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `git cat-file --batch` answers each id with a line `<id> blob <size>`, the bytes, and a line end. */
async function readBlobs(root: string, entries: Entry[]): Promise<Buffer[]> {
  const input = entries.map(({ blob }) => `${blob}\n`).join('')
  const output = await gitBytes(['cat-file', '--batch'], { root, input })
  let at = 0
  return entries.map(() => {
    const start = output.indexOf('\n', at) + 1
    const size = Number(output.toString('utf8', at, start).trim().split(' ')[2])
    at = start + size + 1
    return output.subarray(start, start + size)
  })
}

function filesByStep(entries: Entry[]): Map<string, StoryFile[]> {
  const files = new Map<string, StoryFile[]>()
  for (const { path, mode, blob } of entries) {
    const [, step, place] = /^steps\/([^/]+)\/files\/(.+)$/s.exec(path) ?? []
    if (!step || !place) continue
    if (!files.has(step)) files.set(step, [])
    files.get(step)!.push({ path: place, mode, blob })
  }
  return files
}

function assertTagName(step: LoadedStep): void {
  if (/^step-\d+(-[a-z0-9]+)+$/.test(step.tag)) return
  throw new Problem(`steps/${nameOf(step)} cannot be the name of a tag.`, {
    why: 'A step’s folder is a number and lower-case words, as in 05-email-backfill.',
    next: 'Rename the folder in steps/.',
  })
}

function assertOwn(path: string, name: string): string {
  if (/^(prisma|seeds)\//.test(path)) return path
  throw new Problem(`The step ${name} brings ${path}.`, {
    why: 'A step changes prisma/ and seeds/ only: the rest is the same at every step.',
    next: `Take it out of steps/${name}/files/.`,
  })
}

function nothingToRemove(path: string, name: string): Problem {
  return new Problem(`The step ${name} removes ${path}, which is not there.`, {
    why: 'No step before it brings that file.',
    next: `Mend "removes" in steps/${name}/step.ts.`,
  })
}
