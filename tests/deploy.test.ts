import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, rmSync } from 'node:fs'
import pg from 'pg'
import { closeTerminals, enter, openTerminal } from './support/terminal.ts'
import { scratchWorkshop, type Workshop } from './support/workshop.ts'

// PROD stands at step 10, with the five recruits of the C26; each test adds a migration of its own.

let workshop: Workshop
beforeAll(async () => {
  workshop = scratchWorkshop()
  workshop.layStep(10)
  expect(await workshop.run('start')).toMatchObject({ code: 0 })
  expect(await deploy()).toMatchObject({ code: 0 })
  expect(await workshop.run('seed', 'c26', '--env', 'prod')).toMatchObject({ code: 0 })
})
afterEach(() => {
  closeTerminals()
  workshop.layStep(10)
})
afterAll(() => workshop.remove())

const deploy = (...flags: string[]) => workshop.run('migrate', 'deploy', '--env', 'prod', ...flags)
const migration = (sql: string, name = '20270101000000_mine') =>
  workshop.write(`prisma/migrations/${name}/migration.sql`, sql)
const file = 'prisma/migrations/20270101000000_mine/migration.sql'

/** What stands in PROD: its tables, its rows, and what Prisma noted. */
const prod = () =>
  workshop.sql(
    'prod',
    `SELECT (SELECT jsonb_agg(to_jsonb(r) ORDER BY id) FROM recruits AS r) AS rows,
       (SELECT jsonb_agg(attname || ' ' || attnum || ' ' || atttypid ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'recruits'::regclass) AS columns,
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY id) FROM _prisma_migrations AS m) AS migrations`,
  )
const ledger = () => workshop.sql<{ event: string }>('prod', 'SELECT event FROM workshop.ledger ORDER BY entry')
/** What the stages begin with, in order. */
const stages = (output: string) =>
  [...output.matchAll(/^ {2}([✓!✗→]) (\w+)/gm)].map(([, mark, name]) => `${mark} ${name}`)
const leftOnDev = () => workshop.sql('dev', "SELECT datname FROM pg_database WHERE datname ~ '^(workshop_reh|prisma_)'")

async function refused(sql: string, ...flags: string[]): Promise<string> {
  migration(sql)
  const before = await prod()
  const { code, output } = await deploy(...flags)
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('✗ Nothing was changed on PROD.') })
  expect(await prod()).toEqual(before)
  return output
}

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
    const copies = (await workshop.run('db', 'snapshots')).output.split('\n')
    expect(copies.find((line) => line.startsWith('PROD'))).toMatch(/ kB, for a dry run$/)
    expect(copies.join('\n')).toMatch(/ kB, before a deploy$/m)
  })

  test('that is clean needs no answer, keeps every value, and leaves nothing on DEV’s server', async () => {
    migration(
      'ALTER TABLE recruits RENAME COLUMN chatname TO handle; ALTER TABLE recruits RENAME COLUMN handle TO chatname',
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
    await forget()
  })
})

/** As if the test's migration had never been deployed. */
async function forget(undo = 'SELECT 1'): Promise<void> {
  await workshop.sql('prod', undo)
  await workshop.asAdmin(
    "SET session_replication_role = 'replica'; DELETE FROM _prisma_migrations WHERE migration_name LIKE '2027%'",
  )
}

