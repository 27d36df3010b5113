import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import {
  beginAnew,
  deploy,
  deployInHere,
  deployArgv,
  file,
  ledger,
  leftOnDev,
  migration,
  prod,
  refused,
  removeDeployBed,
  stages,
  startDeployBed,
  workshop,
} from './deploy-bed.ts'
import { enter, openTerminal } from '../../support/terminal.ts'
import { until } from '../../support/until.ts'

beforeAll(startDeployBed)
beforeEach(beginAnew)
afterAll(removeDeployBed)

describe('a deploy to PROD', () => {
  test('that has nothing to do says so, and looks for drift all the same', async () => {
    const { code, output } = await deploy()
    expect(code).toBe(0)
    expect(stages(output)).toEqual(['✓ guard', '✓ drift', '✓ history'])
    expect(output).toContain('No pending migrations to apply.')
  })

  test('with --dry-run does everything but the deploy, and writes nothing to PROD', async () => {
    migration('ALTER TABLE recruits ADD COLUMN nickname text')
    const before = [await prod(), await ledger()]
    const { code, output } = await deploy('--dry-run')
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(stages(output)).toEqual(['✓ guard', '✓ drift', '✓ history', '✓ snapshot', '✓ rehearsal', '✓ hazards'])
    expect(output).toContain(
      '1 migration tried out on a copy, on DEV’s server: it kept 5 of 5 recruits, 40 of 40 values',
    )
    expect(output).toContain('next  npm run migrate -- deploy --env prod')
    expect([await prod(), await ledger()]).toEqual(before)
    const copies = (await workshop.door('db', 'snapshots')).output.split('\n')
    expect(copies.find((line) => line.startsWith('PROD'))).toMatch(/ kB, for a dry run$/)
    expect(copies.join('\n')).toMatch(/ kB, before a deploy$/m)
  })

  test('that is clean needs no answer, keeps every value, and leaves nothing on DEV’s server', async () => {
    migration(
      'BEGIN; ALTER TABLE recruits RENAME COLUMN chatname TO handle; ALTER TABLE recruits RENAME COLUMN handle TO chatname; COMMIT;',
    )
    const { code, output } = await deploy()
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(stages(output).join(', ')).toBe(
      '✓ guard, ✓ drift, ✓ history, ✓ snapshot, ✓ rehearsal, ! hazards, → deploy, ✓ ledger, ✓ drift',
    )
    expect(output).toContain('H9 renames recruits.chatname to handle · 20270101000000_mine:1 · ACCESS EXCLUSIVE')
    expect(output).toContain('Applying migration `20270101000000_mine`')
    expect(output).toContain('PROD kept 5 of 5 recruits, 40 of 40 values')
    expect(await leftOnDev()).toEqual([])
    expect((await ledger()).slice(-2)).toEqual([{ event: 'before a deploy' }, { event: 'deploy' }])
  })
})

describe('values that a migration overwrites', () => {
  const sql =
    'BEGIN; ALTER TABLE recruits ADD x text;\nUPDATE recruits SET surname = upper(surname) WHERE id < 3; COMMIT;\n'

  test('are found by the rehearsal, one by one, with file and line, and nobody goes on without a yes', async () => {
    const output = await refused(sql)
    expect(output).toContain(
      '! rehearsal   1 migration tried out on a copy, on DEV’s server: it kept 5 of 5 recruits, 38 of 40 values',
    )
    expect(output).toMatch(/recruits\.surname: 2 values are gone\n +row 1: was "(\w+)", is "[A-Z]+"/)
    expect(output).toContain(`recruits.surname: by ${file}, line 2`)
    expect(output).toContain('npm run migrate -- deploy --env prod --yes')
  })

  test('are asked about at a terminal, and a no changes nothing', async () => {
    migration(sql)
    const before = await prod()
    const terminal = openTerminal(deployArgv, workshop.folder)
    await terminal.see('The migrations overwrite values of PROD. Deploy to PROD all the same? [y/N]')
    terminal.type(`n${enter}`)
    await terminal.see('You said no.')
    expect(await terminal.left).toBe(1)
    expect(await prod()).toEqual(before)
  })

  test('with a yes they go, the ledger names them, the exit code is 1, and the copy brings them back', async () => {
    migration(sql)
    const before = await prod()
    const { code, output } = await deploy('--yes')
    expect(code).toBe(1)
    expect(output).toContain('✗ ledger      PROD kept 5 of 5 recruits, 38 of 40 values')
    expect((await ledger()).at(-1)).toEqual({ event: 'lost: recruits.surname 2' })
    const [, restore] = /npm run db (restore \S+)/.exec(output)!
    expect(await workshop.door('db', ...restore!.split(' '))).toMatchObject({ code: 0 })
    expect(await prod()).toEqual(before)
    expect((await ledger()).slice(-2).map(({ event }) => event.split(' ')[0])).toEqual(['lost:', 'restore'])
  })
})

