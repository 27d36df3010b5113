import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { courseEnd, laid } from '../../support/laid-steps.ts'
import { readSeedFlags } from '../../../workshop/seeding/seed-flags.ts'
import {
  column,
  databaseAt,
  finished,
  generate,
  interrupted,
  read,
  removeSeedBed,
  rows,
  seed,
  startSeedBed,
  workshopAt,
} from './seed-bed.ts'

beforeAll(startSeedBed)
afterAll(removeSeedBed)

describe('bad words', () => {
  test.each([
    [['--count', 'ten'], '--count ten is not a number of recruits.'],
    [['--count', '0'], '--count 0 is not a number of recruits.'],
    [['--count', '1.5'], '--count 1.5 is not a number of recruits.'],
    [['--count=-1'], '--count -1 is not a number of recruits.'],
    [['--count', '99999999'], '--count 99999999 is not a number of recruits.'],
    [['--cuont', '5'], 'The seed does not know what to do with these words.'],
    [['5'], 'The seed does not know what to do with these words.'],
  ])('%j are refused', (args, words) => {
    expect(() => readSeedFlags(args, 'npm run seed:c26')).toThrow(words)
  })

  test('stop the seed before it writes', async () => {
    const url = await databaseAt(17)
    const { code, output } = await seed(finished, url, 'c26', ['--cuont', '5'])
    expect(code).toBe(1)
    expect(output).toContain("why   Unknown option '--cuont'. A seed knows --count N and --random.")
    expect(output).toContain('next  npm run seed:c26 -- --env dev --count 20')
    expect(await column(url, 'count(*)::int')).toEqual([0])
  })
})

