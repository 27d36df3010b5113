import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { connectTo } from '../../kit/database/connection.ts'
import type { Env, Place } from '../../kit/database/target.ts'
import { tryGit } from '../../kit/git/git.ts'
import { takeSnapshot } from '../../kit/keep/snapshot-take.ts'
import { listSnapshots } from '../../kit/keep/snapshots.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { copiesInLedger } from '../course/known-values.ts'
import { progressName } from '../coach/progress.ts'
import { readAuthor } from './commits.ts'
import { packExport } from './export-parts.ts'
import { learnerFiles } from './learner-files.ts'

/** A file that somebody sends. */
const mostBytes = 200_000_000

export interface MadeExport {
  bytes: Uint8Array
  who: string
  /** What a marker should know beforehand, a sentence each. */
  notes: string[]
}

/**
 * Everything from which the page can be made again, elsewhere: both databases as they are, the copies that PROD's ledger
 * names, files, commits, progress. No password is in it, no path and no name of this computer. Both databases are only read.
 */
export async function makeExport(place: Place): Promise<MadeExport> {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-export-'))
  try {
    const parts = new Map<string, Uint8Array>()
    const copies = await copyDatabase('prod', place, folder, parts, copiesInLedger)
    await copyDatabase('dev', place, folder, parts, async () => [])
    for (const { name, folder: copy } of listSnapshots(place.copies).filter((one) => copies.includes(one.name)))
      addFolder(parts, copy, `copies/${name}`)
    for (const [path, text] of learnerFiles(place.root)) parts.set(`files/${path}`, Buffer.from(text))
    const bundle = await bundleCommits(place.root, folder)
    if (bundle) parts.set('history.bundle', bundle)
    const progress = join(place.root, progressName)
    if (existsSync(progress))
      parts.set(progressName, Buffer.from(withoutPlace(readFileSync(progress, 'utf8'), place.root)))
    const size = [...parts.values()].reduce((sum, { length }) => sum + length, 0)
    if (size > mostBytes) throw tooBig(size)
    const who = (await readAuthor(place.root)) ?? 'learner'
    const notes = bundle ? [] : ['There is no commit: the marker sees no way, only where it ended.']
    return { bytes: packExport(parts, who), who, notes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Copies a database as a deploy copies PROD; returns what `ask` asks of it in the same breath. */
async function copyDatabase(
  env: Env,
  place: Place,
  into: string,
  parts: Map<string, Uint8Array>,
  ask: (client: pg.Client) => Promise<string[]>,
): Promise<string[]> {
  const client = await connectTo(place.target(env))
  try {
    const { folder } = await takeSnapshot(client, { say: () => {}, why: 'for a report', into: join(into, env) })
    addFolder(parts, folder, env)
    return await ask(client)
  } catch (error) {
    if (!(error instanceof Problem) || env === 'prod') throw error
    const [message, why] = [error.message, error.why].map((text) => text.replaceAll('PROD', 'DEV'))
    throw new Problem(message!, { why: why!, next: error.next })
  } finally {
    await client.end()
  }
}

/** Without what a deploy keeps beside its copy for its own use. */
function addFolder(parts: Map<string, Uint8Array>, folder: string, as: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile() && /\.(copy|sql|json)$/.test(entry.name))
      parts.set(`${as}/${entry.name}`, readFileSync(join(folder, entry.name)))
}

/** All commits up to this one, and the course's tags. Nothing where there is no commit, or no git. */
async function bundleCommits(root: string, folder: string): Promise<Uint8Array | undefined> {
  const file = join(folder, 'history.bundle')
  const { code } = await tryGit(['bundle', 'create', '--quiet', file, 'HEAD', '--tags=step-*'], { root }).catch(() => ({
    code: 1,
  }))
  return code === 0 ? readFileSync(file) : undefined
}

/** Where this computer’s folders and its name stand in a text. */
function withoutPlace(text: string, root: string): string {
  const names = [root, homedir(), hostname()].filter((name) => name.length > 2)
  return names.reduce((all, name) => all.replaceAll(name, '…'), text)
}

function tooBig(bytes: number): Problem {
  return new Problem('No export was made: it would be too big to send.', {
    why: `PROD, its copies and the commits are ${Math.round(bytes / 1_000_000)} MB; an export holds ${mostBytes / 1_000_000}.`,
    next: 'npm run report    (the page itself can be made)',
  })
}
