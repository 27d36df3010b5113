import type pg from 'pg'
import { isOurs } from '../database/clone.ts'
import { isEmpty } from '../database/empty.ts'
import { readMarker } from '../database/marker.ts'
import { databaseOf, locationOf } from './connection-url.ts'
import { refusal } from './engine-error.ts'

// Engine method, the command that calls it, why it is not for prod, and what to type instead.
const wipers: Record<string, { command: string; why: string; next: string[] }> = {
  devDiagnostic: {
    command: 'migrate dev',
    why: 'may ask to empty the database',
    next: [
      'Make the migration on DEV:  npm run migrate -- dev',
      'Then bring it to PROD:      npm run migrate -- deploy --env prod',
    ],
  },
  reset: {
    command: 'reset',
    why: 'empties the database',
    next: ['To start again on DEV:  npm run db reset'],
  },
  schemaPush: {
    command: 'db push',
    why: 'changes the tables without a migration and may drop columns with their values',
    next: [
      'Make the migration on DEV:  npm run migrate -- dev',
      'Then bring it to PROD:      npm run migrate -- deploy --env prod',
    ],
  },
}

/** Methods that write into the database of the URL. */
const writers = new Set([
  'applyMigrations',
  'dbExecute',
  'markMigrationApplied',
  'markMigrationRolledBack',
  ...Object.keys(wipers),
])

/**
 * Throws for an engine method that may not run on this database: one that may wipe, unless it is this clone's DEV or
 * has no tables; and one that writes, when the address was read as DEV's and the database says that it is PROD.
 */
export async function refuseOnWrongDatabase(method: string, pool: pg.Pool, url: string): Promise<void> {
  if (!writers.has(method)) return
  const mark = await readMarker(pool)
  const here = `${databaseOf(url)} on ${locationOf(url)}`
  const expected = process.env['WORKSHOP_EXPECTS']
  if (mark && expected && mark.environment !== expected) {
    throw refusal(
      `Nothing was done: this is ${mark.environment.toUpperCase()}.`,
      `DATABASE_URL of ${expected.toUpperCase()} leads to ${here}, which is marked as ${mark.environment.toUpperCase()}.`,
      ['Compare DATABASE_URL in .env.dev, .env.dev.local, .env.prod and .env.prod.local.'],
    )
  }
  const wiper = wipers[method]
  if (!wiper) return
  if (mark?.environment === 'prod') {
    throw refusal(
      `PROD was not touched: "${wiper.command}" is not for PROD.`,
      `"${wiper.command}" ${wiper.why}, and ${here} is marked as PROD.`,
      wiper.next,
    )
  }
  const isOwnDev = mark && isOurs({ environment: 'dev', clone: mark.clone })
  // `migrate dev` asks nothing of the database itself; it only says that a reset is needed.
  if (method === 'devDiagnostic' || isOwnDev || (await isEmpty(pool))) return
  throw refusal(
    `Nothing was done: "${wiper.command}" is for the DEV database of this clone only.`,
    `"${wiper.command}" ${wiper.why}, and ${here} ${mark ? 'belongs to another clone' : 'is no database of this workshop'}.`,
    ['If it is meant to be your DEV:  npm run db -- adopt --env dev'],
  )
}
