import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { rmSync } from 'node:fs'
import { courseEnd, laid, migrationScripts, migrationsOf } from '../../support/laid-steps.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { keep, restore, valuesInProd } from '../../support/kept-rows.ts'
import { must } from '../../support/measure.ts'

// PROD was deployed to from migrations of the learner's own: other timestamps, two squashed into one, one split in two.
// Each test begins there.

let workshop: MadeGitWorkshop
let values: Set<string>
const [create, email, backfill, require, cohort, rename, drop] = migrationScripts().map(([, sql]) => sql) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
]
const [addColumn, dropDefault] = cohort.match(/^ALTER [^;]*;\n/gm) as [string, string]
const own = {
  '20261101000000_recruits_with_email': `${create}\n${email}`,
  '20261101000001_fill': backfill,
  '20261101000002_require': require,
  '20261101000003_cohort': addColumn,
  '20261101000004_cohort_without_default': dropDefault,
  '20261101000005_rename': rename,
}
const official = migrationScripts().map(([name]) => name)

beforeAll(async () => {
  workshop = await madeGitWorkshop()
  await must(workshop.door('db', 'up'))
  await commitOwnMigrations()
  await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
  await workshop.sql(
    'prod',
    `INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, id_number, personal_email_address, cohort)
    SELECT 'Ada', 'Nr ' || n, 'ada.' || n, 'ada-' || n, '99000' || n, n || '@example.com', 'C25 Data Eng' FROM generate_series(1, 5) n`,
  )
  values = await valuesInProd(workshop)
  await keep(workshop, 'prod')
}, 300_000)
afterAll(() => workshop?.remove())
beforeEach(async () => {
  await commitOwnMigrations()
  await restore(workshop, 'prod')
})

/** A branch with the learner's migrations in place of the course's. */
async function commitOwnMigrations(): Promise<void> {
  await workshop.cloneAnew()
  workshop.git('switch', '--quiet', '--create', 'mine')
  rmSync(workshop.file('prisma/migrations'), { recursive: true })
  workshop.write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  for (const [name, sql] of Object.entries(own)) workshop.write(`prisma/migrations/${name}/migration.sql`, sql)
  workshop.git('add', '--all', '--force', 'prisma/migrations')
  workshop.git('commit', '--quiet', '--message', 'My own migrations')
}

const history = () =>
  workshop.sql<{ name: string; retired: boolean }>(
    'prod',
    'SELECT migration_name AS name, rolled_back_at IS NOT NULL AS retired FROM _prisma_migrations ORDER BY started_at',
  )

test('where the schema truly differs, nothing is changed, and the difference is named', async () => {
  await workshop.sql('prod', 'ALTER TABLE recruits ADD COLUMN nickname TEXT')
  const before = [await history(), workshop.git('for-each-ref'), workshop.git('status', '--porcelain')]
  const { code, output } = await workshop.goto('13')
  expect({ code, output }).toMatchObject({ code: 1 })
  expect(output).toContain('PROD’s schema is that of no step: nothing was changed.')
  expect(output).toContain('[+] Added column `nickname`')
  expect(output).toContain('npm run db fresh')
  expect([await history(), workshop.git('for-each-ref'), workshop.git('status', '--porcelain')]).toEqual(before)
  expect(workshop.git('branch', '--show-current')).toBe('mine')
})

test('--dry-run names the rows that would be retired, and changes none', async () => {
  const { output } = await workshop.goto('13', '--dry-run')
  expect(output).toContain('retired  20261101000005_rename')
  expect((await history()).filter(({ retired }) => retired)).toEqual([])
})

test('where it is proven equal, the history gets the names of the course; the old rows and all values are kept', async () => {
  const { code, output } = await workshop.goto('13')
  expect({ code, output }).toMatchObject({ code: 0 })
  for (const name of Object.keys(own)) expect(output).toContain(`retired  ${name}`)
  for (const name of official.slice(0, 6)) expect(output).toContain(`applied  ${name}  (noted, not run)`)
  const rows = await history()
  expect(rows.filter(({ retired }) => retired).map(({ name }) => name)).toEqual(Object.keys(own))
  expect(rows.filter(({ retired }) => !retired).map(({ name }) => name)).toEqual(official.slice(0, 6))
  const kept = await workshop.sql<{ n: number }>('dev', 'SELECT 1 AS n')
  expect(kept).toHaveLength(1)
  expect(await valuesInProd(workshop)).toEqual(values)
})

