import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../workshop/world/project.ts'
import { valuesInProd } from './support/kept-rows.ts'
import { enter, openTerminal } from './support/terminal.ts'
import { scratchWorkshop, type Ran, type Workshop } from './support/workshop.ts'

// The whole exercise in its own order, with the commands that a learner types. Each test goes on where the last one ended.

let workshop: Workshop
beforeAll(() => {
  workshop = scratchWorkshop()
  workshop.layStep(0)
})
afterAll(() => workshop.remove())

const npm = (...args: string[]) => workshop.npm('run', ...args)
const countOf = async (env: 'dev' | 'prod', cohort = '') =>
  (
    await workshop.sql<{ n: number }>(
      env,
      `SELECT count(*)::int AS n FROM recruits ${cohort && `WHERE cohort LIKE '${cohort}%'`}`,
    )
  )[0]!.n

/** Values that were in PROD at some time. None may ever be missing. */
const everInProd = new Set<string>()
async function expectNothingLost(): Promise<void> {
  const now = await valuesInProd(workshop)
  expect([...everInProd].filter((value) => !now.has(value))).toEqual([])
  for (const value of now) everInProd.add(value)
}

/** An edit of the learner's: the file as it stands at the end of a step. */
function edit(step: string, path: string): void {
  workshop.write(path, fromStep(step, path))
}
function fromStep(step: string, path: string): string {
  return readFileSync(join(projectRoot, 'steps', step, 'files', path), 'utf8')
}
function migrationOf(step: string): string {
  const [name] = readdirSync(join(projectRoot, 'steps', step, 'files', 'prisma', 'migrations')).filter((entry) =>
    /^\d/.test(entry),
  )
  return fromStep(step, `prisma/migrations/${name}/migration.sql`)
}

let clock = Date.UTC(2026, 11, 1)
/** A migration that the learner writes by hand. Returns its name. */
function writeMigration(title: string, sql: string): string {
  clock += 60_000
  const name = `${new Date(clock).toISOString().slice(0, 19).replaceAll(/\D/g, '')}_${title}`
  mkdirSync(workshop.file(`prisma/migrations/${name}`), { recursive: true })
  writeFileSync(workshop.file(`prisma/migrations/${name}/migration.sql`), sql)
  return name
}

function expectDone(ran: Ran): void {
  expect(ran.code === 0 ? 'done' : ran.output).toBe('done')
}

test('dev: the first migration makes the table, and five recruits go in', async () => {
  expectDone(await workshop.npm('start'))
  edit('01-recruit-model', 'prisma/schema.prisma')
  expectDone(await npm('migrate', 'dev', '--', '--name', 'create_recruits'))
  edit('03-c25-recruits', 'seeds/recruits.ts')
  edit('03-c25-recruits', 'seeds/c25.ts')
  expectDone(await npm('seed:c25'))
  expect((await npm('seed:c25')).output).toContain('there already')
  expect(await countOf('dev')).toBe(5)
})

test('dev: a required column on a table with rows is refused, and goes in as nullable, filled, required', async () => {
  edit('06-email-required', 'prisma/schema.prisma')
  const refused = await npm('migrate', 'dev', '--', '--name', 'add_email')
  expect(refused.code).not.toBe(0)
  expect(refused.output).toContain(
    'Added the required column `personal_email_address` to the `recruits` table without a default value',
  )

  edit('04-email-nullable', 'prisma/schema.prisma')
  const argv = [process.execPath, 'workshop/run.mjs', 'migrate', 'dev', '--name', 'add_email']
  const terminal = openTerminal(argv, workshop.folder)
  await terminal.see('A unique constraint covering the columns')
  await terminal.see('Are you sure')
  terminal.type(`y${enter}`)
  expect(await terminal.left).toBe(0)

  writeMigration('backfill_email', migrationOf('05-email-backfill'))
  expectDone(await npm('migrate', 'deploy'))
  edit('06-email-required', 'prisma/schema.prisma')
  edit('06-email-required', 'seeds/recruits.ts')
  writeMigration('require_email', migrationOf('06-email-required'))
  expectDone(await npm('migrate', 'dev'))
  expect(await countOf('dev')).toBe(5)
})

