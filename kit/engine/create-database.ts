import pg from 'pg'
import { databaseOf, onDatabase } from './connection-url.ts'
import { isDatabaseError } from './database-error.ts'
import { EngineError } from './engine-error.ts'
import { databaseNotCreated } from './native-errors.ts'
import { connectOnce } from './pool.ts'

/** Creates the database that the URL names, over one that every server has. Returns its name. */
export async function createDatabase(url: string): Promise<string> {
  const database = databaseOf(url)
  const client = await connectBeside(url)
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
    return database
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '42P04') throw databaseNotCreated(error)
    const text = `Database \`${database}\` already exists on the database server`
    throw new EngineError(text, 'P1009', { database_name: database }, error)
  } finally {
    await client.end()
  }
}

async function connectBeside(url: string): Promise<pg.Client> {
  let last: unknown
  for (const database of ['postgres', 'template1', 'defaultdb']) {
    try {
      return await connectOnce(onDatabase(url, database))
    } catch (error) {
      last = error
      if (!['P1003', 'P1010'].includes((last as EngineError).code ?? '')) break
    }
  }
  throw last
}
