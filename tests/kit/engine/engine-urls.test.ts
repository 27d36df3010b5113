import { describe, expect, test } from '@jest/globals'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { createDatabase } from '../../../kit/engine/create-database.ts'
import { openPool } from '../../../kit/engine/pool.ts'
import { filters, freshDatabase, query, withEngine } from '../../support/toy-project.ts'
import { engineBed, verb } from './engine-bed.ts'

const bed = engineBed()

describe('A URL without a database', () => {
  test.each(['', '/', '/?schema=public', '?connect_timeout=3'])(
    'and with "%s" in its place means postgres',
    async (end) => {
      const url = bed.server.url('').replace(/\/$/, end)
      const pool = await openPool(url)
      expect((await pool.query('SELECT current_database() AS name')).rows).toEqual([{ name: 'postgres' }])
      await pool.end()
      await expect(createDatabase(url)).rejects.toMatchObject({
        code: 'P1009',
        message: 'Database `postgres` already exists on the database server',
      })
      expect(await verb(url, 'can-connect-to-database')).toEqual({ code: 0, stderr: '' })
    },
  )
})

test.each(['one"two', `it's`, 'back\\slash', 'a,b', ' x ', '"'])(
  'the schema %s of a URL is the one that tables go to and are looked up in',
  async (schema) => {
    const url = await freshDatabase(bed.server, 'dev', 'dev')
    const named = `${url}?schema=${encodeURIComponent(schema)}`
    bed.toy.migration('20250102000000_row', "INSERT INTO recruits (name) VALUES ('Ann')")
    expect(await applyMigrations(named, bed.migrations())).toHaveLength(2)
    expect(await applyMigrations(named, bed.migrations())).toEqual([])
    const tables = `SELECT schemaname AS schema FROM pg_tables WHERE tablename = 'recruits'`
    expect(await query(url, tables)).toEqual([{ schema }])
    await withEngine(named, (engine) => engine.reset({ filter: filters }))
    expect(await query(url, tables)).toEqual([])
  },
)

test('a "%" in a password that begins no escape stands for itself', async () => {
  const url = await freshDatabase(bed.server)
  await query(bed.server.adminUrl, "CREATE ROLE odd LOGIN PASSWORD '100%, %zz'")
  const pool = await openPool(url.replace('dev:dev', 'odd:100%,%20%zz'))
  expect((await pool.query('SELECT current_user AS name')).rows).toEqual([{ name: 'odd' }])
  await pool.end()
})

test.each([
  ['nonsense with secret', 'The scheme is not recognized'],
  ['mysql://dev:secret@127.0.0.1/dev', 'The scheme is not recognized'],
  ['file:dev.db', 'The scheme is not recognized'],
  ['postgresql://dev::::////::secret@127.0.0.1/dev', 'invalid port number'],
  ['postgresql://dev:secret@127.0.0.1:99999/dev', 'invalid port number'],
  ['postgresql://dev:secret@/dev', 'empty host'],
  ['postgresql://dev:secret@a b/dev', 'invalid domain character'],
])('P1013 of %s says: %s, and quotes nothing of it', async (url, why) => {
  const refused = await openEngine({ url }).catch((error: Error) => error)
  expect(refused).toMatchObject({
    code: 'P1013',
    message:
      `The provided database string is invalid. ${why} in database URL. Please refer to the documentation in ` +
      'https://pris.ly/d/config-url for constructing a correct connection string. In some cases, certain characters ' +
      'must be escaped. Please check the string for any illegal characters.',
  })
})