describe('what would fail is tried out on a copy, refused with file, line and the number of rows, and PROD is as it was:', () => {
  test.each([
    [
      'a new required column',
      '-- a comment\n\nALTER TABLE recruits ADD COLUMN mentor text NOT NULL;',
      3,
      'column "mentor" of relation "recruits" contains null values',
      '5 rows of recruits: no value for the required column mentor',
    ],
    [
      'a column that becomes required',
      "ALTER TABLE recruits ADD COLUMN mentor text;\nUPDATE recruits SET mentor = 'x' WHERE id = 1;\nALTER TABLE recruits ALTER COLUMN mentor SET NOT NULL;",
      3,
      'column "mentor" of relation "recruits" contains null values',
      '4 rows of recruits: no value for the required column mentor',
    ],
    [
      'a column that becomes unique',
      'CREATE UNIQUE INDEX "a" ON "recruits" ("cohort");',
      1,
      'could not create unique index "a"',
      '5 rows of recruits: they share a value of cohort, which becomes unique',
    ],
    [
      'a check',
      '/* two\nlines */ ALTER TABLE recruits ADD CONSTRAINT c CHECK (id > 2);',
      2,
      'check constraint "c" of relation "recruits" is violated by some row',
      '2 rows of recruits: they do not pass the check c',
    ],
    [
      'a check that is validated later',
      'ALTER TABLE recruits ADD CONSTRAINT c CHECK (id > 4) NOT VALID;\nALTER TABLE recruits VALIDATE CONSTRAINT c;',
      2,
      'check constraint "c" of relation "recruits" is violated by some row',
      '4 rows of recruits: they do not pass the check c',
    ],
    [
      'a foreign key',
      "CREATE TABLE cohorts (name text PRIMARY KEY);\nINSERT INTO cohorts VALUES ('C25 Data Eng');\nALTER TABLE recruits ADD CONSTRAINT f FOREIGN KEY (cohort) REFERENCES cohorts (name);",
      3,
      'insert or update on table "recruits" violates foreign key constraint "f"',
      '5 rows of recruits: they name no row of cohorts',
    ],
    ['what is not SQL', 'SELECT 1;\nALTER TABEL recruits ADD a text;', 2, 'syntax error at or near "TABEL"', ''],
    [
      'a type that does not take the values',
      'ALTER TABLE recruits ALTER surname TYPE int USING surname::int',
      1,
      'invalid input syntax',
      '',
    ],
    [
      'a drop of values that are kept nowhere',
      "ALTER TABLE recruits DROP COLUMN chatname, ADD COLUMN rocketchat_user text NOT NULL DEFAULT '';",
      1,
      'recruits.chatname was not dropped: 5 of its 5 values are kept nowhere else.',
      '',
    ],
    ['a DELETE', 'DELETE FROM recruits WHERE id > 100;', 1, 'DELETE on recruits is refused', ''],
    [
      'CONCURRENTLY beside another statement',
      'SELECT 1;\nCREATE INDEX CONCURRENTLY i ON recruits (cohort);',
      undefined,
      'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
      '',
    ],
  ])('%s', async (_, sql, line, error, rows) => {
    const output = await refused(sql)
    expect(output).toContain('✗ rehearsal   20270101000000_mine fails on a copy of PROD')
    expect(output).toContain(line === undefined ? file : `${file}, line ${line}\n`)
    expect(output).toContain(`ERROR: ${error}`)
    if (rows) expect(output).toContain(`This will fail on ${rows}.`)
    else expect(output).not.toContain('This will fail on')
    expect(await leftOnDev()).toEqual([])
  })

  test('and the ledger notes that it was not deployed', async () => {
    expect((await ledger()).at(-1)!.event).toMatch(/^not deployed: 20270101000000_mine would fail there/)
  })

  test('of several files, the one that fails is named', async () => {
    migration('ALTER TABLE recruits ADD COLUMN a text;', '20261231000000_fine')
    expect(await refused('ALTER TABLE recruits ADD COLUMN a text;')).toContain(
      'column "a" of relation "recruits" already exists',
    )
  })
})

describe('values that a migration overwrites', () => {
  const sql = 'ALTER TABLE recruits ADD x text;\nUPDATE recruits SET surname = upper(surname) WHERE id < 3;\n'

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
    const words = ['workshop/run.mjs', 'migrate', 'deploy', '--env', 'prod']
    const terminal = openTerminal([process.execPath, ...words], workshop.folder)
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
    expect(await workshop.run('db', ...restore!.split(' '))).toMatchObject({ code: 0 })
    expect(await prod()).toEqual(before)
    expect((await ledger()).slice(-2).map(({ event }) => event.split(' ')[0])).toEqual(['lost:', 'restore'])
  })
})

describe('the history', () => {
  test('of a migration that was edited is refused', async () => {
    const [first] = readdirSync(workshop.file('prisma/migrations')).toSorted()
    workshop.write(`prisma/migrations/${first}/migration.sql`, 'SELECT 1')
    const output = await refused('SELECT 1')
    expect(output).toContain('✗ history')
    expect(output).toContain(`git log --oneline -- prisma/migrations/${first}`)
  })

  test('of one that was edited, where git has the text that was applied: "git restore" comes first, and is enough', async () => {
    const [first] = readdirSync(workshop.file('prisma/migrations')).toSorted()
    for (const argv of [
      ['init', '--quiet'],
      ['add', '--force', 'prisma/migrations'],
    ])
      await workshop.exec(['git', ...argv])
    workshop.write(`prisma/migrations/${first}/migration.sql`, 'SELECT 1')
    const restore = `git restore prisma/migrations/${first}`
    expect(await refused('SELECT 1')).toContain(`next  ${restore}`)
    const drift = await workshop.run('drift', '--env', 'prod')
    expect(drift.output).toContain(restore)
    expect(await workshop.exec(restore.split(' '))).toMatchObject({ code: 0 })
    expect((await workshop.run('drift', '--env', 'prod')).output).not.toContain('was edited')
    // Where the edited text is git's too, git restore would change nothing.
    workshop.write(`prisma/migrations/${first}/migration.sql`, 'SELECT 1')
    await workshop.exec(['git', 'add', '--force', 'prisma/migrations'])
    expect(await refused('SELECT 1')).toContain(`git log --oneline -- prisma/migrations/${first}`)
    rmSync(workshop.file('.git'), { recursive: true })
  })

  test('of a migration that the folder lacks is refused', async () => {
    const last = readdirSync(workshop.file('prisma/migrations'))
      .filter((name) => /^\d/.test(name))
      .toSorted()
      .at(-1)
    rmSync(workshop.file(`prisma/migrations/${last}`), { recursive: true })
    expect(await refused('SELECT 1')).toContain('Another branch has reached PROD')
  })

  test('of one that failed is refused, until it is said what became of it', async () => {
    migration('SELECT 1/0', '20270101000000_failed')
    expect(await workshop.prisma('prod', 'migrate', 'deploy')).toMatchObject({ code: 1 })
    const { code, output } = await deploy()
    expect(code).toBe(1)
    expect(output).toContain('P3009')
    expect(output).toContain('npm run migrate -- resolve --rolled-back 20270101000000_failed --env prod')
    expect(await workshop.prisma('prod', 'migrate', 'resolve', '--rolled-back', '20270101000000_failed')).toMatchObject(
      { code: 0 },
    )
    await forget()
  })

  test('in another order than the names is asked about, and so is an empty file', async () => {
    migration('SELECT 1', '20200101000000_late')
    const output = await refused('-- nothing')
    expect(output).toContain('A migration is out of order. A migration is empty.')
    expect(output).toContain('Give prisma/migrations/20200101000000_late a name of today')
  })
})

