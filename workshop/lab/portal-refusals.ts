import { isLocal, type Env } from '../../kit/database/target.ts'
import { stateDir } from '../../kit/project/project.ts'
import { grouped } from '../../kit/terminal/numbers.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Filled } from './fill-portal.ts'
import { portalAtOne, roomAt } from './lab-room.ts'

/** Ten thousand recruits, and fifty thousand rows around them. */
export const usualScale = 0.01

/** Where the portal is to be filled. */
export interface PortalPlace {
  /** `DEV` or `PROD`. */
  label: string
  env: Env
  /** The command that was typed, with its flags. */
  command: string
}

/** The rows, their indexes, and the log of one transaction. A server elsewhere has a disk of its own. */
export function assertRoomFor(scale: number, { env }: PortalPlace): void {
  if (!isLocal(process.env['DATABASE_URL']!)) return
  const [needed, free] = [Math.ceil(3 * portalAtOne * scale), roomAt(stateDir).disk]
  if (free >= needed) return
  throw new Problem(`There is too little room on the disk for scale ${scale}: nothing was added.`, {
    why: `${grouped(needed)} MB are needed, and ${grouped(free)} MB are free.`,
    next: `npm run seed:portal -- --env ${env} --scale ${usualScale}`,
  })
}

/** Its tables are not there, or hold what is not the portal's. */
export function refused({ missing, taken }: Extract<Filled, { did: 'refused' }>, { label, env, command }: PortalPlace) {
  const list = (names: readonly string[]) => `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`
  if (missing.length > 0) {
    return new Problem(`${label} has no table ${list(missing)}: nothing was added.`, {
      why: 'The migrations that make the portal were not applied there.',
      next: [`npm run migrate -- deploy --env ${env}`, command],
    })
  }
  return new Problem(`${label} has rows already in ${list(taken)}: nothing was added.`, {
    why: 'The rows of the portal refer to each other by numbers from 1 on, so its tables have to be empty at first.',
    next:
      env === 'dev' ? ['npm run db reset', command] : ['npm run db snapshots    (the copies from before those rows)'],
  })
}

/** The script and the tables do not fit together, or the server went away: what it says tells which. */
export function refusedBy(
  error: Error & { code?: string; table?: string },
  { label, env, command }: PortalPlace,
): Problem {
  const isGone = error.code === undefined || /^(57P0|53)/.test(error.code)
  const table = error.table ?? 'recruits'
  return new Problem([error.code, error.message].filter(Boolean).join('  '), {
    why: isGone
      ? `The server of ${label} stopped it. Nothing was added: it is one transaction.`
      : `The tables in ${label} are not as seeds/portal.ts takes them to be. Nothing was added: it is one transaction.`,
    next: isGone
      ? [error.code === '53100' ? 'Free some space on the disk.' : 'npm run db up', command]
      : [`npm run psql -- --env ${env} -c "\\d ${table}"`, 'Then say in seeds/portal.ts what is otherwise.'],
    cause: error,
  })
}
