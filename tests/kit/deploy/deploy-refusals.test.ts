import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import {
  beginAnew,
  deploy,
  deployInHere,
  file,
  ledger,
  leftOnDev,
  migration,
  refused,
  removeDeployBed,
  startDeployBed,
  workshop,
} from './deploy-bed.ts'
import { failing } from './failing-scripts.ts'
import { must } from '../../support/measure.ts'

beforeAll(startDeployBed)
beforeEach(beginAnew)
afterAll(removeDeployBed)

test('what would make PROD impossible to copy is refused before it lands', async () => {
  const output = await refused(
    'ALTER TABLE recruits ENABLE ROW LEVEL SECURITY; ALTER TABLE recruits FORCE ROW LEVEL SECURITY;',
  )
  expect(output).toContain('✗ rehearsal   after these migrations PROD could not be copied any more')
  expect(output).toContain('row-level security policy for table "recruits"')
})

describe('a column that a migration asks to fill in batches is required when that is done:', () => {
  const add = '-- backfill recruits.mentor = lower(first_name)\nALTER TABLE recruits ADD COLUMN mentor text;'
  const fill = 'npm run backfill recruits.mentor "lower(first_name)" -- --env prod'
  const check = 'ALTER TABLE recruits ADD CONSTRAINT mentor_is_there CHECK (mentor IS NOT NULL) NOT VALID;'
  test.each([
    ['NOT NULL', 'ALTER TABLE recruits ALTER COLUMN mentor SET NOT NULL;'],
    ['a CHECK', `${check}\nALTER TABLE recruits VALIDATE CONSTRAINT mentor_is_there;`],
  ])('%s', async (_, sql) => {
    migration(add)
    await workshop.sql('prod', add)
    await workshop.sql(
      'prod',
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('x', '${createHash('sha256').update(add).digest('hex')}', '20270101000000_mine', now(), 1)`,
    )
    migration(sql, '20270101000001_require')
    const { code, output } = await deployInHere()
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('This will fail on 5 rows of') })
    expect(output).toContain(`next  ${fill}    (fills recruits.mentor while everybody works)\n        npm run migrate`)
    expect(await workshop.door('backfill', '--env', 'prod')).toMatchObject({ code: 0 })
    expect((await deployInHere('--dry-run')).output).toContain('✓ rehearsal')
  })

  test('where the column is not on PROD yet, that comes first', async () => {
    migration(add)
    migration('ALTER TABLE recruits ALTER COLUMN mentor SET NOT NULL;', '20270101000001_require')
    const { output } = await deployInHere()
    expect(output).toContain('next  Put prisma/migrations/20270101000001_require and those after it aside:')
    expect(output).toContain(fill)
  })
})

describe('what would fail is tried out on a copy, refused with file, line and the number of rows, and PROD is as it was:', () => {
  test.each(failing)('%s', async (_, sql, line, error, rows) => {
    const output = await refused(sql)
    expect(output).toContain('✗ rehearsal   20270101000000_mine fails on a copy of PROD')
    expect(output).toContain(`${file}, line ${line}\n`)
    expect(output).toContain(`ERROR: ${error}`)
    if (rows) expect(output).toContain(`This will fail on ${rows}.`)
    else expect(output).not.toContain('This will fail on')
    expect(await leftOnDev()).toEqual([])
  })

  test('and the ledger notes that it was not deployed', async () => {
    await refused('SELECT 1/0;')
    expect((await ledger()).at(-1)!.event).toMatch(/^not deployed: 20270101000000_mine would fail there/)
  })

  test('of several files, the one that fails is named', async () => {
    migration('ALTER TABLE recruits ADD COLUMN a text;', '20261231000000_fine')
    expect(await refused('ALTER TABLE recruits ADD COLUMN a text;')).toContain(
      'column "a" of relation "recruits" already exists',
    )
  })
})

describe('a file that could be left half applied is refused', () => {
  const half = 'ALTER TABLE recruits ADD COLUMN a text;\nALTER TABLE recruits ADD COLUMN b text;'

  test('although it runs, with what would stay; and a reason in the file takes the risk', async () => {
    const output = await refused(half)
    expect(output).toContain('✓ rehearsal')
    expect(output).toContain('✗ hazards')
    expect(output).toContain('would leave: line 1, ALTER TABLE recruits ADD COLUMN a text')
    expect(output).toContain('BEGIN; before the first statement and COMMIT; after the last one')
    migration(`-- review-allow H23: one column does no harm without the other\n${half}`)
    expect(await deployInHere('--dry-run')).toMatchObject({ code: 0 })
    migration(`BEGIN;\n${half}\nCOMMIT;`)
    expect(await deployInHere('--dry-run')).toMatchObject({ code: 0 })
  })

  test('and one that fails half-way on the copy says what would stay on PROD', async () => {
    const output = await refused(`${half}\nSELECT 1 / 0;`)
    expect(output).toContain(
      'Half of it would stay on PROD: line 1, ALTER TABLE recruits ADD COLUMN a text · line 2, ALTER TABLE recruits ADD COLUMN b text.',
    )
  })
})

describe('the history', () => {
  /** How the applied text comes back where git's index has another one: from git, or from beside the copy of a deploy. */
  const back = (name: string) =>
    new RegExp(
      `next  (git log --oneline -- prisma/migrations/${name}|Copy \\.workshop/snapshots/prod_\\w+/migrations/${name}/migration\\.sql)`,
    )

  test('of a migration that was edited is refused', async () => {
    const [first] = readdirSync(workshop.file('prisma/migrations')).toSorted()
    workshop.write(`prisma/migrations/${first}/migration.sql`, 'SELECT 1')
    const output = await refused('SELECT 1')
    expect(output).toContain('✗ history')
    expect(output).toMatch(back(first!))
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
    const drift = await workshop.door('drift', '--env', 'prod')
    expect(drift.output).toContain(restore)
    expect(await workshop.exec(restore.split(' '))).toMatchObject({ code: 0 })
    expect((await workshop.door('drift', '--env', 'prod')).output).not.toContain('was edited')
    // Where the edited text is git's too, git restore would change nothing.
    workshop.write(`prisma/migrations/${first}/migration.sql`, 'SELECT 1')
    await workshop.exec(['git', 'add', '--force', 'prisma/migrations'])
    expect(await refused('SELECT 1')).toMatch(back(first!))
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
    const { code, output } = await deployInHere()
    expect(code).toBe(1)
    expect(output).toContain('P3009')
    expect(output).toContain('npm run migrate -- resolve --rolled-back 20270101000000_failed --env prod')
    const resolve = ['resolve', '--rolled-back', '20270101000000_failed', '--env', 'prod']
    expect(await workshop.run('migrate', ...resolve)).toMatchObject({ code: 0 })
    migration('SELECT 1', '20270101000000_failed')
    expect(await deployInHere('--dry-run')).toMatchObject({ code: 0 })
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
  })

  test('a guard that somebody took away', async () => {
    await workshop.asAdmin('DROP EVENT TRIGGER workshop_guard_drop')
    expect(await refused('SELECT 1', deploy)).toContain('The guard of PROD is damaged')
  })

  test('a DEV that is down, on which nothing can be tried out', async () => {
    await must(workshop.door('db', 'down', '--env', 'dev'))
    try {
      const output = await refused('SELECT 1')
      expect(output).toContain('! rehearsal   the migrations could not be tried out on a copy')
      expect(output).toContain('npm run db up')
    } finally {
      await must(workshop.door('db', 'up'))
    }
  })

  test('a role that DEV’s server does not know', async () => {
    await workshop.asAdmin('CREATE ROLE only_here')
    expect(await refused('GRANT SELECT ON recruits TO only_here')).toContain('role "only_here" does not exist')
    expect(await deploy('--yes')).toMatchObject({ code: 0 })
  })
})
