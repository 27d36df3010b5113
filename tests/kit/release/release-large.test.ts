import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { releaseBed, type ReleaseBed } from '../../support/release-bed.ts'

// A table of 100,000 rows, and what comes of a release in a deploy.

let bed: ReleaseBed
let before: unknown
beforeAll(async () => {
  bed = await releaseBed(100_000)
})
beforeEach(async () => {
  bed.reset()
  before = await bed.prod()
})
afterEach(async () => {
  expect(await bed.prod()).toEqual(before)
  expect(await bed.leftOnDev()).toEqual([])
})
afterAll(() => bed?.remove())

test('a release of it takes no long lock: CONCURRENTLY alone, NOT VALID, then VALIDATE', async () => {
  bed.change(
    ['page   String', 'page   String @unique'],
    ['note   String?', 'note   String'],
    ['mentor Int?', 'mentor Int?\n  helper Mentor? @relation(fields: [mentor], references: [id])\n  @@index([mentor])'],
    ['nick     String?', 'nick     String?\n  visits Visit[]'],
  )
  const { files } = await bed.released('--backfill', "visits.note=''")
  const phases = ['backfill', 'index', 'index_2', 'check', 'validate', 'require']
  expect(Object.keys(files)).toEqual(phases.map((phase) => `change_${phase}`))
  expect(files['change_index']).toMatch(/^-- .*\nCREATE (UNIQUE )?INDEX CONCURRENTLY [^;]+;\n$/)
  expect(files['change_check']!.match(/NOT VALID/g)).toHaveLength(2)
  expect(files['change_require']).toContain('DROP CONSTRAINT "visits_note_required"')
})

test('a type that writes it anew, under a lock that stops everyone, is refused before a file is written', async () => {
  bed.change(['page   String', 'page   String @db.VarChar(400)'])
  const output = await bed.refused()
  expect(output).toContain('✗ hazards')
  expect(output).toContain('H11 changes the type of visits.page')
  expect(output).toContain('ACCESS EXCLUSIVE: nobody reads or writes the table meanwhile · the table is written anew')
})

test('a deploy brings a release of all kinds to PROD, and nothing is lost', async () => {
  // PROD is another one then.
  const own = await releaseBed(100_000)
  try {
    own.change(
      ['fullName String', 'wholeName String'],
      [/ {2}nick .*\n/, '  city String @unique\n'],
      ['page   String', 'page   String @unique'],
      ['note   String?', 'note   String'],
      ['  STAFF\n', '  STAFF\n  GUEST\n'],
    )
    await own.released(
      '--rename',
      'mentors.fullName=wholeName',
      '--drop',
      'mentors.nick',
      '--backfill',
      `mentors.city="wholeName" || ' town'`,
      '--backfill',
      "visits.note='-'",
    )
    const { code, output } = await own.run('migrate', 'deploy', '--env', 'prod')
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toContain('PROD kept 3 of 3 mentors, 20 of 20 recruits, 100,000 of 100,000 visits, 200,')
    expect(await own.sql('prod', 'SELECT id, nick FROM archive.mentors_nick ORDER BY id')).toEqual([
      { id: 1, nick: 'a' },
      { id: 2, nick: null },
      { id: 3, nick: 'c' },
    ])
    expect(await own.release()).toMatchObject({
      code: 0,
      output: expect.stringContaining('there is nothing to release'),
    })
  } finally {
    await own.remove()
  }
})
