import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals'
import { rmSync } from 'node:fs'
import pg from 'pg'
import { signalTest } from '../../support/conditions.ts'
import { must } from '../../support/measure.ts'
import { bringProdBack, keepProd, seededWorkshop } from '../../support/seeded-workshop.ts'
import { until } from '../../support/until.ts'
import { madeWorkshop, scratchWorkshop, type Workshop } from '../../support/workshop.ts'

const run = (...args: string[]) => [process.execPath, 'workshop/run.mjs', ...args]

describe('Ctrl-C in npm start leaves nothing in the way of the next one,', () => {
  /** As before the first start; made, with its databases dropped; made, with no client kept. */
  const bare = async () => scratchWorkshop({ isBuilt: true })
  const withoutDatabases = async () => {
    const workshop = await madeWorkshop()
    await must(workshop.run('db', 'up'))
    for (const env of ['dev', 'prod'] as const) await workshop.asAdmin(`DROP DATABASE ${env}`, 'postgres', env)
    return workshop
  }
  const withoutClient = async () => {
    const workshop = await madeWorkshop()
    rmSync(workshop.file('.workshop/clients'), { recursive: true })
    return workshop
  }

  for (const [sign, made] of [
    [/Bringing up/, bare],
    [/making a PostgreSQL/, bare],
    [/making the database/, withoutDatabases],
    [/Generating/, withoutClient],
  ] as const) {
    signalTest(`after "${sign.source}"`, async () => {
      const workshop = await made()
      try {
        await workshop.interrupt(run('start'), sign)
        const { code, output } = await workshop.run('start')
        expect({ code, output }).toMatchObject({ code: 0 })
      } finally {
        await workshop.remove()
      }
    })
  }
})

describe('Ctrl-C', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await seededWorkshop(Number.POSITIVE_INFINITY)
    await keepProd(workshop)
  })
  beforeEach(async () => {
    workshop.layStep(Number.POSITIVE_INFINITY)
    await bringProdBack(workshop)
  })
  afterAll(() => workshop.remove())

  signalTest('in db reset: the next reset finishes', async () => {
    const { output } = await workshop.interrupt(run('db', 'reset'), /dropping the database/)
    expect(output).toContain('To finish it:  npm run db reset')
    expect(await workshop.run('db', 'reset')).toMatchObject({ code: 0 })
    expect((await workshop.run('migrate', 'status')).output).toContain('up to date')
  })

  signalTest('in a deploy to PROD leaves PROD as it was, and Prisma’s own way forward works', async () => {
    const name = '20270101000000_slow'
    const addsColumn = 'ALTER TABLE recruits ADD COLUMN half TEXT;\n'
    const deploy = ['migrate', 'deploy', '--env', 'prod']
    const rows = await workshop.sql('prod', 'SELECT * FROM recruits ORDER BY id')
    workshop.write(`prisma/migrations/${name}/migration.sql`, `BEGIN;\nCREATE TABLE first ();\n${addsColumn}COMMIT;\n`)
    // Whoever reads recruits holds the migration up in its middle.
    const reader = new pg.Client(workshop.url('prod'))
    await reader.connect()
    try {
      await reader.query('BEGIN; SELECT FROM recruits')
      const middle = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ '^ALTER TABLE recruits'"
      const isInTheMiddle = async () => (await workshop.sql('prod', middle)).length > 0
      expect((await workshop.interrupt(run(...deploy), isInTheMiddle)).code).not.toBe(0)
      await until('the migration has ended', async () => !(await isInTheMiddle()))
    } finally {
      await reader.end()
    }

    expect(await workshop.sql('prod', 'SELECT * FROM recruits ORDER BY id')).toEqual(rows)
    expect(await workshop.sql('prod', "SELECT to_regclass('first') AS first")).toEqual([{ first: null }])
    expect((await workshop.door(...deploy)).output).toContain('P3009')
    expect(await workshop.run('migrate', 'resolve', '--rolled-back', name, '--env', 'prod')).toMatchObject({ code: 0 })
    workshop.write(`prisma/migrations/${name}/migration.sql`, addsColumn)
    expect(await workshop.run(...deploy)).toMatchObject({ code: 0 })
  })

  signalTest('in migrate diff leaves no shadow database', async () => {
    const shadows = () => workshop.sql('dev', "SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate%'")
    workshop.write('prisma/migrations/20270101000000_slow/migration.sql', 'SELECT pg_sleep(600);\n')
    const diff = run('migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-config-datasource')
    const { code } = await workshop.interrupt(diff, async () => (await shadows()).length === 1)
    expect(code).not.toBe(0)
    // The engine may end a moment after the command line that started it.
    await until('there is no shadow database any more', async () => (await shadows()).length === 0)
    workshop.layStep(Number.POSITIVE_INFINITY)
    expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
  })

  signalTest('in a long seed keeps whole batches, and the same command adds the rest', async () => {
    const seed = ['seed', 'c27', '--count', '40000', '--env', 'prod']
    const { code } = await workshop.interrupt(run(...seed), /\d+ (rows|recruits)\/s|%/)
    expect(code).toBe(130)
    const count = async () => {
      const sql = "SELECT count(*)::int AS n FROM recruits WHERE cohort LIKE 'C27%'"
      return (await workshop.sql<{ n: number }>('prod', sql))[0]!.n
    }
    const before = await count()
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(40_000)
    expect(before % 5000).toBe(0)
    expect(await workshop.run(...seed)).toMatchObject({ code: 0 })
    expect(await count()).toBe(40_000)
  })
})