test('prod: all migrations run, and the recruits go in with their addresses', async () => {
  expectDone(await npm('migrate', 'deploy', '--', '--env', 'prod'))
  expectDone(await npm('seed:c25', '--', '--env', 'prod'))
  expect(await countOf('prod')).toBe(5)
  await expectNothingLost()
})

test('situation 1: a column added by hand is drift that status does not see and diff does', async () => {
  expectDone(
    await npm(
      'psql',
      '--',
      '-c',
      "ALTER TABLE recruits ADD COLUMN chort TEXT; UPDATE recruits SET chort = 'C25 Data Eng'",
    ),
  )
  const query = await npm('shell', '--', '-c', 'await prisma.recruit.findFirst()')
  expectDone(query)
  expect(query.output).not.toContain('chort')

  expect((await npm('migrate', 'status')).output).toContain('Database schema is up to date')
  const drift = await npm('migrate', 'dev', '--', '--name', 'nothing')
  expect(drift.code).not.toBe(0)
  expect(drift.output).toContain('Drift detected')
  const diff = await npm(
    'migrate',
    'diff',
    '--',
    '--from-migrations',
    'prisma/migrations',
    '--to-config-datasource',
    '--exit-code',
  )
  expect(diff.code).toBe(2)
  expect(diff.output).toContain('[+] Added column `chort`')
})

test('situation 1: Prisma’s own script for the required column fails on PROD, blocks it, and leaves it as it was', async () => {
  edit('09-new-column-model', 'prisma/schema.prisma')
  const script = await npm(
    'migrate',
    'diff',
    '--',
    '--from-migrations',
    'prisma/migrations',
    '--to-schema',
    'prisma/schema.prisma',
    '--script',
  )
  const sql = /-- AlterTable[^]*;/.exec(script.output)![0]
  expect(sql).toContain('ADD COLUMN     "cohort" TEXT NOT NULL')
  const name = writeMigration('add_cohort', sql)

  const before = await valuesInProd(workshop)
  const failed = await npm('migrate', 'deploy', '--', '--env', 'prod')
  expect(failed.code).not.toBe(0)
  expect(failed.output).toContain('P3018')
  expect(failed.output).toContain(`Migration name: ${name}`)
  expect(failed.output).toContain('Database error code: 23502')
  expect(failed.output).toContain(`next  npm run migrate -- resolve --rolled-back ${name} --env prod`)
  expect((await npm('migrate', 'deploy', '--', '--env', 'prod')).output).toContain('P3009')
  expect(await valuesInProd(workshop)).toEqual(before)

  expectDone(await npm('migrate', 'resolve', '--', '--rolled-back', name, '--env', 'prod'))
  workshop.write(`prisma/migrations/${name}/migration.sql`, migrationOf('09-new-column-model'))
  expectDone(await npm('migrate', 'deploy', '--', '--env', 'prod'))
  expect(await countOf('prod', 'C25')).toBe(5)
  await expectNothingLost()
})

test('situation 1: DEV is made again, and C26 goes into both', async () => {
  edit('09-new-column-model', 'seeds/recruits.ts')
  edit('09-new-column-model', 'seeds/c25.ts')
  edit('10-c26-recruits', 'seeds/c26.ts')
  expectDone(await npm('db', 'reset'))
  for (const env of ['dev', 'prod']) {
    expectDone(await npm('seed:c25', '--', '--env', env))
    expectDone(await npm('seed:c26', '--', '--env', env))
  }
  expect([await countOf('prod', 'C25'), await countOf('prod', 'C26')]).toEqual([5, 5])
  await expectNothingLost()
})