describe('what a learner can mend is told with what, why and next', () => {
  test('the portal before its tables are there, and of a size that it cannot have', async () => {
    finished.write('seeds/portal.ts', laid(courseEnd + 1)['seeds/portal.ts']!)
    const url = await databaseAt(17)
    const early = await seed(finished, url, 'portal', ['--scale', '0.0002'])
    expect(early).toMatchObject({ code: 1, output: expect.stringContaining('✗ DEV has no table attendances, ') })
    expect(early.output).toMatch(/migrate -- deploy --env dev\n +npm run seed:portal -- --env dev --scale 0\.0002/)
    const large = await seed(finished, url, 'portal', ['--scale', '7'])
    expect(large).toMatchObject({ code: 1, output: expect.stringContaining('--scale 7 is no size of a portal') })
    const none = await seed(finished, '', 'portal')
    expect(none.output).toContain('✗ There is no DATABASE_URL')
  })

  test.each(['5', '1000'])("a column that was renamed in the table: Prisma's own words (--count %s)", async (count) => {
    const url = await databaseAt(17)
    await rows(url, 'ALTER TABLE recruits RENAME COLUMN rocketchat_user TO chatname')
    const { code, output } = await seed(finished, url, 'c26', ['--count', count])
    expect(code).toBe(1)
    expect(output).toContain('✗ P2022  The column `recruits.rocketchat_user` does not exist in the current database.')
    expect(output).toContain('next  npm run psql -- --env dev -c "\\d recruits"')
  })

  test('a column whose migration is pending on that database: deploy comes next, and then the seed', async () => {
    const url = await databaseAt(12)
    await rows(url, 'ALTER TABLE recruits RENAME COLUMN rocketchat_user TO chatname')
    await rows(
      url,
      'CREATE TABLE _prisma_migrations (migration_name text, finished_at timestamptz, rolled_back_at timestamptz)',
    )
    const names = readdirSync(finished.file('prisma/migrations')).filter((name) => /^\d/.test(name))
    const [pending, ...applied] = names.toSorted().toReversed()
    for (const name of applied) await rows(url, `INSERT INTO _prisma_migrations VALUES ('${name}', now())`)
    const env = { WORKSHOP_ENV: 'prod' }
    const { output } = await seed(finished, url, 'c26', [], env)
    expect(output).toContain(`migration ${pending} is not applied there yet.`)
    expect(output).toContain('next  npm run migrate -- deploy --env prod\n        npm run seed:c26 -- --env prod\n')

    await rows(url, `INSERT INTO _prisma_migrations VALUES ('${pending}', now())`)
    expect((await seed(finished, url, 'c26', [], env)).output).toContain('next  npm run psql -- --env prod')
  })

  test('a table that is not there', async () => {
    const { code, output } = await seed(finished, await databaseAt(-1), 'c26', [], { WORKSHOP_ENV: 'prod' })
    expect(code).toBe(1)
    expect(output).toContain('✗ P2021  The table `public.recruits` does not exist in the current database.')
    expect(output).toContain('next  npm run migrate -- deploy --env prod')
  })

  test.each(['5', '1000'])('a required column that the model does not know (--count %s)', async (count) => {
    const url = await databaseAt(17)
    await rows(url, 'ALTER TABLE recruits ADD COLUMN mentor text NOT NULL')
    const { code, output } = await seed(finished, url, 'c26', ['--count', count])
    expect(code).toBe(1)
    expect(output).toContain('null value in column "mentor" of relation "recruits" violates not-null constraint')
    expect(output).toContain('Perhaps your model does not know the column.')
  })

  test.each(['5', '1000'])('a full disk (--count %s)', async (count) => {
    const url = await databaseAt(17)
    await rows(url, diskFull)
    const { code, output } = await seed(finished, url, 'c26', ['--count', count])
    expect(code).toBe(1)
    expect(output).toContain('could not extend file: No space left on device')
    expect(output).toContain('The disk that holds DEV is full.')
  })

  test('a value that somebody else has', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    await rows(url, `UPDATE recruits SET github_name = github_name || '-renamed'`)
    const { code, output } = await seed(finished, url, 'c26')
    expect(code).toBe(1)
    expect(output).toContain('✗ P2002  Unique constraint failed')
  })

  test('a server that is not there', async () => {
    const { code, output } = await seed(finished, 'postgresql://dev:secret@127.0.0.1:1/dev', 'c26')
    expect(code).toBe(1)
    expect(output).toContain("✗ P1001  Can't reach database server at 127.0.0.1:1")
    expect(output).toContain('next  npm run db -- up')
    expect(output).not.toContain('secret')
  })

  test('a server that goes away in the middle', async () => {
    const url = await databaseAt(17)
    const { code, output } = await interrupted(url, 'server', ['--count', '100000'])
    expect(code).toBe(1)
    expect(output).toContain('or it went away. What was added before is kept.')
    const there = (await column(url, 'count(*)::int'))[0] as number
    expect(there).toBeGreaterThanOrEqual(10_000)
    expect(there % 5_000).toBe(0)
  })

  test('no DATABASE_URL', async () => {
    const { code, output } = await seed(finished, '', 'c26')
    expect(code).toBe(1)
    expect(output).toContain('There is no DATABASE_URL')
  })

  test('no model Recruit', async () => {
    const workshop = await workshopAt(17)
    const schema = read(workshop, 'prisma/schema.prisma')
    workshop.write('prisma/schema.prisma', schema.slice(0, schema.indexOf('model Recruit')))
    await generate(workshop)
    const { code, output } = await seed(workshop, await databaseAt(17), 'c26')
    expect(code).toBe(1)
    expect(output).toContain('✗ There is no model Recruit yet.')
  })

  test.each([
    ['5', 'Unknown argument `nickname`'],
    ['1000', 'The model Recruit has no field "nickname".'],
  ])('a value that the generated client does not know (--count %s)', async (count, words) => {
    const workshop = await workshopAt(17)
    workshop.write(
      'seeds/recruits.ts',
      read(workshop, 'seeds/recruits.ts').replace('cohort,\n', "cohort, nickname: 'x',\n"),
    )
    const { code, output } = await seed(workshop, await databaseAt(17), 'c26', ['--count', count])
    expect(code).toBe(1)
    expect(output).toContain(words)
    expect(output).toContain('npx prisma generate')
  })

  test('recruits that cannot be told apart', async () => {
    const workshop = await workshopAt(17)
    workshop.write('seeds/recruits.ts', read(workshop, 'seeds/recruits.ts').replace(' ${label}', ''))
    const { code, output } = await seed(workshop, await databaseAt(17), 'c26', ['--count', '50000'])
    expect(code).toBe(1)
    expect(output).toMatch(/✗ Two recruits have the githubName "[a-z-]+"\./)
  })
})

/** The same code and message as from a disk that is full, without filling one. */
const diskFull = `
  CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
  CREATE TRIGGER full_disk BEFORE INSERT ON recruits FOR EACH ROW EXECUTE FUNCTION full_disk()`
