import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from './target.ts'
import { stateDir } from '../project/project.ts'

/** What a database says of itself, in its table `workshop.marker`. */
export interface Marker {
  environment: Env
  /** Id of the clone that made it. */
  clone: string
}

/** What tells this clone's databases from another clone's: it stands in each database's marker. */
export function cloneId(): string {
  return keptIn('clone', randomUUID)
}

/** The superuser's password on this clone's own servers. It lies here and nowhere else. */
export function adminPassword(): string {
  return keptIn('admin-password', () => randomBytes(24).toString('hex'))
}

/** Whether a database that a clone made may be used from here: our own, or one that `db adopt` took in. */
export function isOurs({ environment, clone }: Marker): boolean {
  return clone === cloneId() || adopted().includes(`${environment} ${clone}`)
}

/** DEV and PROD are adopted one by one: who takes in a DEV has not said a word about that clone's PROD. */
export function adopt({ environment, clone }: Marker): void {
  write('adopted', [...adopted(), `${environment} ${clone}`].join('\n'))
}

function adopted(): string[] {
  const file = join(stateDir, 'adopted')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
}

function keptIn(name: string, make: () => string): string {
  const file = join(stateDir, name)
  if (!existsSync(file)) write(name, make(), 'wx')
  return readFileSync(file, 'utf8').trim()
}

function write(name: string, text: string, flag = 'w'): void {
  mkdirSync(stateDir, { recursive: true })
  try {
    writeFileSync(join(stateDir, name), `${text}\n`, { mode: 0o600, flag })
  } catch (error) {
    // Another command of this clone made the same file a moment ago: its value counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