test('what a migration does on PROD alone is told as a hazard before, and found by the ledger after', async () => {
  migration(
    "DO $$ BEGIN IF current_database() = 'prod' THEN UPDATE recruits SET surname = 'gone' WHERE id < 3; END IF; END $$;",
  )
  const { code, output } = await deploy()
  expect(code).toBe(1)
  expect(output).toContain(
    '✓ rehearsal   1 migration tried out on a copy, on DEV’s server: it kept 5 of 5 recruits, 40 of 40 values',
  )
  expect(output).toContain('H24 depends on where and when it runs: current_database')
  expect(output).toContain('✗ ledger      PROD kept 5 of 5 recruits, 38 of 40 values')
})

test('how long a table would be locked is measured on the copy, and told where anybody would feel it', async () => {
  migration(`BEGIN; ALTER TABLE recruits ADD COLUMN x text; SELECT pg_sleep(0.4); COMMIT;`)
  migration('CREATE TABLE badges (id int); SELECT pg_sleep(0.3);', '20270101000001_short')
  const { output } = await deployInHere('--dry-run')
  const told = output.split('\n').filter((line) => line.includes('was locked for'))
  expect(told).toEqual([
    expect.stringMatching(
      /^ +recruits was locked for 0\.[3-9] s by 20270101000000_mine: ACCESS EXCLUSIVE, nobody reads or writes the table meanwhile$/,
    ),
  ])
})

describe('others at work', () => {
  /** Somebody who reads recruits: it does not stop the copy, and stops the change. */
  async function reader(): Promise<pg.Client> {
    const session = new pg.Client({ connectionString: workshop.url('prod'), application_name: 'a long report' })
    session.on('error', () => {})
    await session.connect()
    await session.query('BEGIN; SELECT FROM recruits')
    return session
  }

  test('of two deploys at once one applies, and the other waits and finds nothing to do', async () => {
    migration('ALTER TABLE recruits ADD COLUMN once text')
    // The first cannot end before the second is there.
    const session = await reader()
    const deploying = Promise.all([deploy(), deploy()])
    const count = `SELECT count(*) FILTER (WHERE application_name ~ '^a deploy')::int AS deploys,
        count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS waiting
      FROM pg_stat_activity WHERE datname = 'prod'`
    await until('one deploy waits for the reader, and the other is there', async () => {
      const [there] = await workshop.sql<{ deploys: number; waiting: number }>('prod', count)
      return there!.deploys === 2 && there!.waiting === 1
    }).finally(() => session.end())
    const both = await deploying
    expect(both).toMatchObject([{ code: 0 }, { code: 0 }])
    const applied = both.filter(({ output }) => output.includes('Applying migration'))
    const idle = both.filter(({ output }) => output.includes('No pending migrations to apply.'))
    expect([applied.length, idle.length]).toEqual([1, 1])
    expect(idle[0]!.output).toMatch(/! turn +waiting for a deploy, process \d+/)
  })

  test('a session in the way is named, the file is rolled back whole, and tried again until it gets its lock', async () => {
    migration('ALTER TABLE recruits ADD COLUMN patient text')
    const session = await reader()
    try {
      const terminal = openTerminal(deployArgv, workshop.folder, { WORKSHOP_LOCK_TIMEOUT: '500ms' })
      await terminal.see('It waits for a lock that is held by a long report (process ')
      await terminal.see('No lock within 500ms: rolled back whole, so nothing is changed. Try 2 of 6 …')
      await session.query('COMMIT')
      await terminal.see('PROD kept 5 of 5 recruits, 40 of 40 values')
      expect(await terminal.left).toBe(0)
    } finally {
      await session.end()
    }
  })
})
