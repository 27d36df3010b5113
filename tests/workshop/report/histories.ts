import type { Stage } from './report-bed.ts'

/** One thing that somebody did. */
export type Did =
  | { sql: string; on: 'dev' | 'prod' }
  /** In PROD, past its guard. */
  | { forced: string; as?: 'prod' }
  | { lay: string[]; of: number }
  | { write: string; text: string }
  | { edit: string; from: string | RegExp; to: string }
  | { remove: string }
  | { apply: 'dev' | 'prod' }
  | { note: string; on: 'dev' | 'prod' }
  | { seed: string; on: 'dev' | 'prod' }
  | { git: string[] }
  | { commit: string }

/** What somebody has done, as data: a new one needs no code. */
export interface History {
  name: string
  /** The step at whose end it begins, done as the course does it. */
  at: Stage
  did: Did[]
  /** Lines of what is wrong; none, where nothing is. */
  wrong: RegExp[]
  /** What stands on the page besides. */
  shows?: RegExp[]
}

export const schema = 'prisma/schema.prisma'
export const mine = '20270101000000_mine'
export const migration = (sql: string, name = mine): Did => ({
  write: `prisma/migrations/${name}/migration.sql`,
  text: sql,
})
export const lay = (of: number, ...paths: string[]): Did => ({ lay: paths, of })
export const both: Did[] = [{ commit: 'Mine' }, { apply: 'dev' }, { apply: 'prod' }]
/** The guard refuses it on PROD; somebody who has no guard has done it. */
export const pastGuard = (sql: string): Did[] => [
  migration(sql),
  { commit: 'Mine' },
  { apply: 'dev' },
  { forced: sql, as: 'prod' },
  { note: mine, on: 'prod' },
]
export const renamed = 'ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user;'
export const archived = 'CREATE SCHEMA archive; CREATE TABLE archive.recruits AS SELECT id, id_number FROM recruits;'
