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
  const phases = ['', '_index', '_index_2', '_check', '_validate']
  expect(Object.keys(files)).toEqual(phases.map((phase) => `change${phase}`))
  expect(files['change_index']).toMatch(/^-- .*\nCREATE (UNIQUE )?INDEX CONCURRENTLY [^;]+;\n$/)
  expect(files['change_check']!.match(/NOT VALID/g)).toHaveLength(1)
})

test('a column that has to be filled is filled between two releases, and --at-once puts all into one', async () => {
  bed.change(['note   String?', 'note   String'], ['page   String', 'page   String\n  code   String @unique'])
  const words = ['--backfill', "visits.note='-'", '--backfill', 'visits.code=id::text']
  const { files, output } = await bed.released(...words)
  expect(Object.keys(files)).toEqual(['change'])
  expect(files['change']).toMatch(
    /ADD COLUMN "code" text;\n[^]*CREATE TRIGGER "visits_code_fill" BEFORE INSERT OR UPDATE/,
  )
  expect(files['change']).toContain("\n-- backfill visits.note = '-'\nCREATE TRIGGER")
  expect(output).toContain('with what the next release adds when the rows are filled')
  expect(output).toMatch(
    /next {2}npm run migrate -- deploy --env prod\n {6}npm run backfill visits\.code "id::text" -- --env prod .*\n {6}npm run backfill visits\.note "'-'" -- --env prod .*\n {6}npm run release -- --env prod --name require_code /,
  )
  bed.reset()
  bed.change(['note   String?', 'note   String'])
  const atOnce = await bed.released('--backfill', "visits.note='-'", '--at-once')
  const phases = ['backfill', 'check', 'validate', 'require']
  expect(Object.keys(atOnce.files)).toEqual(phases.map((phase) => `change_${phase}`))
  // How long depends on the computer.
  expect(atOnce.output).toMatch(
    /on visits others waited during \d+_change_backfill: whoever wrote|somebody read and wrote visits meanwhile/,
  )
  expect(atOnce.files['change_require']).toContain('DROP CONSTRAINT "visits_note_required"')
})

test('a rename without downtime: both names are there until the next release, and both versions work', async () => {
  const own = await releaseBed(100_000)
  try {
    own.change(['page   String', 'site   String @unique'])
    const { files, output } = await own.released('--rename', 'visits.page=site', '--without-downtime')
    expect(Object.keys(files)).toEqual(['change'])
    expect(files['change']).toContain('-- backfill visits.site = page\nCREATE TRIGGER "visits_page_site_both"')
    expect(output).toContain('npm run backfill visits.site page -- --env prod')
    expect(await own.door('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
    // The old version, then the new one; each writes what it knows.
    await own.sql('prod', "INSERT INTO visits (page) VALUES ('old'); UPDATE visits SET page = 'moved' WHERE id = 7")
    await own.sql('prod', "INSERT INTO visits (site) VALUES ('new'); UPDATE visits SET site = 'came' WHERE id = 8")
    expect(await own.door('backfill', '--env', 'prod', '--share', '100')).toMatchObject({ code: 0 })
    expect(await own.sql('prod', 'SELECT page FROM visits WHERE page IS DISTINCT FROM site')).toEqual([])
    const second = await own.released()
    const phases = ['index', 'check', 'validate', 'require', 'drop']
    expect(Object.keys(second.files)).toEqual(phases.map((phase) => `change_${phase}`))
    expect(second.files['change_drop']).not.toContain('archive')
    const deployed = await own.door('migrate', 'deploy', '--env', 'prod')
    expect(deployed).toMatchObject({ code: 0, output: expect.stringContaining('PROD kept') })
    expect(
      await own.sql('prod', "SELECT site FROM visits WHERE id IN (7, 8) OR site IN ('old', 'new') ORDER BY id"),
    ).toEqual([{ site: 'moved' }, { site: 'came' }, { site: 'old' }, { site: 'new' }])
  } finally {
    await own.remove()
  }
}, 300_000)

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
    // The version of the application that still runs writes rows without the column.
    await own.sql('prod', "INSERT INTO visits (page) VALUES ('late')")
    expect(await own.sql('prod', "SELECT note FROM visits WHERE page = 'late'")).toEqual([{ note: '-' }])
    expect(await own.refused()).toContain('100,000 rows of visits.note have no value yet: it can be required when all')
    expect(await own.door('backfill', '--env', 'prod', '--share', '100')).toMatchObject({ code: 0 })
    const { files } = await own.released()
    expect(Object.keys(files)).toEqual(['change_check', 'change_validate', 'change_require'])
    expect(files['change_require']).toMatch(
      /SET NOT NULL;[^]*DROP TRIGGER "visits_note_fill" ON "visits";[^]*DROP FUNCTION/,
    )
    expect(await own.door('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
    expect(await own.sql('prod', 'SELECT count(*)::int AS n FROM visits WHERE note IS NULL')).toEqual([{ n: 0 }])
    expect(await own.release()).toMatchObject({
      code: 0,
      output: expect.stringContaining('there is nothing to release'),
    })
  } finally {
    await own.remove()
  }
}, 300_000)
