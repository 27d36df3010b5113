import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gitWorkshop, type GitWorkshop } from './support/git-workshop.ts'
import { closeTerminals, ctrlC, enter, openTerminal } from './support/terminal.ts'

// PROD has twenty recruits, three mentors and 100,000 visits, and things that a schema.prisma cannot say. Each test
// changes the models, makes a release, and goes back to where it began: only a deploy changes PROD.

const more = `CREATE TYPE "Role" AS ENUM ('MENTOR', 'STAFF');
CREATE TABLE "mentors" (
  "id" SERIAL PRIMARY KEY, "fullName" text NOT NULL, "role" "Role" NOT NULL DEFAULT 'MENTOR', "nick" text, "years" text NOT NULL DEFAULT '1'
);
CREATE UNIQUE INDEX "mentors_fullName_key" ON "mentors" ("fullName");
INSERT INTO "mentors" ("fullName", "nick") VALUES ('A', 'a'), ('B', NULL), ('C', 'c');
CREATE TABLE "visits" ("id" SERIAL PRIMARY KEY, "page" text NOT NULL, "note" text, "mentor" integer);
INSERT INTO "visits" ("page") SELECT 'page ' || n FROM generate_series(1, 100000) AS n;
ALTER TABLE "mentors" ADD CONSTRAINT "named" CHECK ("fullName" <> '');
CREATE INDEX "mentors_lower" ON "mentors" (lower("fullName"));
CREATE UNIQUE INDEX "mentors_one_nick" ON "mentors" ("nick") WHERE "nick" <> '';
CREATE VIEW "staff" AS SELECT "id" FROM "mentors" WHERE "role" = 'STAFF';
COMMENT ON TABLE "mentors" IS 'who helps';
`
const models = `
enum Role {
  MENTOR
  STAFF
}

model Mentor {
  id       Int     @id @default(autoincrement())
  fullName String  @unique
  role     Role    @default(MENTOR)
  nick     String?
  years    String  @default("1")

  @@map("mentors")
}

model Visit {
  id     Int     @id @default(autoincrement())
  page   String
  note   String?
  mentor Int?

  @@map("visits")
}
`

let workshop: GitWorkshop
let base: string
let schema: string
let prodBefore: unknown

beforeAll(async () => {
  workshop = gitWorkshop()
  expect(await workshop.run('start')).toMatchObject({ code: 0 })
  workshop.write('prisma/migrations/20250201000000_more/migration.sql', more)
  schema = workshop.file('prisma/schema.prisma')
  schema = readFileSync(schema, 'utf8') + models
  workshop.write('prisma/schema.prisma', schema)
  workshop.git('add', '--force', 'prisma/migrations')
  workshop.git('commit', '--quiet', '--all', '--message', 'More')
  base = workshop.git('rev-parse', 'HEAD')
  expect(await workshop.run('migrate', 'deploy', '--env', 'prod', '--yes')).toMatchObject({ code: 0 })
  for (const cohort of ['c25', 'c26', 'c27', 'c28']) {
    expect(await workshop.run('seed', cohort, '--env', 'prod')).toMatchObject({ code: 0 })
  }
  prodBefore = await prod()
})
afterEach(async () => {
  closeTerminals()
  expect(await prod()).toEqual(prodBefore)
  expect(await leftOnDev()).toEqual([])
  workshop.git('switch', '--quiet', '--force', '-C', 'main', base)
  for (const name of folders()) if (name > '20250201000000_more') rmSync(join(migrations(), name), { recursive: true })
})
afterAll(() => workshop.remove())

const migrations = () => workshop.file('prisma/migrations')
const folders = () => readdirSync(migrations()).filter((name) => !name.endsWith('.toml'))
const leftOnDev = () => workshop.sql('dev', "SELECT datname FROM pg_database WHERE datname ~ '^(workshop_reh|prisma_)'")
const prod = () =>
  workshop.sql(
    'prod',
    `SELECT (SELECT jsonb_agg(to_jsonb(r) ORDER BY id) FROM recruits AS r) AS recruits,
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY id) FROM mentors AS m) AS mentors, (SELECT count(*) FROM visits) AS visits,
       (SELECT jsonb_agg(relname ORDER BY relname) FROM pg_class) AS names, (SELECT count(*) FROM pg_attribute) AS columns,
       (SELECT count(*) FROM _prisma_migrations) AS migrations, (SELECT count(*) FROM workshop.ledger) AS entries`,
  )

