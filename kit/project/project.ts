import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Absolute path of the folder that holds package.json. */
export const projectRoot = rootAbove(here)

/**
 * The clone that brings packages, servers and addresses: this one, or the one around it. A clone that lies in another
 * one's .workshop/, as Ben's does in step 17, has its own files and branches, and shares everything else.
 */
export const hostRoot = hostOf(projectRoot)

/** What belongs to this clone and to this machine alone: data folders, logs, the admin password. git ignores it. */
export const stateDir = join(hostRoot, '.workshop')

/** Where the copies of PROD stand. */
export const snapshotsDir = join(stateDir, 'snapshots')

export const packagesDir = join(hostRoot, 'node_modules')

/** The folder of compiled modules that is running; undefined where the sources themselves run. */
export const compiledFolder = /^.*[\\/]\.workshop[\\/]built[\\/][^\\/]+/.exec(here)?.[0]

/** The text of a file of the kit, like `guard/guard.sql`: compiled, no file stands beside another. */
export function ownSql(path: string): string {
  return readFileSync(join(projectRoot, 'kit', path), 'utf8')
}

/** This file runs where it stands, and compiled in .workshop/built/. */
function rootAbove(folder: string): string {
  return existsSync(join(folder, 'workshop', 'run.mjs')) ? folder : rootAbove(dirname(folder))
}

function hostOf(root: string): string {
  const state = dirname(root)
  const host = dirname(state)
  return basename(state) === '.workshop' && existsSync(join(host, 'workshop', 'run.mjs')) ? host : root
}