test('situation 2: a renamed column breaks the query, and Prisma’s own script would drop the values', async () => {
  expectDone(await npm('psql', '--', '-c', 'ALTER TABLE recruits RENAME COLUMN chatname TO rocketchat_user'))
  const query = await npm('shell', '--', '-c', 'await prisma.recruit.findFirst()')
  expect(query.code).not.toBe(0)
  expect(query.output).toContain('P2022')
  expect(query.output).toContain('chatname')
  expect((await npm('migrate', 'dev', '--', '--name', 'nothing')).output).toContain('Drift detected')

  edit('12-renamed-column-model', 'prisma/schema.prisma')
  const script = await npm(
    'migrate',
    'diff',
    '--',
    '--from-migrations',
    'prisma/migrations',
    '--to-schema',
    'prisma/schema.prisma',
    '--script',
  )
  expect(script.output).toMatch(/DROP COLUMN "chatname",\s+ADD COLUMN {5}"rocketchat_user" TEXT NOT NULL/)
})

test('situation 2: a true rename fails on DEV, where it is done, and passes on PROD; C27 goes into both', async () => {
  edit('12-renamed-column-model', 'seeds/recruits.ts')
  edit('13-c27-recruits', 'seeds/c27.ts')
  const name = writeMigration('rename_chatname', migrationOf('12-renamed-column-model'))
  expect((await npm('migrate', 'deploy')).output).toContain('P3018')
  expectDone(await npm('migrate', 'resolve', '--', '--rolled-back', name))
  expectDone(await npm('migrate', 'resolve', '--', '--applied', name))
  expectDone(await npm('migrate', 'deploy', '--', '--env', 'prod'))
  for (const env of ['dev', 'prod']) expectDone(await npm('seed:c27', '--', '--env', env))
  expect([await countOf('prod', 'C27'), await countOf('dev', 'C27')]).toEqual([5, 5])
  await expectNothingLost()
})

test('situation 3: a dropped column breaks the query, and migrate dev wants a reset', async () => {
  expectDone(await npm('psql', '--', '-c', 'ALTER TABLE recruits DROP COLUMN id_number'))
  expect((await npm('shell', '--', '-c', 'await prisma.recruit.findFirst()')).output).toContain('P2022')
  expect((await npm('migrate', 'dev', '--', '--name', 'nothing')).output).toContain('Drift detected')
  const diff = await npm(
    'migrate',
    'diff',
    '--',
    '--from-migrations',
    'prisma/migrations',
    '--to-config-datasource',
    '--script',
  )
  expect(diff.output).toContain('DROP COLUMN "id_number"')
})

test('situation 3: the values move to the archive before the column goes, and C28 goes into both', async () => {
  edit('15-dropped-column-model', 'prisma/schema.prisma')
  edit('15-dropped-column-model', 'seeds/recruits.ts')
  edit('16-c28-recruits', 'seeds/c28.ts')
  writeMigration('drop_id_number', migrationOf('15-dropped-column-model'))
  expectDone(await npm('db', 'reset'))
  expectDone(await npm('migrate', 'deploy', '--', '--env', 'prod'))
  for (const env of ['dev', 'prod']) expectDone(await npm('seed:c28', '--', '--env', env))
  await expectNothingLost()
  expect(await workshop.sql('prod', 'SELECT count(*)::int AS n FROM archive.recruits')).toEqual([{ n: 15 }])
})

test('the end: four cohorts are in PROD, models and databases agree, and everything that was ever there still is', async () => {
  expect(await workshop.sql('prod', 'SELECT cohort, count(*)::int AS n FROM recruits GROUP BY 1 ORDER BY 1')).toEqual(
    ['C25', 'C26', 'C27', 'C28'].map((cohort) => ({ cohort: `${cohort} Data Eng`, n: 5 })),
  )
  for (const env of ['dev', 'prod']) {
    const diff = await npm(
      'migrate',
      'diff',
      '--',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
      '--env',
      env,
    )
    expectDone(diff)
    expect((await npm('migrate', 'status', '--', '--env', env)).output).toContain('up to date')
  }
  await expectNothingLost()
  expect(everInProd.size).toBeGreaterThan(120)
})
