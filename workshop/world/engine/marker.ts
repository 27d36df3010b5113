import type pg from 'pg'
import { databaseOf, locationOf } from './connection-url.ts'
import { isDatabaseError } from './database-error.ts'
import { refusal } from './engine-error.ts'

/** What `workshop.marker` says this database is; undefined where there is no marker. */
export async function readMarker(pool: pg.Pool | pg.Client): Promise<string | undefined> {
  try {
    const found = await pool.query<{ found: boolean }>(`SELECT to_regclass('workshop.marker') IS NOT NULL AS found`)
    if (!found.rows[0]?.found) return undefined
    const marker = await pool.query<{ environment: string }>('SELECT environment FROM workshop.marker')
    return marker.rows[0]?.environment
  } catch (error) {
    // Whoever may not read the marker might stand on prod: treat it as prod.
    if (isDatabaseError(error) && error.code === '42501') return 'prod'
    throw error
  }
}

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

/** Throws for an engine method that may wipe, on a database marked prod. */
export async function refuseToWipeProd(method: string, pool: pg.Pool, url: string): Promise<void> {
  const wiper = wipers[method]
  if (!wiper || (await readMarker(pool)) !== 'prod') return
  throw refusal(
    `PROD was not touched: "${wiper.command}" is not for PROD.`,
    `"${wiper.command}" ${wiper.why}, and ${databaseOf(url)} on ${locationOf(url)} is marked as PROD.`,
    wiper.next,
  )
}
