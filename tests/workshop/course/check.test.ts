import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, rmSync } from 'node:fs'
import { describeDifference } from '../../../workshop/course/check-lines.ts'
import { keep, restore } from '../../support/kept-rows.ts'
import { must } from '../../support/measure.ts'
import {
  check,
  comeToStep7,
  comeToStep9,
  deploy,
  marks,
  nextOf,
  removeCheckBed,
  split,
  squashed,
  startCheckBed,
  stepFile,
  titleOf,
  workshop,
  writeMigrations,
} from './check-bed.ts'

beforeAll(startCheckBed)
afterAll(removeCheckBed)

describe('without servers', () => {
  test('a check of files works, and one of a database says that it is not there', async () => {
    workshop.layStep(4)
    const ran = await check('04')
    expect({ code: ran.code, marks: marks(ran) }).toEqual({ code: 1, marks: ['✓ FILES', '✗ FILES', '✗ DEV', '✗ DEV'] })
    expect(ran.output).toContain('DEV is not there.')
    expect(nextOf(ran)).toBe('npm run db up')
  })

  test('without a word, it still finds a step', async () => {
    workshop.layStep(1)
    expect(titleOf(await check())).toBe('02-first-migration')
  })

  test('an unknown or ambiguous step is told, and so are two words too many', async () => {
    expect((await check('99')).output).toContain('There is no step "99".')
    expect((await check('dropped')).output).toContain('"dropped" may be any of 2 steps.')
    expect((await check('05', '06')).output).toContain('There is no step "05-06".')
  })
})

