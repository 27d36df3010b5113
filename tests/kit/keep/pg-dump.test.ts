import { expect } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { loadSnapshot } from '../../../kit/keep/snapshot-load.ts'
import { takeSnapshot } from '../../../kit/keep/snapshot-take.ts'
import { sqlOf } from '../../../kit/keep/snapshots.ts'
import { collect } from '../../../kit/project/processes.ts'
import { pgDumpTest } from '../../support/conditions.ts'
import { scratchServer15 } from '../hazards/server-15.ts'
import { databases } from './snapshot-corpus.ts'

// PostgreSQL's own pg_dump as the judge: of a database, and of one that was filled from our copy of it, it writes the same.

pgDumpTest('what is filled from a copy is, to pg_dump, what was copied', async () => {
  const server = await scratchServer15()
  const into = mkdtempSync(join(tmpdir(), 'dumped '))
  const open = async (name: string) => {
    const client = new pg.Client(server.url(name))
    await client.connect()
    return client
  }
  const root = await open('postgres')
  try {
    await root.query('CREATE ROLE prod')
    for (const [i, [title, script]] of Object.entries(databases).entries()) {
      const [was, is] = [`was_${i}`, `is_${i}`]
      for (const name of [was, is]) await root.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
      const [original, other] = [await open(was), await open(is)]
      await original.query(script)
      const snapshot = await takeSnapshot(original, { say: () => {}, into })
      await loadSnapshot(other, snapshot, () => {})
      await other.query(sqlOf(snapshot, 'rights'))
      await Promise.all([original.end(), other.end()])
      const [filled, copied] = await Promise.all([dump(server.url(is)), dump(server.url(was))])
      expect([title, filled]).toEqual([title, copied])
      expect(copied.length).toBeGreaterThan(50)
    }
  } finally {
    await root.end()
    await server.stop()
    rmSync(into, { recursive: true, force: true })
  }
})

/** Everything but the random word with which newer ones guard their own file, in the order of its lines: rows have none. */
async function dump(url: string): Promise<string[]> {
  const { code, output } = await collect(['pg_dump', '--dbname', url])
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
  return output.split('\n').filter((line) => !/^\\(un)?restrict /.test(line))
}
