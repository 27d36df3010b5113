import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the folder that holds package.json. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * The clone that brings packages, servers and addresses: this one, or the one around it. A clone that lies in another
 * one's .workshop/, as Ben's does in step 17, has its own files and branches, and shares everything else.
 */
export const hostRoot = hostOf(projectRoot)

/** What belongs to this clone and to this machine alone: data folders, logs, the admin password. git ignores it. */
export const stateDir = join(hostRoot, '.workshop')

export const packagesDir = join(hostRoot, 'node_modules')

function hostOf(root: string): string {
  const state = dirname(root)
  const host = dirname(state)
  return basename(state) === '.workshop' && existsSync(join(host, 'workshop', 'run.mjs')) ? host : root
}
