import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Hazard } from '../../../kit/hazards/hazard.ts'
import { hazardsOf } from '../../../kit/hazards/hazards.ts'
import { nothingSeen, remember } from '../../../kit/hazards/memory.ts'
import { actionsOf } from '../../../kit/sql/actions.ts'
import { lockOf } from '../../../kit/hazards/locks.ts'
import { loadParser, parseScript } from '../../../kit/sql/tree.ts'
import { lockBase, lockCorpus, lockRows, type LockCase } from './lock-corpus.ts'
import { scratchServer15 } from './server-15.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

beforeAll(loadParser)

/** What the review says of the one action of a statement. */
function reported({ before = [], sql }: LockCase): { lock: string | undefined; rewrite: boolean } {
  const seen = nothingSeen({})
  for (const script of [lockBase, ...before])
    for (const action of parseScript(script).flatMap(actionsOf)) remember(action, seen, false)
  const [action] = parseScript(sql).flatMap(actionsOf)
  return lockOf(action!, seen)
}

function hazardsIn({ before = [], sql }: LockCase): Hazard[] {
  const landed = [lockBase, ...before].map((text, i) => ({ name: `${i}`, sql: text }))
  return hazardsOf([{ name: 'x', sql }], { landed })
}

/** What the server says: the strongest lock on the table, and whether its file on disk is another one. */
async function observed(client: pg.Client, { before = [], sql }: LockCase) {
  for (const script of before) await client.query(script)
  const oid = (await client.query("SELECT 'big'::regclass::oid AS oid")).rows[0].oid
  const file = async () =>
    (await client.query('SELECT relfilenode FROM pg_class WHERE oid = $1', [oid])).rows[0].relfilenode
  await client.query('BEGIN')
  try {
    const old = await file()
    await client.query(sql)
    const { rows } = await client.query<{ mode: string }>(
      `SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = $1
       ORDER BY array_position(ARRAY['AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock', 'RowExclusiveLock'], mode) LIMIT 1`,
      [oid],
    )
    const rewrite = (await file()) !== old
    return {
      lock: rows[0]!.mode
        .replace(/Lock$/, '')
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
        .toUpperCase(),
      rewrite,
    }
  } finally {
    await client.query('ROLLBACK')
  }
}

test('hazards with a lock are compared too: the corpus has many', () => {
  expect(lockCorpus.filter((one) => hazardsIn(one).some(({ lock }) => lock !== undefined)).length).toBeGreaterThan(15)
})

const versions = [
  ['18', scratchServer],
  ['15', scratchServer15],
] as const

describe.each(versions)('on PostgreSQL %s', (version, start) => {
  let server: Pick<ScratchServer, 'adminUrl' | 'url' | 'stop'>
  let admin: pg.Client
  beforeAll(async () => {
    server = await start()
    admin = new pg.Client(server.adminUrl)
    await admin.connect()
    await admin.query('CREATE DATABASE base')
    const base = new pg.Client(server.url('base'))
    await base.connect()
    await base.query(lockBase + lockRows)
    await base.end()
  })
  afterAll(async () => {
    await admin?.end()
    await server?.stop()
  })

  test('the server is the one that it should be', async () => {
    const { rows } = await admin.query('SHOW server_version')
    expect(rows[0].server_version).toMatch(new RegExp(`^${version}\\.`))
  })

  const cases = lockCorpus.filter(({ since = 15 }) => since <= Number(version))
  test.each(cases)('$title: the lock and the rewrite are what the server says', async (one) => {
    await admin.query('CREATE DATABASE one TEMPLATE base')
    const client = new pg.Client(server.url('one'))
    await client.connect()
    try {
      const { lock, rewrite } = await observed(client, one)
      expect(reported(one)).toEqual({ lock, rewrite })
      for (const hazard of hazardsIn(one))
        expect([hazard.id, hazard.lock, hazard.rewrite]).toEqual([hazard.id, lock, rewrite])
    } finally {
      await client.end()
      await admin.query('DROP DATABASE one')
    }
  })
})
