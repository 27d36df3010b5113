import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { chmodSync, rmSync } from 'node:fs'
import { releaseBed, type ReleaseBed, releaseWords } from '../../support/release-bed.ts'

// What a release does not do, and what it says instead.

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

describe('refuses, before a file is written,', () => {
  test.each<[string, [string, string], string[], string[]]>([
    [
      'values that become unique and are not',
      ['cohort               String', 'cohort               String @unique'],
      [],
      ['20 rows of recruits: they share a value of cohort, which becomes unique'],
    ],
    [
      'a backfill that gives everyone the same unique value',
      ['nick     String?', 'nick     String?\n  city String @unique'],
      ['--backfill', "mentors.city='x'"],
      ['✗ rehearsal   ', '3 rows of mentors: they share a value of city'],
    ],
    [
      'a backfill that leaves gaps',
      ['nick     String?', 'nick     String?\n  city String'],
      ['--backfill', 'mentors.city=nick'],
      ['1 row of mentors: no value for the required column city'],
    ],
    [
      'a backfill that names no column',
      ['nick     String?', 'nick     String?\n  city String'],
      ['--backfill', 'mentors.city=town'],
      ['ERROR: column "town" does not exist', 'A text stands in single quotes'],
    ],
    [
      'a column that a view uses',
      ['  role     Role    @default(MENTOR)\n', ''],
      ['--drop', 'mentors.role'],
      ['ERROR: cannot drop column role of table mentors', 'next  npm run migrate -- dev --create-only --name free_it'],
    ],
    ['a type that would cut values', ['page   String', 'page   String @db.VarChar(6)'], [], ['visits.page']],
    ['a type that values do not fit', ['page   String', 'page   Int'], [], ['invalid input syntax for type integer']],
    [
      'a value that is taken out of an enum',
      ['  STAFF\n', ''],
      [],
      [
        'PostgreSQL takes no value out of an enum: make a new type, change the columns to it, drop "Role".\n',
        '--create-only',
      ],
    ],
    [
      'a schema.prisma that cannot be read',
      ['nick     String?', 'nick     Strin?'],
      [],
      ['schema.prisma cannot be read: line', 'npx prisma validate'],
    ],
  ])('%s', async (_, changed, flags, words) => {
    bed.change(changed)
    const output = await bed.refused(...flags)
    for (const word of words) expect(output).toContain(word)
  })

  test('a value of an enum that rows of PROD have: how many, and the two ways', async () => {
    bed.change(['  MENTOR\n', ''], ['@default(MENTOR)', '@default(STAFF)'])
    const output = await bed.refused()
    expect(output).toContain("3 rows of mentors have 'MENTOR' in role")
    expect(output).toContain(`UPDATE "mentors" SET "role" = '…' WHERE "role" = 'MENTOR';`)
    expect(output).toContain(`--rename "Role.'MENTOR'='NEW_NAME'"`)
  })

  test('values of an enum in another order: no value goes, and none is another one', async () => {
    bed.change(['  MENTOR\n  STAFF', '  STAFF\n  MENTOR'])
    expect(await bed.refused()).toContain('The values of "Role" stand in another order, which PostgreSQL cannot change')
  })

  test('another branch than the one that releases are made on, which a flag or package.json can name', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    bed.git('switch', '--quiet', '-c', 'my-work')
    const output = await bed.refused()
    expect(output).toContain('This is my-work. A release is made on main')
    expect(output).toContain('      git switch main')
    expect(output).toContain(
      'next  npm run release -- --env prod --name change --base my-work    (when that is your main branch, as in the exercise)',
    )
    expect(await bed.refused('--base', 'theirs')).toContain('--name change --base my-work    (when')
    expect((await bed.released('--base', 'my-work')).output).toMatch(/✓ commit +\w+ on my-work/)
    bed.git('switch', '--quiet', '--detach')
    expect(await bed.refused()).toContain('No branch is checked out.')
  })

  test('a tree that is not clean', async () => {
    bed.write('prisma/schema.prisma', bed.schema.replace('nick     String?', 'nick     String?\n  city String?'))
    expect(await bed.refused()).toContain('Not everything is committed: prisma/schema.prisma.')
  })

  test('a branch that is behind its remote', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    bed.git('branch', 'theirs')
    bed.git('reset', '--quiet', '--hard', bed.base)
    bed.git('branch', '--quiet', '--set-upstream-to', 'theirs')
    try {
      expect(await bed.refused()).toContain('main is behind what was fetched from its remote')
    } finally {
      bed.git('branch', '--quiet', '--unset-upstream')
      bed.git('branch', '--quiet', '-D', 'theirs')
    }
  })

  test('a trial migration that git does not know, because a deploy would run it too', async () => {
    bed.write('prisma/migrations/20260101000000_trial/migration.sql', 'SELECT 1;\n')
    expect(await bed.refused()).toContain('prisma/migrations holds what git does not know: 20260101000000_trial.')
  })

  test('a PROD that was changed by hand, because a new database would be another one', async () => {
    await bed.sql('prod', 'ALTER TABLE mentors ADD COLUMN by_hand text')
    try {
      bed.change(['nick     String?', 'nick     String?\n  by_hand String?'])
      const output = await bed.refused()
      expect(output).toContain('PROD has drifted.')
      expect(output).toContain('npm run drift -- --env prod')
    } finally {
      await bed.sql('prod', 'ALTER TABLE mentors DROP COLUMN by_hand')
    }
  })

  test('a table that PROD has in another schema, because a second one would be made beside it', async () => {
    await bed.asAdmin('CREATE SCHEMA billing; CREATE TABLE billing.bills (id int PRIMARY KEY)')
    try {
      bed.change(['@@map("visits")\n}', '@@map("visits")\n}\n\nmodel Bill {\n  id Int @id\n\n  @@map("bills")\n}'])
      const output = await bed.refused()
      expect(output).toContain('schema.prisma has bills in public, and PROD has billing.bills')
      expect(output).toContain('ALTER TABLE "billing"."bills" SET SCHEMA "public";')
    } finally {
      await bed.asAdmin("SET session_replication_role = 'replica'; DROP SCHEMA billing CASCADE")
    }
  })

  test('a commit that a hook refuses: what was written is taken away again', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    bed.write('.git/hooks/pre-commit', '#!/bin/sh\necho "error: not today" >&2\nexit 1\n')
    chmodSync(bed.file('.git/hooks/pre-commit'), 0o755)
    try {
      expect(await bed.refused()).toContain('git did not take the commit. git says: error: not today')
    } finally {
      rmSync(bed.file('.git/hooks/pre-commit'))
    }
  })

  test('a Ctrl-C while Prisma compares: no database is left on DEV’s server', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    const head = bed.git('rev-parse', 'HEAD')
    const { code } = await bed.interrupt([process.execPath, 'workshop/run.mjs', ...releaseWords], /✓ rehearsal/)
    expect(code).not.toBe(0)
    expect(await bed.leftOnDev()).toEqual([])
    expect(bed.git('rev-parse', 'HEAD')).toBe(head)
  })

  test('a DEV that is down, on whose server everything is tried out', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String?'])
    expect(await bed.door('db', 'down', '--env', 'dev')).toMatchObject({ code: 0 })
    const output = await bed.refused().finally(() => bed.door('db', 'up'))
    expect(output).toContain('npm run db up')
  })

  test.each([
    [[], 'A release is made for PROD'],
    [['--env', 'dev', '--name', 'x'], 'A release is made for PROD'],
    [['--env', 'prod'], 'What is the release called?'],
    [['--env', 'prod', '--name', 'Add Nickname!'], 'npm run release -- --env prod --name add_nickname\n'],
    [['--env', 'prod', '--name', '../x'], 'npm run release -- --env prod --name x\n'],
    [['--env', 'prod', '--name', 'x', '--force'], '"release" does not know these words'],
    [['prod', '--name', 'x'], '"prod" is not a word of this command'],
  ])('the words %j', async (words, says) => {
    const { code, output } = await bed.door('release', ...words)
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(says) })
  })
})
