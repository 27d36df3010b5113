import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let server: ScratchServer
let second: Workshop
beforeAll(async () => {
  server = await scratchServer()
  second = await madeWorkshop()
}, 300_000)
afterAll(async () => {
  await second?.remove()
  await server?.stop()
})

test('a PROD on a server that is not ours is copied without a superuser, has its deploys checked around, and is restored into an empty database', async () => {
  const admin = new pg.Client(server.adminUrl)
  try {
    await admin.connect()
    await admin.query("CREATE ROLE managed LOGIN PASSWORD 'managed'")
    for (const name of ['first', 'second']) {
      await admin.query(`CREATE DATABASE ${name} OWNER managed`)
    }
    const at = (name: string) =>
      second.write('.env.prod.local', `DATABASE_URL=${server.url(name, 'managed', 'managed')}\n`)
    at('first')
    second.layStep(13)
    expect(await second.run('db', 'up')).toMatchObject({ code: 0 })
    const first = await second.run('migrate', 'deploy', '--env', 'prod')
    expect(first).toMatchObject({ code: 0 })
    expect(first.output).toContain(
      '! guard       not in the database: this server gives no right to make event triggers.',
    )
    expect(await second.run('seed', 'c27', '--env', 'prod')).toMatchObject({ code: 0 })

    // No guard is in the way there: the one on the copy is.
    second.write('prisma/migrations/20270101000000_drop/migration.sql', 'ALTER TABLE recruits DROP COLUMN id_number;')
    const refused = await second.door('migrate', 'deploy', '--env', 'prod')
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.output).toContain('recruits.id_number was not dropped: 5 of its 5 values are kept nowhere else.')
    expect(refused.output).toContain('✗ Nothing was changed on PROD.')

    // Past the rehearsal, and past the workshop: the next deploy's ledger is from after that. A lost value is told.
    second.layStep(17)
    const dropped = await second.run('migrate', 'deploy', '--env', 'prod')
    expect(dropped).toMatchObject({ code: 0 })
    expect(dropped.output).toContain('PROD kept 5 of 5 recruits, 40 of 40 values')
    const [name] = /prod_\d{8}_\d{6}_\d{3}/.exec((await second.door('db', 'snapshots')).output)!
    const other = await second.door('db', 'restore', name)
    expect(other).toMatchObject({ code: 1 })
    expect(other.output).toContain('Nothing was restored: PROD is not empty.')

    at('second')
    const restored = await second.door('db', 'restore', name)
    expect(restored).toMatchObject({ code: 0 })
    expect(await second.sql('prod', 'SELECT count(*)::int AS n, count(id_number)::int AS ids FROM recruits')).toEqual([
      { n: 5, ids: 5 },
    ])
    expect((await second.door('db', 'ledger')).output).toContain(`restore of ${name}`)
  } finally {
    await admin.end()
  }
})
