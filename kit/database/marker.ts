import pg from 'pg'
import { cloneId, type Marker } from './clone.ts'
import type { Env } from './target.ts'

/** What a database says of itself; undefined where there is no marker. */
export async function readMarker(client: pg.Pool | pg.ClientBase): Promise<Marker | undefined> {
  try {
    const { rows } = await client.query<{ there: boolean }>(
      "SELECT to_regclass('workshop.marker') IS NOT NULL AS there",
    )
    if (!rows[0]!.there) return undefined
    const marker = await client.query<Marker>('SELECT environment, clone FROM workshop.marker')
    return marker.rows[0]
  } catch (error) {
    // Whoever may not read the marker might stand on prod: treat it as prod, and as nobody's here.
    if ((error as pg.DatabaseError).code === '42501') return { environment: 'prod', clone: '' }
    throw error
  }
}

/** Marks the database that `client` is connected to. `reader` is the role that may read the marker, and only that. */
export async function writeMarker(client: pg.ClientBase, env: Env, reader: string): Promise<void> {
  const role = pg.escapeIdentifier(reader)
  await client.query('BEGIN')
  await client.query('CREATE SCHEMA IF NOT EXISTS workshop')
  await client.query(
    `CREATE TABLE IF NOT EXISTS workshop.marker (
       environment text NOT NULL CHECK (environment IN ('dev', 'prod')),
       clone text NOT NULL,
       made_at timestamptz NOT NULL DEFAULT now(),
       one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row)
     )`,
  )
  await client.query(`INSERT INTO workshop.marker (environment, clone) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    env,
    cloneId(),
  ])
  await client.query(`GRANT USAGE ON SCHEMA workshop TO ${role}`)
  await client.query(`GRANT SELECT ON workshop.marker TO ${role}`)
  await client.query('COMMIT')
}
