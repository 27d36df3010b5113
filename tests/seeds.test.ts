import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as pty from '@lydell/node-pty'
import pg from 'pg'
import { readSeedFlags } from '../workshop/course/seeding-flags.ts'
import { node, prisma } from '../workshop/world/processes.ts'
import { scratchServer, type ScratchServer } from './support/server.ts'
import { scratchWorkshop, type Ran, type Workshop } from './support/workshop.ts'

let server: ScratchServer
let finished: Workshop
const workshops: Workshop[] = []

beforeAll(async () => {
  server = await scratchServer()
  finished = await workshopAt(17)
})

afterAll(async () => {
  for (const workshop of workshops) await workshop.remove()
  await server.stop()
})

describe('a seed without flags', () => {
  test('adds five recruits, one line each, and then says how many there are', async () => {
    const url = await databaseAt(17)
    const { code, output } = await seed(finished, url, 'c26')
    expect(code).toBe(0)
    const names = await column(url, 'github_name')
    expect(output.trimEnd().split('\n')).toEqual([
      ...names.map((name) => `DEV   + ${name}`),
      'DEV   5 recruits added. 5 in C26 Data Eng.',
    ])
  })

  test('run again, says that they are there and adds none', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    const { code, output } = await seed(finished, url, 'c26')
    expect(code).toBe(0)
    expect(output).toBe('DEV   5 recruits there already, none added. 5 in C26 Data Eng.\n')
  })

  test('gives each cohort recruits of its own', async () => {
    const url = await databaseAt(17)
    for (const name of ['c25', 'c26', 'c27', 'c28']) expect((await seed(finished, url, name)).code).toBe(0)
    const cohorts = await rows(url, 'SELECT cohort, count(*)::int FROM recruits GROUP BY 1 ORDER BY 1')
    expect(cohorts).toEqual([25, 26, 27, 28].map((n) => ({ cohort: `C${n} Data Eng`, count: 5 })))
  })

  test('says PROD when the environment is prod', async () => {
    const url = await databaseAt(17)
    const { output } = await seed(finished, url, 'c26', [], { WORKSHOP_ENV: 'prod' })
    expect(output).toContain('PROD  5 recruits added. 5 in C26 Data Eng.')
  })
})

describe('--count', () => {
  test('changes nobody: recruit n is the same in a run of 3, of 999 and of 1,000', async () => {
    const [three, few, many] = [await databaseAt(17), await databaseAt(17), await databaseAt(17)]
    await seed(finished, three, 'c26', ['--count', '3'])
    await seed(finished, few, 'c26', ['--count', '999'])
    await seed(finished, many, 'c26', ['--count', '1000'])
    const everything = 'SELECT * FROM recruits ORDER BY id'
    expect((await rows(few, everything)).slice(0, 3)).toEqual(await rows(three, everything))
    expect((await rows(many, everything)).slice(0, 999)).toEqual(await rows(few, everything))
  })

  test('adds only the recruits that are missing', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    expect((await seed(finished, url, 'c26', ['--count', '7'])).output).toContain('2 recruits added, 5 there already')
    const { output } = await seed(finished, url, 'c26', ['--count', '6000'])
    expect(output).toContain('5,993 recruits added, 7 there already')
    expect(await column(url, 'count(DISTINCT personal_email_address)::int')).toEqual([6000])
  })

  test('from 1,000 on prints a line now and then with rows per second, not one for each recruit', async () => {
    const url = await databaseAt(17)
    const { output } = await seed(finished, url, 'c26', ['--count', '10000'])
    const lines = output.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^DEV {3}5,000 of 10,000 {2}[\d,]+ rows\/s$/)
    expect(lines[2]).toMatch(/^DEV {3}10,000 recruits added, [\d,]+ rows\/s\. 10,000 in C26 Data Eng\.$/)
  })

  test('draws a bar in a terminal', async () => {
    const url = await databaseAt(17)
    const [program, ...args] = [...node, 'seeds/c26.ts', '--count', '20000']
    const terminal = pty.spawn(program!, args, { cwd: finished.folder, cols: 120, env: environment(url) })
    let output = ''
    terminal.onData((data) => (output += data))
    await new Promise((resolve) => terminal.onExit(resolve))
    expect(output).toMatch(/█+.* of 20,000 {2}[\d,]+ rows\/s/)
    expect(output).toContain('20,000 recruits added')
  })
})

