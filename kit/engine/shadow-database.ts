import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { databaseOf, onDatabase } from './connection-url.ts'
import { isDatabaseError } from './database-error.ts'
import { refusal } from './engine-error.ts'
import { readMarker } from '../database/marker.ts'
import { borrowNamedDatabase, type ShadowDatabase } from './named-shadow.ts'
import { shadowNotCreated } from './native-errors.ts'
import { connectOnce, openPool } from './pool.ts'

/** An empty database in which the engine replays the migrations. `remove` leaves the server as it was. */
/**
 * Makes a fresh database on the server of `url`. A database that the user named as shadow database is never emptied:
 * it says where, no more. Only a role that may not create databases works in the named one itself, if that is empty.
 */
export async function makeShadowDatabase(url: string, isNamedByUser: boolean): Promise<ShadowDatabase> {
  const keeper = await connectOnce(url)
  try {
    if (isNamedByUser && (await readMarker(keeper))?.environment === 'prod') throw shadowIsProd(url)
    await dropLeftovers(keeper, shadowPrefix)
    return await createFresh(keeper, url, shadowPrefix)
  } catch (error) {
    if (isNamedByUser && mayNotCreate(error)) return borrowNamedDatabase(keeper, url)
    await keeper.end()
    throw mayNotCreate(error) ? shadowNotCreated(error) : error
  }
}

/** The same for another purpose, under a name that begins with `prefix`. */
export async function makeScratchDatabase(url: string, prefix: string): Promise<ShadowDatabase> {
  const keeper = await connectOnce(url)
  try {
    await dropLeftovers(keeper, prefix)
    return await createFresh(keeper, url, prefix)
  } catch (error) {
    await keeper.end()
    throw error
  }
}

async function createFresh(keeper: pg.Client, serverUrl: string, prefix: string): Promise<ShadowDatabase> {
  const name = newName(prefix)
  // Held until this session ends: no other run takes the database for a leftover before somebody is connected to it.
  await keeper.query('SELECT pg_advisory_lock($1, hashtext($2))', [lockClass, name])
  await keeper.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
  const drop = async () => {
    const statement = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`
    await keeper.query(`${statement} WITH (FORCE)`).catch((error) => {
      // PostgreSQL's own autovacuum may sit there. Only a superuser may end it by FORCE; without, PostgreSQL does.
      if (isDatabaseError(error) && error.code === '42501') return keeper.query(statement)
      throw error
    })
    await keeper.end()
  }
  try {
    const url = onDatabase(serverUrl, name)
    const pool = await openPool(url)
    return {
      url,
      pool,
      async remove(force = false) {
        if (!force && !pool.ended) await pool.end()
        await drop()
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}

// "workshop" in numbers, so that no other tool's locks are taken for ours.
const lockClass = 1_937_010_552

/** As the native engine calls them. */
const shadowPrefix = 'prisma_migrate_shadow_db_'

/** With a UUID of version 8 ("our own layout"), so that we only ever drop what we made. */
function newName(prefix: string): string {
  return `${prefix}${randomUUID().replace(/^(.{14})./, '$18')}`
}

/** A killed process leaves its database behind; its session, and with it the lock, is gone. */
async function dropLeftovers(keeper: pg.Client, prefix: string): Promise<void> {
  const leftovers = await keeper.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
     WHERE starts_with(datname, $2::text) AND substr(datname, length($2::text) + 1) LIKE '________-____-8___-%'
       AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
       AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = pg_database.oid)
       AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2
                       AND classid::bigint = $1 AND objid::bigint = hashtext(datname)::bigint & 4294967295)`,
    [lockClass, prefix],
  )
  for (const { name } of leftovers.rows) {
    // Another run may drop the same leftover in the same moment.
    await keeper.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`).catch(() => {})
  }
}

function mayNotCreate(error: unknown): boolean {
  return isDatabaseError(error) && error.code === '42501'
}

function shadowIsProd(url: string) {
  return refusal(
    `${databaseOf(url)} was not used as shadow database: it is marked as PROD.`,
    'Prisma replays all migrations in a shadow database, and that must never happen next to values nobody can type in again.',
    ['Remove SHADOW_DATABASE_URL, or let it name your DEV database.'],
  )
}
