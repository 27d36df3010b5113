import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { compareEntries } from '../../../kit/keep/compare-entries.ts'
import { describeKept } from '../../../kit/keep/ledger-entry.ts'
import { writeLedger } from '../../../kit/keep/ledger.ts'
import { differencesTo, loadSnapshot } from '../../../kit/keep/snapshot-load.ts'
import { takeSnapshot } from '../../../kit/keep/snapshot-take.ts'
import { readGuard } from '../../../kit/guard/guard.ts'
import { otherServers, otherServersTest } from '../../support/conditions.ts'
import { copyNow, guardedDatabase } from '../../support/guarded.ts'
import { lostValues, readValues } from '../../support/guard-values.ts'
import type { ScratchServer } from '../../support/server.ts'
import { scratchServerIn, type OtherServer } from '../hazards/server-15.ts'
import { send } from './guard-bed.ts'
import { losesColumns } from './guard-corpus-columns.ts'
import { insideACommand } from './guard-corpus-inside.ts'
import { losesRows } from './guard-corpus-rows.ts'
import { losesTables } from './guard-corpus-tables.ts'
import { losesByType } from './guard-corpus-types.ts'
import { after, before } from './guard-corpus.ts'

// Guard, ledger and copies on servers that the workshop does not bring.

otherServersTest('there are other servers', async () => {
  expect(otherServers.map(({ version }) => version)).not.toEqual([])
})

const destructive = [losesRows, losesTables, losesColumns, losesByType, insideACommand].flat()

for (const { version, native } of otherServers)
  describe(`PostgreSQL ${version}`, () => {
    let server: OtherServer
    beforeAll(async () => {
      server = await scratchServerIn(native)
    })
    afterAll(() => server.stop())

    test(`each of ${destructive.length} destructive scripts is refused, or loses nothing`, async () => {
      const db = await guardedDatabase(server as ScratchServer)
      const failed: string[] = []
      try {
        await db.prod.query(before)
        await db.prod.query(after)
        await writeLedger(db.prod, { event: 'deploy' })
        for (const { name, setup, sql, ends } of destructive) {
          // Others than these begin and end transactions themselves, or need a deploy of their own.
          if (setup || ends || /\b(BEGIN|COMMIT|CALL)\b/.test(sql)) continue
          const rows = await readValues(db.admin)
          const { ends: ended, message } = await send(db.prod, sql, 'rolled back')
          const isOlder = /^(42601|0A000)$/.test(ended)
          const lost = lostValues(rows, await readValues(db.admin))
          if ((ended !== 'WK001' && !isOlder) || lost.length > 0) failed.push(`${name}: ${ended} ${message}`)
        }
        expect(failed).toEqual([])
        expect(await readGuard(db.admin)).toBe('whole')
      } finally {
        await db.end()
      }
    })

    test('the ledger counts, follows a rename and a label, and sees what is overwritten', async () => {
      const db = await guardedDatabase(server as ScratchServer)
      try {
        await db.prod.query(
          `CREATE TYPE mood AS ENUM ('calm', 'busy'); CREATE TABLE t (id int PRIMARY KEY, a text, m mood, j json);
         INSERT INTO t SELECT i, 'a' || i, 'calm', '{"a": 1}' FROM generate_series(1, 3) i`,
        )
        const [was, copy] = [
          await writeLedger(db.prod, { event: 'before a deploy' }),
          await copyNow(db.prod, ['public.t']),
        ]
        await db.prod.query(
          "ALTER TABLE t RENAME a TO b; ALTER TYPE mood RENAME VALUE 'calm' TO 'serene'; ALTER TABLE t ALTER j TYPE jsonb",
        )
        const is = await writeLedger(db.prod, { event: 'deploy' })
        expect(describeKept(await compareEntries(db.prod, was, is, copy))).toBe('PROD kept 3 of 3 t, 12 of 12 values')
        await db.prod.query("UPDATE t SET b = 'x' WHERE id = 2")
        const now = await writeLedger(db.prod, { event: 'deploy' })
        expect(describeKept(await compareEntries(db.prod, was, now, copy))).toBe('PROD kept 3 of 3 t, 11 of 12 values')
      } finally {
        await db.end()
      }
    })

    test('a copy of the corpus fills an empty database, value by value', async () => {
      const db = await guardedDatabase(server as ScratchServer)
      const into = mkdtempSync(join(tmpdir(), 'copied '))
      try {
        await db.prod.query(before)
        await db.prod.query(after)
        await db.prod.query(
          `CREATE FUNCTION whole() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM recruits; END; CREATE STATISTICS s ON age, score FROM recruits;
         CREATE POLICY mine ON cohorts USING (id > 0); ALTER TABLE cohorts ENABLE ROW LEVEL SECURITY; COMMENT ON COLUMN recruits.age IS 'years'`,
        )
        const snapshot = await takeSnapshot(db.prod, { say: () => {}, into })
        await db.admin.query('CREATE DATABASE filled OWNER prod')
        const filled = new pg.Client(server.url('filled', 'prod', 'prod'))
        await filled.connect()
        try {
          await loadSnapshot(filled, snapshot, () => {})
          expect(await differencesTo(filled, snapshot)).toEqual([])
        } finally {
          await filled.end()
        }
      } finally {
        await db.end()
        rmSync(into, { recursive: true, force: true })
      }
    })
  })
