import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { releaseBed, type ReleaseBed, releaseWords } from '../../support/release-bed.ts'

// What a release writes for each kind of change.

let bed: ReleaseBed
let before: unknown
beforeAll(async () => {
  bed = await releaseBed(30)
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

describe('a release', () => {
  test('has nothing to do where PROD is what the models say, and leaves alone what a model cannot say', async () => {
    const { code, output } = await bed.run(...releaseWords)
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toContain('PROD is what schema.prisma says: there is nothing to release')
    expect(bed.git('rev-parse', 'HEAD')).toBe(bed.base)
  })

  test('commits a migration that the team’s rule hides from git, and shows the ledger of its rehearsal', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    const { files, output } = await bed.released()
    expect(files).toEqual({ change: 'ALTER TABLE "mentors" ADD COLUMN "city" text;\n' })
    expect(output).toMatch(/✓ rehearsal {3}1 migration tried out on a copy, .*: it kept 3 of 3 mentors, 20 of 20 recr/)
    expect(output).toContain('new in mentors: city')
    expect(output).toMatch(/✓ proof .* make what schema\.prisma says/)
    expect(bed.git('log', '-1', '--format=%B')).toContain('column mentors.city is new: text, may be NULL')
    expect(output).toContain('next  npm run migrate -- deploy --env prod')
  })

  test('adds a required column optional, fills it, and then requires it, in a file each', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String @unique'])
    const { files } = await bed.released('--backfill', `mentors.city="fullName" || ' town'`)
    expect(files).toEqual({
      change: expect.stringMatching(
        /^-- Optional first: 3 rows of PROD have no value yet\. .*\nALTER TABLE "mentors" ADD COLUMN "city" text;\n$/,
      ),
      change_backfill: expect.stringContaining(
        `UPDATE "mentors" SET "city" = ("fullName" || ' town') WHERE "city" IS NULL;`,
      ),
      change_require: expect.stringMatching(
        /^BEGIN;\n\nALTER TABLE "mentors" ALTER COLUMN "city" SET NOT NULL;\n\nCREATE UNIQUE INDEX "?mentors_city_key"? [^]*\n\nCOMMIT;\n$/,
      ),
    })
  })

  test('fills and requires an old column that has gaps', async () => {
    bed.change(['nick     String?', 'nick     String'])
    const { files } = await bed.released('--backfill', "mentors.nick='none'")
    expect(Object.keys(files)).toEqual(['change_backfill', 'change_require'])
    expect(files['change_backfill']).toContain('-- One row of PROD had no value')
  })

  test('renames a column, with its index, when that is what was meant', async () => {
    bed.change(['fullName String  @unique', 'wholeName String @unique'])
    const { files, output } = await bed.released('--rename', 'mentors.fullName=wholeName')
    expect(files).toEqual({
      change:
        'BEGIN;\n\nALTER TABLE "mentors" RENAME COLUMN "fullName" TO "wholeName";\n\nALTER INDEX "mentors_fullName_key" RENAME TO "mentors_wholeName_key";\n\nCOMMIT;\n',
    })
    expect(output).toContain('mentors.fullName is now called mentors.wholeName')
  })

  test('renames a table, with its key and its columns', async () => {
    bed.change(['@@map("mentors")', '@@map("coaches")'], ['nick     String?', 'petName String?'])
    const { files } = await bed.released('--rename', 'mentors=coaches', '--rename', 'coaches.nick=petName')
    expect(files['change']).toContain(
      'ALTER TABLE "mentors" RENAME TO "coaches";\n\nALTER TABLE "coaches" RENAME COLUMN "nick" TO "petName";',
    )
    expect(files['change']).toContain('ALTER INDEX "mentors_fullName_key" RENAME TO "coaches_fullName_key";')
    expect(files['change']).toContain('RENAME CONSTRAINT "mentors_pkey" TO "coaches_pkey"')
    expect(files['change']).not.toMatch(/DROP|CREATE/)
  })

  test('archives the values of a column before it drops it, under the key of the row', async () => {
    bed.change([/ {2}rocketchatUser .*\n/, ''])
    const { files, output } = await bed.released('--drop', 'recruits.rocketchat_user')
    expect(files['change']).toContain('CREATE TABLE IF NOT EXISTS "archive"."recruits_rocketchat_user"')
    expect(files['change']!.indexOf('INSERT INTO')).toBeLessThan(files['change']!.indexOf('DROP COLUMN'))
    // As a hazard it would be named: values that are kept nowhere.
    expect(output).not.toContain('H10')
  })

  test('asks before a view is made anew that only shows the column, and makes it in the same transaction', async () => {
    bed.change([/ {2}githubName .*\n/, ''])
    const drop = ['--drop', 'recruits.github_name']
    const refused = await bed.refused(...drop)
    expect(refused).toContain('The view forge_names of PROD shows recruits.github_name, which goes.')
    expect(refused).toContain(`--drop recruits.github_name --drop forge_names.forge`)
    const { files, output } = await bed.released(...drop, '--drop', 'forge_names.forge')
    expect(files['change']).toMatch(
      /INSERT INTO [^]*\n\n-- .*\nDROP VIEW "forge_names";\n\nCREATE VIEW public\.forge_names AS\n SELECT id,\n {4}cohort\n {3}FROM public\.recruits;\n\nALTER TABLE "recruits" DROP COLUMN "github_name";\n\nCOMMIT;/,
    )
    expect(output).toContain('view forge_names is made anew, without forge_names.forge')
  })

  test('moves a table that goes into the archive, with all its rows, and the enum that it uses', async () => {
    bed.change([/\nenum Role[^]*?@@map\("mentors"\)\n}\n/, ''])
    const { files, output } = await bed.released('--drop', 'mentors')
    expect(files['change']).toContain(
      'ALTER TABLE "mentors" SET SCHEMA "archive";\n\nALTER TYPE "Role" SET SCHEMA "archive";',
    )
    expect(output).toContain('mentors.nick is now called archive.mentors.nick')
  })

  test('gives an archive another name where one of that name stands', async () => {
    await bed.sql('prod', 'CREATE TABLE archive.mentors_nick (id int)')
    try {
      bed.change([/ {2}nick .*\n/, ''])
      expect((await bed.released('--drop', 'mentors.nick')).files['change']).toContain('"archive"."mentors_nick_2"')
    } finally {
      await bed.asAdmin("SET session_replication_role = 'replica'; DROP TABLE archive.mentors_nick")
    }
  })

  test('drops a column that holds nothing without an archive, and asks all the same', async () => {
    bed.change([/ {2}note .*\n/, ''])
    expect(await bed.refused()).toContain('The column visits.note of PROD is not in schema.prisma. It holds no values.')
    expect((await bed.released('--drop', 'visits.note')).files).toEqual({
      change: 'ALTER TABLE "visits" DROP COLUMN "note";\n',
    })
  })

  test('fills a new column from old ones before it drops those', async () => {
    bed.change([/ {2}firstName .*\n/, '  fullName String @map("full_name")\n'], [/ {2}surname .*\n/, ''])
    const { files } = await bed.released(
      '--backfill',
      "recruits.full_name=first_name || ' ' || surname",
      '--drop',
      'recruits.first_name',
      '--drop',
      'recruits.surname',
    )
    expect(Object.keys(files)).toEqual(['change', 'change_backfill', 'change_require', 'change_drop'])
    expect(files['change_drop']!.match(/DROP COLUMN/g)).toHaveLength(2)
  })

  test('makes new tables, enums, relations and indexes at once', async () => {
    const city = 'model City {\n  id Int @id\n  size Size @default(SMALL)\n  mentors Mentor[]\n  @@map("cities")\n}\n'
    bed.change(
      [
        'nick     String?',
        'nick     String?\n  cityId Int?\n  city City? @relation(fields: [cityId], references: [id])',
      ],
      ['enum Role {', `${city}enum Size {\n  SMALL\n  BIG\n}\nenum Role {`],
      ['years    String  @default("1")', 'years    String  @default("1")\n  @@index([role, years(sort: Desc)])'],
    )
    const { files } = await bed.released()
    expect(Object.keys(files)).toEqual(['change'])
    expect(files['change']).toContain('FOREIGN KEY ("cityId") REFERENCES cities(id)')
  })

  test('adds a value to an enum in a file of its own, so that the next can use it', async () => {
    bed.change(['  STAFF\n', '  STAFF\n  GUEST\n'], ['@default(MENTOR)', '@default(GUEST)'])
    expect((await bed.released()).files).toEqual({
      change_types: `ALTER TYPE "Role" ADD VALUE 'GUEST';\n`,
      change: expect.stringContaining('SET DEFAULT'),
    })
  })

  test('renames a value of an enum when that is what was meant', async () => {
    bed.change(['  STAFF\n', '  TEAM\n'])
    expect(await bed.refused()).toContain(`--rename "Role.'STAFF'='TEAM'"`)
    expect((await bed.released('--rename', "Role.'STAFF'='TEAM'")).files).toEqual({
      change: `ALTER TYPE "Role" RENAME VALUE 'STAFF' TO 'TEAM';\n`,
    })
  })

  test('changes a type where every value stays what it was, its default too', async () => {
    bed.change(['years    String  @default("1")', 'years    Int     @default(1)'])
    const { files, output } = await bed.released()
    expect(files['change']).toMatch(
      /DROP DEFAULT;\n\n.*SET DATA TYPE integer USING "years"::integer;\n\n.*SET DEFAULT 1;/,
    )
    expect(output).toContain('mentors.years is integer, and was text')
  })

  test('is dated after the newest migration, though that is of tomorrow', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    bed.write('prisma/migrations/20990101235959_tomorrow/migration.sql', 'SELECT 1;\n')
    bed.git('add', '--force', 'prisma/migrations')
    bed.git('commit', '--quiet', '--message', 'Tomorrow')
    expect(await bed.refused()).toContain('PROD has not got all that was released before: 20990101235959_tomorrow.')
    await bed.asAdmin(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
       SELECT 'tomorrow', encode(sha256('SELECT 1;\n'), 'hex'), '20990101235959_tomorrow', now(), now()`,
    )
    try {
      expect(Object.keys((await bed.released()).files)).toEqual(['change'])
      expect(bed.folders().at(-1)).toBe('20990102000000_change')
    } finally {
      await bed.asAdmin(
        "SET session_replication_role = 'replica'; DELETE FROM _prisma_migrations WHERE id = 'tomorrow'",
      )
    }
  })
})