describe('what else was found is asked about:', () => {
  test('drift on PROD', async () => {
    await workshop.sql('prod', 'ALTER TABLE recruits ADD COLUMN by_hand text')
    const output = await refused('SELECT 1')
    expect(output).toContain('! drift')
    expect(output).toContain('column recruits.by_hand is extra')
    expect(output).toContain('PROD has drifted. Nobody could be asked')
    await workshop.sql('prod', 'ALTER TABLE recruits DROP COLUMN by_hand')
  })

  test('a guard that somebody took away', async () => {
    await workshop.asAdmin('DROP EVENT TRIGGER workshop_guard_drop')
    expect(await refused('SELECT 1')).toContain('The guard of PROD is damaged')
    expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  })

  test('a DEV that is down, on which nothing can be tried out', async () => {
    expect(await workshop.run('db', 'down', '--env', 'dev')).toMatchObject({ code: 0 })
    const output = await refused('SELECT 1')
    expect(output).toContain('! rehearsal   the migrations could not be tried out on a copy')
    expect(output).toContain('npm run db up')
    expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  })

  test('a role that DEV’s server does not know', async () => {
    await workshop.asAdmin('CREATE ROLE only_here')
    expect(await refused('GRANT SELECT ON recruits TO only_here')).toContain('role "only_here" does not exist')
    expect(await deploy('--yes')).toMatchObject({ code: 0 })
    await forget('REVOKE ALL ON recruits FROM only_here')
  })
})

describe('others at work', () => {
  test('of two deploys at once one applies, and the other waits and finds nothing to do', async () => {
    migration('SELECT pg_sleep(1); ALTER TABLE recruits ADD COLUMN once text')
    const both = await Promise.all([deploy(), deploy()])
    expect(both).toMatchObject([{ code: 0 }, { code: 0 }])
    const applied = both.filter(({ output }) => output.includes('Applying migration'))
    const idle = both.filter(({ output }) => output.includes('No pending migrations to apply.'))
    expect([applied.length, idle.length]).toEqual([1, 1])
    expect(idle[0]!.output).toMatch(/! turn +waiting for a deploy, process \d+/)
    await forget('ALTER TABLE recruits DROP COLUMN once')
  })

  test('a session in the way is named, the file is rolled back whole, and tried again until it gets its lock', async () => {
    migration('ALTER TABLE recruits ADD COLUMN patient text')
    const session = new pg.Client({ connectionString: workshop.url('prod'), application_name: 'a long report' })
    await session.connect()
    const deploying = workshop.exec([process.execPath, 'workshop/run.mjs', 'migrate', 'deploy', '--env', 'prod'], {
      env: { WORKSHOP_LOCK_TIMEOUT: '500ms' },
    })
    // Reading does not stop the copy, and stops the change.
    await session.query('BEGIN; SELECT FROM recruits')
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'patient'"
    const patience = Date.now() + 60_000
    while ((await workshop.sql('prod', waiting)).length === 0 && Date.now() < patience);
    await new Promise((resolve) => setTimeout(resolve, 700))
    await session.query('COMMIT')
    await session.end()
    const { code, output } = await deploying
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toMatch(/It waits for a lock that is held by a long report \(process \d+/)
    expect(output).toContain('No lock within 500ms: rolled back whole, so nothing is changed. Try 2 of 6 …')
    await forget('ALTER TABLE recruits DROP COLUMN patient')
  })
})