/** Changes the models, and commits that. */
function change(...changes: [from: string | RegExp, to: string][]): void {
  const text = changes.reduce((all, [from, to]) => {
    expect(all.replace(from, to)).not.toBe(all)
    return all.replace(from, to)
  }, schema)
  workshop.write('prisma/schema.prisma', text)
  workshop.git('commit', '--quiet', '--all', '--message', 'Change the models')
}

const release = (...flags: string[]) => workshop.run('release', '--env', 'prod', '--name', 'change', ...flags)

const atTerminal = () =>
  openTerminal([process.execPath, 'workshop/run.mjs', 'release', '--env', 'prod', '--name', 'change'], workshop.folder)

/** Makes a release that is committed. Returns its files, by their names without the date, and what was shown. */
async function released(...flags: string[]): Promise<{ files: Record<string, string>; output: string }> {
  const { code, output } = await release(...flags)
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(workshop.git('status', '--porcelain')).toBe('')
  const names = workshop.git('diff', '--name-only', 'HEAD~1').split('\n')
  const files = names.map((path) => [
    path.split('/')[2]!.replace(/^\d{14}_/, ''),
    readFileSync(workshop.file(path), 'utf8'),
  ])
  return { files: Object.fromEntries(files), output }
}

/** A release that is refused leaves git and the migrations as they were. Returns what it says. */
async function refused(...flags: string[]): Promise<string> {
  const before = [
    workshop.git('rev-parse', 'HEAD'),
    workshop.git('status', '--porcelain', '--ignored', 'prisma'),
    folders(),
  ]
  const { code, output } = await release(...flags)
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('✗ Nothing was released') })
  expect([
    workshop.git('rev-parse', 'HEAD'),
    workshop.git('status', '--porcelain', '--ignored', 'prisma'),
    folders(),
  ]).toEqual(before)
  return output
}