describe('--random', () => {
  test('adds new recruits each time', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    await seed(finished, url, 'c26', ['--random'])
    expect((await seed(finished, url, 'c26', ['--random', '--count', '2'])).output).toContain(
      '2 recruits added. 12 in C26 Data Eng.',
    )
    expect(await column(url, 'count(DISTINCT personal_email_address)::int')).toEqual([12])
  })
})

describe('a million recruits', () => {
  test('have a million names and a million addresses', async () => {
    finished.write('seeds/million.ts', million)
    const { output } = await finished.exec([...node, 'seeds/million.ts'])
    expect(JSON.parse(output)).toEqual({ names: 1_000_000, addresses: 1_000_000 })
  })
})

const million = `
import { recruiter } from '../workshop/course/seeding-people.ts'
import { makeRecruit } from './recruits.ts'
const recruit = recruiter('c26', false, (person) => makeRecruit(person, 'C26 Data Eng'))
const names = new Set(), addresses = new Set()
for (let n = 1; n <= 1_000_000; n++) {
  const { githubName, personalEmailAddress } = recruit(n)
  names.add(githubName)
  addresses.add(personalEmailAddress)
}
console.log(JSON.stringify({ names: names.size, addresses: addresses.size }))
`

describe('a run that was cut off', () => {
  test('by Ctrl-C ends at the edge of a batch, says how many are in, and the same command adds the rest', async () => {
    const url = await databaseAt(17)
    const { code, output } = await interrupted(url, 'SIGINT', ['--count', '100000'])
    const there = (await column(url, 'count(*)::int'))[0] as number
    expect(there % 5_000).toBe(0)
    const words = `Stopped: ${there.toLocaleString('en-US')} of 100,000 are in. The same command adds the rest:
      npm run seed:c26 -- --env dev --count 100000`
    // On Windows a test can only end a process, not interrupt it.
    const expected = process.platform === 'win32' ? {} : { code: 130, output: expect.stringContaining(words) }
    expect({ code, output }).toMatchObject(expected)
    expect((await seed(finished, url, 'c26', ['--count', '100000'])).code).toBe(0)
    expect(await column(url, 'count(DISTINCT github_name)::int')).toEqual([100_000])
    expect(await column(url, 'count(*)::int')).toEqual([100_000])
  })

  test('by the end of its process is repeated the same way', async () => {
    const url = await databaseAt(17)
    await interrupted(url, 'SIGKILL', ['--count', '50000'])
    const { code, output } = await seed(finished, url, 'c26', ['--count', '50000'])
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('50,000 in C26 Data Eng.') })
  })
})

describe('two seeds at once', () => {
  test('neither fail nor add anyone twice, without a unique column too', async () => {
    const workshop = await workshopAt(3)
    const url = await databaseAt(3)
    for (const count of ['50', '8000']) {
      const both = await Promise.all([1, 2].map(() => seed(workshop, url, 'c25', ['--count', count])))
      expect(both.map(({ code }) => code)).toEqual([0, 0])
      expect(await column(url, 'count(*)::int')).toEqual([Number(count)])
      expect(await column(url, 'count(DISTINCT github_name)::int')).toEqual([Number(count)])
    }
  })
})

