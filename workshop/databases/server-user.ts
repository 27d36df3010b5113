import { execFileSync, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'

/** Whom PostgreSQL runs as. Empty for an ordinary user: then it runs as that user. */
export interface ServerUser {
  uid?: number
  gid?: number
}

const name = 'postgres'

/** PostgreSQL refuses to run as root: there it runs as the system user `postgres`, which is made if it is missing. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {}
  known ??= lookUp() ?? create()
  return known
}
let known: ServerUser | undefined

/** Whether the user may walk into `folder`. Root's own home, for instance, lets nobody else in. */
export function mayEnter({ uid, gid }: ServerUser, folder: string): boolean {
  if (uid === undefined) return true
  const { mode, uid: owner, gid: group } = statSync(folder)
  const enter = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
  return (mode & enter) !== 0 && (folder === dirname(folder) || mayEnter({ uid, gid }, dirname(folder)))
}

function lookUp(): ServerUser | undefined {
  const ask = (flag: string) => spawnSync('id', [flag, name], { encoding: 'utf8' })
  const [uid, gid] = [ask('-u'), ask('-g')]
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined
}

function create(): ServerUser {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', name], { stdio: 'pipe' })
    return lookUp()!
  } catch (cause) {
    throw new Problem('PostgreSQL cannot be started by root here.', {
      why: `PostgreSQL never runs as root, and the system user "${name}" could not be made.`,
      next: 'Run the same command as an ordinary user.',
      cause,
    })
  }
}
