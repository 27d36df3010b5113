import { expect, test } from '@jest/globals'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { scratchServer } from '../../support/server.ts'

test('a server starts, asks for a password, listens on loopback alone, and lets nobody else read its data and its log', async () => {
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
    if (process.platform !== 'win32') {
      const rights = (...path: string[]) => statSync(join(server.folder, ...path)).mode & 0o777
      expect([rights('scratch.log'), rights('scratch'), rights() & 0o066]).toEqual([0o600, 0o700, 0])
    }
  } finally {
    await server.stop()
  }
})