describe('at every step', () => {
  test.each([3, 4, 6, 9, 12, 16])(
    'the seeds of step %i fit its table, their types and both ways of adding',
    async (step) => {
      const workshop = await workshopAt(step)
      const url = await databaseAt(step)
      const names = readdirSync(workshop.file('seeds')).flatMap((file) => /^c\d+(?=\.ts$)/.exec(file) ?? [])
      for (const name of names) expect(await seed(workshop, url, name)).toMatchObject({ code: 0 })
      const newest = names.sort().at(-1)!
      expect(await seed(workshop, url, newest, ['--count', '1000'])).toMatchObject({ code: 0 })
      expect(await column(url, 'count(*)::int')).toEqual([names.length * 5 + 995])
      expect(await typeErrors(workshop)).toEqual('')
    },
  )

  test('a recruit that does not fit the model is a type error that names the field', async () => {
    const workshop = await workshopAt(17)
    workshop.write('seeds/recruits.ts', read(workshop, 'seeds/recruits.ts').replace('rocketchatUser:', 'chatname:'))
    expect(await typeErrors(workshop)).toContain("'chatname' does not exist in type 'RecruitCreateManyInput'")
  })
})

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
  test.each(['5', '1000'])("a column that was renamed in the table: Prisma's own words (--count %s)", async (count) => {
    const url = await databaseAt(17)
    await rows(url, 'ALTER TABLE recruits RENAME COLUMN rocketchat_user TO chatname')
    const { code, output } = await seed(finished, url, 'c26', ['--count', count])
    expect(code).toBe(1)
    expect(output).toContain('✗ P2022  The column `recruits.rocketchat_user` does not exist in the current database.')
    expect(output).toContain('next  npm run psql -- --env dev -c "\\d recruits"')
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
    expect(await seed(finished, url, 'c26', ['--count', '100000'])).toMatchObject({ code: 0 })
    expect(await column(url, 'count(*)::int')).toEqual([100_000])
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

async function workshopAt(step: number): Promise<Workshop> {
  const workshop = scratchWorkshop({ ports: false })
  workshops.push(workshop)
  workshop.layStep(step)
  await generate(workshop)
  return workshop
}

async function generate(workshop: Workshop): Promise<void> {
  // To generate a client, Prisma wants an engine to be there, and never starts it.
  const { code, output } = await workshop.exec([...prisma, 'generate'], {
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  })
  expect({ code, output }).toMatchObject({ code: 0 })
}

/** A database of its own, with the migrations that there are at the end of a step; none for -1. */
async function databaseAt(step: number): Promise<string> {
  const name = `seeds_${databases++}`
  await rows(server.adminUrl, `CREATE DATABASE ${name}`)
  const migrations = finished.file('prisma/migrations')
  const applied = { 3: 1, 4: 2, 6: 4, 9: 5, 12: 6, 16: 7, 17: 7 }[step] ?? 0
  const names = readdirSync(migrations).filter((entry) => /^\d/.test(entry))
  for (const migration of names.sort().slice(0, applied)) {
    await rows(server.url(name), readFileSync(join(migrations, migration, 'migration.sql'), 'utf8'))
  }
  return server.url(name, 'postgres', 'admin')
}
let databases = 0

function seed(
  workshop: Workshop,
  url: string,
  name: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return workshop.exec([...node, `seeds/${name}.ts`, ...args], { env: { DATABASE_URL: url, ...env } })
}

/** Starts a seed and ends it, or its connection, as soon as it has said that the first batch is in. */
async function interrupted(url: string, by: 'SIGINT' | 'SIGKILL' | 'server', args: string[]): Promise<Ran> {
  const [program, ...rest] = [...node, 'seeds/c26.ts', ...args]
  const child = spawn(program!, rest, { cwd: finished.folder, env: environment(url), stdio: 'pipe' })
  let output = ''
  child.stderr.on('data', (chunk) => (output += chunk))
  child.stdout.on('data', (chunk) => (output += chunk))
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  if (by === 'server') {
    await rows(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
  } else {
    child.kill(by)
  }
  const [code] = await closed
  return { code, output }
}

function environment(url: string): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(WORKSHOP_|CI$)/.test(name),
  )
  return { ...(Object.fromEntries(own) as Record<string, string>), DATABASE_URL: url, NO_COLOR: '1' }
}

async function typeErrors(workshop: Workshop): Promise<string> {
  workshop.write('tsconfig.seeds.json', JSON.stringify({ extends: './tsconfig.json', include: ['seeds'] }))
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc')
  return (await workshop.exec([process.execPath, tsc, '--noEmit', '-p', 'tsconfig.seeds.json'])).output
}

function read(workshop: Workshop, path: string): string {
  return readFileSync(workshop.file(path), 'utf8')
}

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function column(url: string, expression: string): Promise<unknown[]> {
  const order = expression.startsWith('count(') ? '' : 'ORDER BY id'
  return (await rows(url, `SELECT ${expression} AS value FROM recruits ${order}`)).map((row) => row['value'])
}
