/** One thing that somebody does. Paths are those of the project. */
export type Did =
  | { sql: string; on: 'dev' | 'prod' }
  /** Files of another step, copied into the folder. */
  | { lay: string[]; of: number }
  | { write: string; text: string }
  | { edit: string; from: string | RegExp; to: string }
  | { remove: string }
  | { run: string }
  | { git: string }

/** Where somebody may stand who learns: a new one is data. */
export interface State {
  name: string
  /** The step at whose end it begins. */
  at: number
  did: Did[]
  /** The step whose check tells whether it is right. */
  step: number
  /** What `check STEP` says of it; nothing, when it passes: a right way of one's own. */
  says?: RegExp
  /**
   * What becomes of somebody who types only what is printed after `next`: the step's check passes, or a line says what a
   * person has to decide or write. Undefined where only the check is looked at.
   */
  ends?: 'done' | RegExp
}

export const migrations = 'prisma/migrations'
export const schema = 'prisma/schema.prisma'
export const mine = (sql: string, name = '20270101000000_mine'): Did => ({
  write: `${migrations}/${name}/migration.sql`,
  text: sql,
})
export const files = (of: number, ...lay: string[]): Did => ({ lay, of })
export const reset: Did = { run: 'db reset' }
export const deploy: Did = { run: 'migrate deploy --env prod' }
export const seeds = (...cohorts: string[]): Did[] => cohorts.map((cohort) => ({ run: `seed ${cohort}` }))
/** Prisma's own `migrate resolve --applied` on PROD, which does not look whether it is true. */
export const noted = (name: string): Did => ({ run: `prisma-resolve ${name}` })
export const rename = 'ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user;'
export const archived = 'CREATE SCHEMA archive; CREATE TABLE archive.recruits AS SELECT id, id_number FROM recruits;'
export const dropAndAdd = `CREATE SCHEMA IF NOT EXISTS archive; CREATE TABLE archive.chat AS SELECT id, chatname FROM recruits;
  ALTER TABLE recruits DROP COLUMN chatname; ALTER TABLE recruits ADD COLUMN rocketchat_user text NOT NULL DEFAULT 'unknown';
  ALTER TABLE recruits ALTER COLUMN rocketchat_user DROP DEFAULT;`
