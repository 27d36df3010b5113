import { expect, test } from '@jest/globals'
import pg from 'pg'
import { scratchServer } from '../../support/server.ts'

test('a server starts, asks for a password, and listens on loopback alone', async () => {
  const server = await scratchServer()
  try {
    const client = new pg.Client(server.adminUrl)
    await client.connect()
    const { rows } = await client.query<{ listen: string; method: string }>(
      `SELECT current_setting('listen_addresses') AS listen, (SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules) AS method`,
    )
    await client.end()
    expect(rows).toEqual([{ listen: '127.0.0.1', method: 'scram-sha-256' }])
    await expect(new pg.Client(server.url('postgres', 'postgres', 'wrong')).connect()).rejects.toThrow('password')
  } finally {
    await server.stop()
  }
})
