import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the folder that holds package.json. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** What belongs to this clone and to this machine alone: data folders, logs, the admin password. git ignores it. */
export const stateDir = join(projectRoot, '.workshop')
