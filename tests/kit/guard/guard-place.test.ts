import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { must } from '../../support/measure.ts'
import { bringProdBack, keepProd, seededWorkshop } from '../../support/seeded-workshop.ts'
import type { Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await seededWorkshop(Number.POSITIVE_INFINITY)
  await keepProd(workshop)
  await must(workshop.door('db', 'reset'))
})
beforeEach(() => bringProdBack(workshop))
afterAll(() => workshop.remove())

const lost = 'PROD has lost its guard'

describe('PROD refuses to lose a row, whoever asks:', () => {
  test.each([
    ['the workshop’s psql', ['psql', '--env', 'prod', '-c', 'DELETE FROM recruits']],
    ['Prisma Client', ['shell', '--env', 'prod', '-c', 'await prisma.recruit.deleteMany()']],
    ['SQL through Prisma Client', ['shell', '--env', 'prod', '-c', 'await prisma.$executeRaw`TRUNCATE recruits`']],
  ])('%s', async (_, words) => {
    const { code, output } = await workshop.run(...words)
    expect(code).not.toBe(0)
    expect(output).toContain('is refused: nothing is ever deleted from PROD. All 5 rows stay.')
  })

  test('and DEV does not', async () => {
    await workshop.sql(
      'dev',
      "INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort) VALUES ('A', 'B', 'c', 'd', 'e', 'f')",
    )
    const { code, output } = await workshop.run('psql', '-c', 'DELETE FROM recruits')
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/^DELETE [1-9]/m) })
  })
})

test('Prisma’s diff does not see the guard', async () => {
  const words = ['migrate', 'diff', '--env', 'prod', '--from-migrations', 'prisma/migrations', '--to-config-datasource']
  const { output } = await workshop.run(...words)
  expect(output).toContain('No difference detected.')
})

test('the workshop’s own picture of drift does not see it either', async () => {
  expect((await workshop.door('drift', '--env', 'prod')).output).toMatch(/✓ migrations → PROD +in sync/)
})

describe('a guard that was taken away with the admin role is noticed at the next command, and put back:', () => {
  test.each([
    ['an event trigger dropped', 'DROP EVENT TRIGGER workshop_guard_drop'],
    ['an event trigger disabled', 'ALTER EVENT TRIGGER workshop_guard_before DISABLE'],
    [
      'a function dropped',
      'DROP EVENT TRIGGER workshop_guard_drop; DROP EVENT TRIGGER workshop_guard_after; DROP FUNCTION workshop.keep_rows CASCADE',
    ],
    ['a function that does nothing now', "COMMENT ON FUNCTION workshop.guard_before() IS 'mine'"],
    [
      'a trigger disabled behind the back of the others',
      'SET event_triggers = off; ALTER TABLE recruits DISABLE TRIGGER USER',
    ],
  ])('%s', async (_, sql) => {
    expect((await workshop.door('db', 'status')).output).not.toContain(lost)
    await workshop.asAdmin(sql)
    const noticed = await workshop.run('db', 'status')
    expect(noticed.output).toContain(lost)
    expect(noticed.output).toContain('next  npm run db up')
    const up = await workshop.run('db', 'up')
    expect(up.output).toContain('PROD  putting its guard into the database …')
    expect(up.output).not.toContain(lost)
    expect((await workshop.door('db', 'status')).output).not.toContain(lost)
    await expect(workshop.sql('prod', 'DELETE FROM recruits')).rejects.toThrow('is refused')
    await expect(workshop.sql('prod', 'ALTER TABLE recruits DROP cohort')).rejects.toThrow('kept nowhere else')
  })
})

test('a PROD that is made anew is guarded too', async () => {
  await workshop.asAdmin('DROP DATABASE prod WITH (FORCE)', 'postgres')
  const { code, output } = await workshop.door('db', 'up', '--env', 'prod')
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('PROD  making the database') })
  expect(output).not.toContain('putting its guard')
  await workshop.sql('prod', 'CREATE TABLE t (id int); INSERT INTO t VALUES (1)')
  await expect(workshop.sql('prod', 'DROP TABLE t')).rejects.toThrow(
    '1 of its rows, with 1 values, are kept nowhere else',
  )
})