describe('a release', () => {
  test('has nothing to do where PROD is what the models say, and leaves alone what a model cannot say', async () => {
    const { code, output } = await release()
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toContain('PROD is what schema.prisma says: there is nothing to release')
    expect(workshop.git('rev-parse', 'HEAD')).toBe(base)
  })

  test('commits a migration that the team’s rule hides from git, and shows the ledger of its rehearsal', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    const { files, output } = await released()
    expect(files).toEqual({ change: 'ALTER TABLE "mentors" ADD COLUMN "city" text;\n' })
    expect(output).toMatch(/✓ rehearsal {3}1 migration tried out on a copy, .*: it kept 3 of 3 mentors, 20 of 20 recr/)
    expect(output).toContain('new in mentors: city')
    expect(output).toMatch(/✓ proof .* make what schema\.prisma says/)
    expect(workshop.git('log', '-1', '--format=%B')).toContain('column mentors.city is new: text, may be NULL')
    expect(output).toContain('next  npm run migrate -- deploy --env prod')
  })

  test('adds a required column optional, fills it, and then requires it, in a file each', async () => {
    change(['nick     String?', 'nick     String?\n  city String @unique'])
    const { files } = await released('--backfill', `mentors.city="fullName" || ' town'`)
    expect(files).toEqual({
      change: expect.stringMatching(
        /^-- Optional first: 3 rows of PROD have no value yet\. .*\nALTER TABLE "mentors" ADD COLUMN "city" text;\n$/,
      ),
      change_backfill: expect.stringContaining(
        `UPDATE "mentors" SET "city" = ("fullName" || ' town') WHERE "city" IS NULL;`,
      ),
      change_require: expect.stringMatching(
        /^ALTER TABLE "mentors" ALTER COLUMN "city" SET NOT NULL;\n\nCREATE UNIQUE INDEX "?mentors_city_key"?/,
      ),
    })
  })

  test('fills and requires an old column that has gaps', async () => {
    change(['nick     String?', 'nick     String'])
    const { files } = await released('--backfill', "mentors.nick='none'")
    expect(Object.keys(files)).toEqual(['change_backfill', 'change_require'])
    expect(files['change_backfill']).toContain('-- One row of PROD had no value')
  })

  test('renames a column, with its index, when that is what was meant', async () => {
    change(['fullName String  @unique', 'wholeName String @unique'])
    const { files, output } = await released('--rename', 'mentors.fullName=wholeName')
    expect(files).toEqual({
      change:
        'ALTER TABLE "mentors" RENAME COLUMN "fullName" TO "wholeName";\n\nALTER INDEX "mentors_fullName_key" RENAME TO "mentors_wholeName_key";\n',
    })
    expect(output).toContain('mentors.fullName is now called mentors.wholeName')
  })

  test('renames a table, with its key and its columns', async () => {
    change(['@@map("mentors")', '@@map("coaches")'], ['nick     String?', 'petName String?'])
    const { files } = await released('--rename', 'mentors=coaches', '--rename', 'coaches.nick=petName')
    expect(files['change']).toContain(
      'ALTER TABLE "mentors" RENAME TO "coaches";\n\nALTER TABLE "coaches" RENAME COLUMN "nick" TO "petName";',
    )
    expect(files['change']).toContain('ALTER INDEX "mentors_fullName_key" RENAME TO "coaches_fullName_key";')
    expect(files['change']).toContain('RENAME CONSTRAINT "mentors_pkey" TO "coaches_pkey"')
    expect(files['change']).not.toMatch(/DROP|CREATE/)
  })

  test('archives the values of a column before it drops it, under the key of the row', async () => {
    change([/ {2}rocketchatUser .*\n/, ''])
    const { files, output } = await released('--drop', 'recruits.rocketchat_user')
    expect(files['change']).toContain('CREATE TABLE IF NOT EXISTS "archive"."recruits_rocketchat_user"')
    expect(files['change']!.indexOf('INSERT INTO')).toBeLessThan(files['change']!.indexOf('DROP COLUMN'))
    // As a hazard it would be named: values that are kept nowhere.
    expect(output).not.toContain('H10')
  })

  test('moves a table that goes into the archive, with all its rows, and the enum that it uses', async () => {
    change([/\nenum Role[^]*?@@map\("mentors"\)\n}\n/, ''])
    const { files, output } = await released('--drop', 'mentors')
    expect(files['change']).toContain(
      'ALTER TABLE "mentors" SET SCHEMA "archive";\n\nALTER TYPE "Role" SET SCHEMA "archive";',
    )
    expect(output).toContain('mentors.nick is now called archive.mentors.nick')
  })

  test('gives an archive another name where one of that name stands', async () => {
    await workshop.sql('prod', 'CREATE TABLE archive.mentors_nick (id int)')
    try {
      change([/ {2}nick .*\n/, ''])
      expect((await released('--drop', 'mentors.nick')).files['change']).toContain('"archive"."mentors_nick_2"')
    } finally {
      await workshop.asAdmin("SET session_replication_role = 'replica'; DROP TABLE archive.mentors_nick")
    }
  })

  test('drops a column that holds nothing without an archive, and asks all the same', async () => {
    change([/ {2}note .*\n/, ''])
    expect(await refused()).toContain('The column visits.note of PROD is not in schema.prisma. It holds no values.')
    expect((await released('--drop', 'visits.note')).files).toEqual({
      change: 'ALTER TABLE "visits" DROP COLUMN "note";\n',
    })
  })

  test('fills a new column from old ones before it drops those', async () => {
    change([/ {2}firstName .*\n/, '  fullName String @map("full_name")\n'], [/ {2}surname .*\n/, ''])
    const { files } = await released(
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
    change(
      [
        'nick     String?',
        'nick     String?\n  cityId Int?\n  city City? @relation(fields: [cityId], references: [id])',
      ],
      ['enum Role {', `${city}enum Size {\n  SMALL\n  BIG\n}\nenum Role {`],
      ['years    String  @default("1")', 'years    String  @default("1")\n  @@index([role, years(sort: Desc)])'],
    )
    const { files } = await released()
    expect(Object.keys(files)).toEqual(['change'])
    expect(files['change']).toContain('FOREIGN KEY ("cityId") REFERENCES cities(id)')
  })

  test('adds a value to an enum in a file of its own, so that the next can use it', async () => {
    change(['  STAFF\n', '  STAFF\n  GUEST\n'], ['@default(MENTOR)', '@default(GUEST)'])
    expect((await released()).files).toEqual({
      change_types: `ALTER TYPE "Role" ADD VALUE 'GUEST';\n`,
      change: expect.stringContaining('SET DEFAULT'),
    })
  })

  test('renames a value of an enum when that is what was meant', async () => {
    change(['  STAFF\n', '  TEAM\n'])
    expect(await refused()).toContain(`--rename "Role.'STAFF'='TEAM'"`)
    expect((await released('--rename', "Role.'STAFF'='TEAM'")).files).toEqual({
      change: `ALTER TYPE "Role" RENAME VALUE 'STAFF' TO 'TEAM';\n`,
    })
  })

  test('changes a type where every value stays what it was, its default too', async () => {
    change(['years    String  @default("1")', 'years    Int     @default(1)'])
    const { files, output } = await released()
    expect(files['change']).toMatch(
      /DROP DEFAULT;\n\n.*SET DATA TYPE integer USING "years"::integer;\n\n.*SET DEFAULT 1;/,
    )
    expect(output).toContain('mentors.years is integer, and was text')
  })

  test('of a table of 100,000 rows takes no long lock: CONCURRENTLY alone, NOT VALID, then VALIDATE', async () => {
    change(
      ['page   String', 'page   String @unique'],
      ['note   String?', 'note   String'],
      [
        'mentor Int?',
        'mentor Int?\n  helper Mentor? @relation(fields: [mentor], references: [id])\n  @@index([mentor])',
      ],
      ['nick     String?', 'nick     String?\n  visits Visit[]'],
    )
    const { files } = await released('--backfill', "visits.note=''")
    const phases = ['backfill', 'index', 'index_2', 'check', 'validate', 'require']
    expect(Object.keys(files)).toEqual(phases.map((phase) => `change_${phase}`))
    expect(files['change_index']).toMatch(/^-- .*\nCREATE (UNIQUE )?INDEX CONCURRENTLY [^;]+;\n$/)
    expect(files['change_check']!.match(/NOT VALID/g)).toHaveLength(2)
    expect(files['change_require']).toContain('DROP CONSTRAINT "visits_note_required"')
  })

  test('is dated after the newest migration, though that is of tomorrow', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    workshop.write('prisma/migrations/20990101235959_tomorrow/migration.sql', 'SELECT 1;\n')
    workshop.git('add', '--force', 'prisma/migrations')
    workshop.git('commit', '--quiet', '--message', 'Tomorrow')
    expect(await refused()).toContain('PROD has not got all that was released before: 20990101235959_tomorrow.')
    await workshop.asAdmin(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
       SELECT 'tomorrow', encode(sha256('SELECT 1;\n'), 'hex'), '20990101235959_tomorrow', now(), now()`,
    )
    try {
      expect(Object.keys((await released()).files)).toEqual(['change'])
      expect(folders().at(-1)).toBe('20990102000000_change')
    } finally {
      await workshop.asAdmin(
        "SET session_replication_role = 'replica'; DELETE FROM _prisma_migrations WHERE id = 'tomorrow'",
      )
    }
  })
})

describe('never guesses:', () => {
  test('all questions are told at once where nobody can be asked, with the words to type', async () => {
    change(['fullName String', 'wholeName String'], [/ {2}nick .*\n/, '  city String\n'])
    const output = await refused()
    expect(output).toContain(
      'PROD has mentors.fullName, and schema.prisma has wholeName in its place. Both are text, required',
    )
    expect(output).toContain('The column mentors.nick of PROD is not in schema.prisma. It holds 2 values.')
    expect(output).toContain('mentors.city is to be text, required. 3 rows of PROD have no value for it.')
    expect(output).toContain(
      `next  npm run release -- --env prod --name change --rename mentors.fullName=wholeName --drop mentors.nick --backfill "mentors.city='…'"`,
    )
  })

  test('an answer with quotes of its own is repeated as a shell takes it', async () => {
    change(['nick     String?', 'nick     String?\n  city String'], [/ {2}note .*\n/, ''])
    const output = await refused('--backfill', 'mentors.city="fullName"')
    expect(output).toContain('--backfill "mentors.city=\\"fullName\\"" --drop visits.note\n')
  })

  test('at a terminal it asks, one after the other, and goes by the answers', async () => {
    change(['fullName String', 'wholeName String'], [/ {2}nick .*\n/, '  city String\n'])
    const at = atTerminal()
    await at.see('Is it the same one, under a new name? [y/N]')
    at.type(`y${enter}`)
    await at.see('It holds 2 values.')
    await at.see('Archive them, and drop the column? [y/N]')
    at.type(`y${enter}`)
    await at.see('An SQL expression for them')
    at.type(`'nowhere'${enter}`)
    await at.see('next  npm run migrate -- deploy --env prod')
    expect(await at.left).toBe(0)
    expect(folders().filter((name) => name.includes('_change'))).toHaveLength(4)
  })

  test.each([
    [
      'no to a drop',
      [/ {2}nick .*\n/, ''],
      'drop the column? [y/N]',
      'n',
      'mentors.nick stays, and schema.prisma does not have it',
    ],
    [
      'nothing for a value',
      ['nick     String?', 'city String\n  nick String?'],
      'An SQL expression',
      '',
      '3 rows of PROD would have no value',
    ],
    [
      'two expressions for a value',
      ['nick     String?', 'city String\n  nick String?'],
      'An SQL expression',
      "'x'); DROP TABLE visits; --",
      'is no SQL expression',
    ],
  ] as const)('%s ends it', async (_, changed, question, answer, words) => {
    change([changed[0], changed[1]])
    const head = workshop.git('rev-parse', 'HEAD')
    const at = atTerminal()
    await at.see(question)
    at.type(`${answer}${enter}`)
    await at.see('Nothing was released')
    await at.see(words)
    expect(await at.left).toBe(1)
    expect(workshop.git('rev-parse', 'HEAD')).toBe(head)
  })

  test('a rename that is denied is a drop and a new column, and both are asked', async () => {
    change(['fullName String', 'wholeName String'])
    const at = atTerminal()
    await at.see('under a new name? [y/N]')
    at.type(`n${enter}`)
    await at.see('The column mentors.fullName of PROD is not in schema.prisma.')
    at.type(ctrlC)
    expect(await at.left).not.toBe(0)
  })

  test.each([
    ['--rename', 'mentors.nik=name', 'PROD has no mentors.nik. mentors has: id, fullName, role, nick, years.'],
    ['--rename', 'mentors.nick=name', 'schema.prisma has no name. mentors has: id, fullName, role, city, years.'],
    ['--rename', 'people=mentors', 'PROD has no people. The tables are: '],
    ['--rename', 'mentors.nick', 'it takes two halves, with = between them'],
    ['--drop', 'mentors.years', 'schema.prisma has mentors.years, so it stays.'],
    ['--drop', 'nick', 'PROD has no nick.'],
    [
      '--backfill',
      "mentors.town='x'",
      'schema.prisma has no column mentors.town. mentors has: id, fullName, role, city, years.',
    ],
    ['--backfill', "mentors.years='x'", 'No row of PROD needs a value there.'],
    ['--backfill', 'mentors.city=now() + ', 'is no SQL expression'],
    ['--backfill', 'mentors.city=1), (2', 'is no SQL expression: it is more than one expression'],
    ['--backfill', "mentors.city=1) WHERE true OR ('a' = 'a'", 'is no SQL expression: it is more than one expression'],
    ['--backfill', 'mentors.city=1) --', 'is no SQL expression: '],
  ])('%s %s is no answer to a question', async (flag, value, words) => {
    change([/ {2}nick .*\n/, '  city String\n'])
    expect(await refused(flag, value)).toContain(words)
  })
})

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
    [
      'a type that writes a table of 100,000 rows anew, under a lock that stops everyone',
      ['page   String', 'page   String @db.VarChar(400)'],
      [],
      ['✗ hazards', 'H11 changes the type of visits.page', 'ACCESS EXCLUSIVE · the table is written anew'],
    ],
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
    change(changed)
    const output = await refused(...flags)
    for (const word of words) expect(output).toContain(word)
  })

  test('another branch than the one that releases are made on, which a flag or package.json can name', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    workshop.git('switch', '--quiet', '-c', 'my-work')
    const output = await refused()
    expect(output).toContain('This is my-work. A release is made on main')
    expect(output).toContain('next  git switch main')
    expect(output).toContain(
      'npm run release -- --env prod --name change --base my-work    (when that is your main branch)',
    )
    expect(await refused('--base', 'theirs')).toContain('--name change --base my-work    (when')
    expect((await released('--base', 'my-work')).output).toMatch(/✓ commit +\w+ on my-work/)
    workshop.git('switch', '--quiet', '--detach')
    expect(await refused()).toContain('No branch is checked out.')
  })

  test('a tree that is not clean', async () => {
    workshop.write('prisma/schema.prisma', schema.replace('nick     String?', 'nick     String?\n  city String?'))
    expect(await refused()).toContain('Not everything is committed: prisma/schema.prisma.')
  })

  test('a branch that is behind its remote', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    workshop.git('branch', 'theirs')
    workshop.git('reset', '--quiet', '--hard', base)
    workshop.git('branch', '--quiet', '--set-upstream-to', 'theirs')
    expect(await refused()).toContain('main is behind what was fetched from its remote')
    workshop.git('branch', '--quiet', '--unset-upstream')
    workshop.git('branch', '--quiet', '-D', 'theirs')
  })

  test('a trial migration that git does not know, because a deploy would run it too', async () => {
    workshop.write('prisma/migrations/20260101000000_trial/migration.sql', 'SELECT 1;\n')
    expect(await refused()).toContain('prisma/migrations holds what git does not know: 20260101000000_trial.')
  })

  test('a PROD that was changed by hand, because a new database would be another one', async () => {
    await workshop.sql('prod', 'ALTER TABLE mentors ADD COLUMN by_hand text')
    try {
      change(['nick     String?', 'nick     String?\n  by_hand String?'])
      const output = await refused()
      expect(output).toContain('PROD has drifted.')
      expect(output).toContain('npm run drift -- --env prod')
    } finally {
      await workshop.sql('prod', 'ALTER TABLE mentors DROP COLUMN by_hand')
      // A dropped column stays among PostgreSQL's own.
      prodBefore = await prod()
    }
  })

  test('a commit that a hook refuses: what was written is taken away again', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    workshop.write('.git/hooks/pre-commit', '#!/bin/sh\necho "error: not today" >&2\nexit 1\n')
    chmodSync(workshop.file('.git/hooks/pre-commit'), 0o755)
    try {
      expect(await refused()).toContain('git did not take the commit. git says: error: not today')
    } finally {
      rmSync(workshop.file('.git/hooks/pre-commit'))
    }
  })

  test('a Ctrl-C while Prisma compares: no database is left on DEV’s server', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    const words = ['workshop/run.mjs', 'release', '--env', 'prod', '--name', 'change']
    const head = workshop.git('rev-parse', 'HEAD')
    const { code } = await workshop.interrupt([process.execPath, ...words], /✓ rehearsal/)
    expect(code).not.toBe(0)
    expect(await leftOnDev()).toEqual([])
    expect(workshop.git('rev-parse', 'HEAD')).toBe(head)
  })

  test('a DEV that is down, on whose server everything is tried out', async () => {
    change(['nick     String?', 'nick     String?\n  city String?'])
    expect(await workshop.run('db', 'down', '--env', 'dev')).toMatchObject({ code: 0 })
    const output = await refused().finally(() => workshop.run('db', 'up'))
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
    const { code, output } = await workshop.run('release', ...words)
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(says) })
  })
})

// The last one, because PROD is another one then.
test('a deploy brings a release of all kinds to PROD, and nothing is lost', async () => {
  change(
    ['fullName String', 'wholeName String'],
    [/ {2}nick .*\n/, '  city String @unique\n'],
    ['page   String', 'page   String @unique'],
    ['note   String?', 'note   String'],
    ['  STAFF\n', '  STAFF\n  GUEST\n'],
  )
  await released(
    '--rename',
    'mentors.fullName=wholeName',
    '--drop',
    'mentors.nick',
    '--backfill',
    `mentors.city="wholeName" || ' town'`,
    '--backfill',
    "visits.note='-'",
  )
  const { code, output } = await workshop.run('migrate', 'deploy', '--env', 'prod')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('PROD kept 3 of 3 mentors, 20 of 20 recruits, 100,000 of 100,000 visits, 200,')
  expect(await workshop.sql('prod', 'SELECT id, nick FROM archive.mentors_nick ORDER BY id')).toEqual([
    { id: 1, nick: 'a' },
    { id: 2, nick: null },
    { id: 3, nick: 'c' },
  ])
  expect(await release()).toMatchObject({ code: 0, output: expect.stringContaining('there is nothing to release') })
  prodBefore = await prod()
})
