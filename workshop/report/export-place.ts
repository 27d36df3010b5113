import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectTo } from '../../kit/database/connection.ts'
import { isDatabaseError } from '../../kit/engine/database-error.ts'
import type { Env, Place, Target } from '../../kit/database/target.ts'
import { git } from '../../kit/git/git.ts'
import { readSnapshot } from '../../kit/keep/snapshots.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Parts } from './export-parts.ts'
import { fillScratch, type Scratch, type Scratches } from './scratch-copy.ts'

/** Somebody else's work, laid out beside one's own: files and commits in a folder, both databases on DEV's server. */
export interface LaidExport {
  place: Place
  remove(): Promise<void>
}

/**
 * Lays out an export where nothing of the marker's own is touched: neither branches, nor DEV, nor PROD. Throws a Problem
 * where DEV's server is away, or where a part does not hold what it should.
 */
export async function layExport(parts: Parts, file: string, dev: Target, scratches: Scratches): Promise<LaidExport> {
  await (await connectTo(dev)).end()
  const folder = mkdtempSync(join(tmpdir(), 'workshop-from-'))
  const filled: Partial<Record<Env, Scratch>> = {}
  const remove = async () => {
    for (const copy of Object.values(filled)) await copy.remove()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const [path, bytes] of parts) write(join(folder, path), bytes)
    const root = join(folder, 'files')
    mkdirSync(join(folder, 'copies'), { recursive: true })
    mkdirSync(root, { recursive: true })
    const progress = parts.get('progress.txt')
    if (progress) write(join(root, 'progress.txt'), progress)
    await layCommits(root, parts.has('history.bundle') ? join(folder, 'history.bundle') : undefined)
    for (const env of ['prod', 'dev'] as const)
      filled[env] = await fillScratch(scratches, readSnapshot(env, folder), env)
    const target = (env: Env): Target => ({ env, url: filled[env]!.url, files: dev.files })
    return { place: { root, target, copies: join(folder, 'copies'), isForeign: true }, remove }
  } catch (error) {
    await remove()
    throw explain(error, file)
  }
}

/** A repository of its own, whose last commit is the learner's; without one where there is none. */
async function layCommits(root: string, bundle: string | undefined): Promise<void> {
  const options = { root, env: { GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' } }
  const quiet = ['-c', 'core.hooksPath=', '-c', 'core.autocrlf=false', '-c', 'gc.auto=0']
  await git([...quiet, 'init', '--quiet', '--template=', '--initial-branch=learner'], options)
  if (!bundle) return
  await git(
    [
      ...quiet,
      'fetch',
      '--quiet',
      '--no-write-fetch-head',
      '--update-head-ok',
      bundle,
      'HEAD:refs/heads/learner',
      '+refs/tags/*:refs/tags/*',
    ],
    options,
  )
  await git([...quiet, 'reset', '--quiet'], options)
}

function write(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bytes)
}

function explain(error: unknown, file: string): unknown {
  const why = isDatabaseError(error) || error instanceof SyntaxError ? error.message : undefined
  const isOurs = error instanceof Problem && /^(This copy is damaged|"git )/.test(error.message)
  const { code } = error as NodeJS.ErrnoException
  if (why === undefined && !isOurs && code !== 'ENOENT') return error
  return new Problem(`${file} does not hold what an export holds.`, {
    why: `${why ?? (isOurs ? error.why : 'The copy of a database is missing in it.')} Nothing was changed, and the file is as it was.`,
    next: 'Ask for it again:  npm run report -- --export',
    cause: error,
  })
}

/** Files of a folder that may be exports, in the order of their names. */
export function exportsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.zip$/i.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
}