describe('with both databases', () => {
  beforeAll(async () => {
    await must(workshop.door('db', 'up'))
    for (const env of ['dev', 'prod'] as const) await keep(workshop, env)
  })
  beforeEach(async () => {
    workshop.layStep(0)
    for (const env of ['dev', 'prod'] as const) await restore(workshop, env)
  })

  test('a step that is done says what comes next, and ends with 0', async () => {
    const ran = await workshop.run('check', '00')
    expect({ code: ran.code, marks: marks(ran) }).toEqual({ code: 0, marks: ['✓ FILES', '✓ DEV', '✓ PROD'] })
    expect(nextOf(ran)).toBe('npm run check 01')
    expect(titleOf(await check())).toBe('01-recruit-model')
  })

  test('no prisma folder, half a schema.prisma, a migration without its file: each is said, none ends the checks', async () => {
    rmSync(workshop.file('prisma'), { recursive: true })
    const without = await check('two-databases')
    expect(without.output).toContain('found  there is no such file')
    expect(marks(without)).toEqual(['✗ FILES', '✓ DEV', '✓ PROD'])

    workshop.layStep(4)
    workshop.write('prisma/schema.prisma', `${stepFile(0, 'prisma/schema.prisma')}\nmodel Recruit {\n  id Int @id\n`)
    const half = await check('04')
    expect(half.output).toMatch(/found {2}line \d+: This line is invalid/)
    expect(nextOf(half)).toBe('npx prisma validate')

    workshop.layStep(4)
    mkdirSync(workshop.file('prisma/migrations/20261201000000_empty'))
    expect((await check('04')).output).toContain('prisma/migrations/20261201000000_empty has no migration.sql.')
  })

  test('the same model in other words and other migrations passes: neither names nor texts are compared', async () => {
    workshop.layStep(6)
    writeMigrations(squashed)
    workshop.write(
      'prisma/schema.prisma',
      stepFile(6, 'prisma/schema.prisma').replace('githubName String ', 'onGitHub String '),
    )
    await deploy('dev')
    const ran = await check('06')
    expect({ code: ran.code, marks: marks(ran) }).toEqual({ code: 0, marks: ['✓ FILES', '✓ FILES', '✓ DEV', '✓ DEV'] })
  })

  test('what differs is named: a model, migrations, and tables that lack a column', async () => {
    workshop.layStep(6)
    writeMigrations(squashed)
    await deploy('dev')
    const ran = await check('09')
    expect(ran.output.match(/found {2}recruits: missing: column cohort/g)).toHaveLength(3)
    expect(ran.output).toContain('steps/09-new-column-model/files/prisma/schema.prisma')
    expect(ran.code).toBe(1)
  })

  test('prod: pending migrations and missing recruits are named, with the command that brings them', async () => {
    workshop.layStep(7)
    writeMigrations(squashed)
    await deploy('dev')
    const before = await check('07')
    expect(before.output).toContain('found  not applied yet: 20261201080000_everything')
    expect(nextOf(before)).toBe('npm run migrate -- deploy --env prod')
    expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
    const empty = await check('07')
    expect(empty.output).toContain('found  0 of the C25')
    expect(nextOf(empty)).toBe('npm run seed:c25 -- --env prod')
    for (const env of ['dev', 'prod'])
      expect(await workshop.run('seed', 'c25', '--env', env)).toMatchObject({ code: 0 })
    expect(await check('07')).toMatchObject({ code: 0 })
    expect(titleOf(await check())).toBe('08-new-column-drift')
  })

  test('drift that is asked for passes, and drift that is not is named', async () => {
    await comeToStep7()
    const before = await check('08')
    expect(nextOf(before)).toContain('npm run psql -- -c "ALTER TABLE recruits ADD COLUMN chort TEXT"')
    await workshop.sql('dev', 'ALTER TABLE recruits ADD COLUMN chort TEXT')
    const empty = await check('08')
    expect(empty.output).toContain('found  5 of 5 have no chort')
    await workshop.sql('dev', "UPDATE recruits SET chort = 'C25 Data Eng'")
    expect(await check('08')).toMatchObject({ code: 0 })
    expect((await check('06')).output).toContain('found  recruits: not of this step: column chort')
  })

  test('a step that is begun is the one you are at, though an earlier one does not hold any more', async () => {
    await comeToStep9()
    await workshop.sql('dev', "ALTER TABLE recruits ADD COLUMN chort TEXT; UPDATE recruits SET chort = 'C25 Data Eng'")
    const begun = await check()
    expect(titleOf(begun)).toBe('09-new-column-model')
    expect(marks(begun)).toEqual(['✓ FILES', '✓ FILES', '✗ DEV', '✗ DEV', '✗ DEV'])
    expect(nextOf(begun)).toBe('npm run db reset')
    await must(workshop.door('db', 'reset'))
    expect(titleOf(await check())).toBe('09-new-column-model')
    await must(workshop.run('seed', 'c25'))
    expect(await check('09')).toMatchObject({ code: 0 })
  })

  test('a migration that failed half-way is named, with the way out', async () => {
    await comeToStep9('dev')
    writeMigrations({ ...split, '20261203080000_wrong': 'ALTER TABLE nowhere ADD COLUMN a TEXT;\n' })
    // As Prisma deploys it, without a rehearsal.
    expect(await workshop.prisma('prod', 'migrate', 'deploy')).toMatchObject({ code: 1 })
    const ran = await check('10')
    expect(ran.output).toContain('found  failed: 20261203080000_wrong; this is not there: line 1, ')
    expect(ran.output).toContain('do     npm run migrate -- resolve --rolled-back 20261203080000_wrong --env prod')
  })

  test('migrations that fail from empty are named, and what another step has applied is, too', async () => {
    await comeToStep9('dev')
    writeMigrations({ ...squashed, '20261203080000_wrong': 'ALTER TABLE nowhere ADD COLUMN a TEXT;\n' })
    const ran = await check('06')
    expect(ran.output).toContain('A script fails when all are replayed from empty: relation "nowhere" does not exist.')
    expect(ran.output).toContain('found  applied, and not in the folder: 20261202080000_cohort')
  })

  test('lost values are named: who they were, and nothing else is asked of those who never had one', async () => {
    await comeToStep9('dev', 'prod')
    workshop.layStep(18)
    const drop = stepFile(17, 'prisma/migrations/20250127090000_drop_id_number/migration.sql')
    await workshop.sql(
      'prod',
      "INSERT INTO recruits SELECT 90, 'A', 'B', 'c', 'd', 'e', 'f@example.com', 'C26 Data Eng'",
    )
    await workshop.sql('prod', drop)
    await workshop.sql('prod', "INSERT INTO recruits SELECT 91, 'A', 'B', 'c', 'd', 'g@example.com', 'C28 Data Eng'")
    // Of a cohort that had one, and added after the column went: they never had it.
    await workshop.sql('prod', "INSERT INTO recruits SELECT 92, 'A', 'B', 'c', 'd', 'h@example.com', 'C26 Data Eng'")
    expect((await check('16')).output).toMatch(/✓ PROD +every recruit of C25, C26, C27 still has the id_number/)
    const without = "SET session_replication_role = 'replica'; DELETE FROM archive.recruits WHERE id IN (2, 5)"
    await workshop.asAdmin(without)
    expect((await check('16')).output).toContain('found  2 of 7 have lost it: those with the id 2, 5')
  })

  test('the team’s rule is a line in a file', async () => {
    workshop.layStep(18)
    expect((await check('18')).output).toContain('✓ FILES  prisma/.gitignore has the line  /migrations/*')
    workshop.write('prisma/.gitignore', '# /migrations/*\n')
    expect((await check('18')).output).toContain('found  the file is there, without that line')
  })

  test('nothing is left behind by a check: no shadow database, no change of what is in PROD', async () => {
    await comeToStep9('dev', 'prod')
    const databases = 'SELECT datname FROM pg_database ORDER BY datname'
    const rows = "SELECT md5(string_agg(t::text || t.xmin || t.ctid, ',' ORDER BY id)) FROM recruits AS t"
    const look = async () => [
      await workshop.sql('dev', databases),
      await workshop.sql('prod', databases),
      await workshop.sql('prod', rows),
    ]
    const before = await look()
    const { output } = await check()
    expect(output).toMatch(/^Step 10/m)
    expect(await check('09')).toMatchObject({ code: 0 })
    expect(await look()).toEqual(before)
  })
})

test('a difference is told in plain words, and a long one is cut', () => {
  const summary = `
[+] Added tables
  - toys

[-] Removed tables
  - archive

[*] Changed the \`recruits\` table
  [+] Added column \`chort\`
  [-] Removed column \`cohort\`
  [*] Altered column \`surname\` (changed from Required to Nullable)
  [+] Added unique index on columns (email)
`
  expect(describeDifference(summary)).toBe(
    'not of this step: table toys; missing: table archive; recruits: not of this step: column chort; ' +
      'recruits: missing: column cohort; and 2 more',
  )
})