test('back on the branch of one’s own, one way is printed, by drift and by deploy, and it works', async () => {
  await must(workshop.goto('13'))
  workshop.git('switch', '--quiet', 'mine')
  const deploy = await workshop.door('migrate', 'deploy', '--env', 'prod')
  const drift = await workshop.door('drift', '--env', 'prod')
  for (const { code, output } of [deploy, drift]) {
    expect({ code, output }).toMatchObject({
      output: expect.stringContaining('npm run migrate -- baseline --env prod'),
    })
    expect(output).not.toMatch(/git (checkout|merge|switch)|resolve --applied/)
  }
  await must(workshop.door('migrate', 'baseline', '--env', 'prod'))
  expect((await workshop.door('drift', '--env', 'prod')).output).toMatch(/✓ migrations → PROD +in sync/)
  expect(await valuesInProd(workshop)).toEqual(values)
})

test('on a branch that has nothing in common with it, the way is back to the branch that has what PROD ran', async () => {
  workshop.git('switch', '--quiet', '--detach', 'step-08-new-column-drift')
  for (const words of [
    ['drift', '--env', 'prod'],
    ['migrate', 'deploy', '--env', 'prod'],
  ]) {
    const { output } = await workshop.door(...words)
    expect(output).toContain('git switch mine')
    expect(output).not.toMatch(/git (checkout|merge)/)
  }
})

test('afterwards status, deploy and diff are clean on prod, and dev is in sync', async () => {
  await must(workshop.goto('13'))
  expect((await workshop.run('migrate', 'status', '--env', 'prod')).output).toContain('up to date')
  expect((await workshop.run('migrate', 'deploy', '--env', 'prod')).output).toContain('No pending migrations')
  expect((await workshop.run('migrate', 'dev')).output).toContain('Already in sync')
  for (const env of ['dev', 'prod']) {
    const diff = await workshop.run(
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-config-datasource',
      '--exit-code',
      '--env',
      env,
    )
    expect({ env, ...diff }).toMatchObject({ env, code: 0 })
  }
  expect((await workshop.goto('13')).output).not.toContain('retired')
})

test('a part of the learner’s own after the course’s migrations is adopted too, and goto an earlier step leaves it there', async () => {
  await must(workshop.goto('13'))
  workshop.write('prisma/migrations/20261102000000_drop_and_archive/migration.sql', drop)
  expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
  const { code, output } = await workshop.goto('05')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('retired  20261102000000_drop_and_archive')
  expect(output).toContain(`applied  ${official[6]}`)
  expect(output).toMatch(/stands further on, with the migrations of 16-c28-recruits, and stays there/)
  expect(
    workshop.git('show', `${workshop.saved().at(-1)}:prisma/migrations/20261102000000_drop_and_archive/migration.sql`),
  ).toBe(drop.trimEnd())
  const now = await valuesInProd(workshop)
  expect([...values].filter((value) => !now.has(value))).toEqual([])
})

test('a prod that went on after the course is left there, and every step can still be gone to', async () => {
  await must(workshop.goto('18'))
  workshop.write('prisma/migrations/20261103000000_nickname/migration.sql', 'ALTER TABLE recruits ADD nickname TEXT;\n')
  await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
  const before = await history()
  const { code, output } = await workshop.goto('05')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('has all migrations of the course, and besides: 20261103000000_nickname. It stays there')
  expect(await history()).toEqual(before)
  const drift = await workshop.run('drift', '--env', 'prod')
  expect(drift.output).toContain('20261103000000_nickname')
})

test('a bonus step’s migration that was re-dated is found by what it made, and gets the course’s name', async () => {
  await must(workshop.goto('18'))
  const files = laid(courseEnd + 1)
  const [name] = migrationsOf(files).slice(official.length)
  workshop.write(
    'prisma/migrations/20261103000000_mine/migration.sql',
    files[`prisma/migrations/${name}/migration.sql`]!,
  )
  await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
  const { code, output } = await workshop.goto('18')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('retired  20261103000000_mine')
  expect(output).toContain(`applied  ${name}`)
  expect(output).toMatch(/stands further on, with the migrations of 19-portal, and stays there/)
})

test('a migration that is half applied on prod is named, and nothing is changed', async () => {
  await must(workshop.goto('16'))
  workshop.write(
    'prisma/migrations/20261103000000_fails/migration.sql',
    'ALTER TABLE recruits ADD COLUMN x TEXT NOT NULL;\n',
  )
  expect(await workshop.prisma('prod', 'migrate', 'deploy')).toMatchObject({ code: 1 })
  const { code, output } = await workshop.goto('05')
  expect({ code, output }).toMatchObject({ code: 1 })
  expect(output).toContain('A migration is half applied on PROD, 20261103000000_fails: nothing was changed.')
  expect(output).toContain('npm run drift -- --env prod    (what of 20261103000000_fails is there, and the ways out)')
  expect(workshop.git('branch', '--show-current')).toBe('work/16-c28-recruits')
})
